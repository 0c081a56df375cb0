package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.YamlMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what is given by connector: `linear: [issues.read]`, or with conditions `linear: {scopes:
/// [issues.read], conditions: {…}}`.
final class GivenReader {
  private final Map<String, Scopes> connectors;
  private final Map<String, Map<String, AuthorizationDetailType>> details;
  private final ConditionReader conditions;

  /// @param connectors the connectors there are, with their scopes
  /// @param details the types of authorization details of each
  GivenReader(
      Map<String, Scopes> connectors,
      Map<String, Map<String, AuthorizationDetailType>> details,
      ConditionReader conditions) {
    this.connectors = connectors;
    this.details = details;
    this.conditions = conditions;
  }

  /// Conditions of a whole entry.
  List<Requirement> conditions(YamlMap map) {
    return conditions.conditions(map);
  }

  Map<String, Given> given(YamlMap map) {
    var given = new HashMap<String, Given>();
    for (var connector : map.keys()) {
      if (map.isMap(connector)) {
        map.optionalMap(connector)
            .ifPresent(entry -> {
              if (!entry.has("scopes")) {
                entry.fault(
                    "scopes", "'scopes' is missing; list the scopes that are given, or write []");
              }
              given.put(
                  connector,
                  new Given(
                      scopes(entry, "scopes", connector),
                      conditions.conditions(entry),
                      DetailTypes.given(
                          entry, connector, details.getOrDefault(connector, Map.of()))));
            });
      } else {
        given.put(connector, new Given(scopes(map, connector, connector), List.of()));
      }
    }
    return given;
  }

  /// The scopes at a key, which are of this connector.
  Scopes scopes(YamlMap map, String key, String connector) {
    var scopes = ConnectorReader.union(map.attempts(key, Scopes::of));
    var known = connectors.get(connector);
    if (known == null) {
      map.fault(
          key,
          "there is no connector '"
              + connector
              + "'; "
              + Suggestion.of(connector, connectors.keySet()));
    } else {
      check(map, key, connector, known, scopes);
    }
    return scopes;
  }

  private static void check(YamlMap map, String key, String connector, Scopes known, Scopes given) {
    if (given.isEmpty() && !known.isEmpty()) {
      map.fault(key, "no scope of '" + connector + "' is given; use some of: " + known);
    }
    for (var scope : given.values()) {
      if (!known.contains(scope)) {
        map.fault(
            key,
            "connector '"
                + connector
                + "' has no scope '"
                + scope
                + "'; "
                + Suggestion.of(scope, known.values()));
      }
    }
  }
}
