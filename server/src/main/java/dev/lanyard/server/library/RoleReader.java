package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads the `roles:` of the role library.
final class RoleReader {
  private final Names names = new Names("role");
  private final Map<String, Scopes> connectors;
  private final List<Role> roles = new ArrayList<>();

  /// @param connectors the connectors there are, with their scopes
  RoleReader(Map<String, Scopes> connectors) {
    this.connectors = connectors;
  }

  void read(Path file, YamlMap top) {
    top.optionalMap("roles").ifPresent(section -> names.eachEntry(file, section, this::role));
  }

  List<Role> roles() {
    return roles;
  }

  private void role(String name, YamlMap map) {
    if (!map.has("groups")) {
      map.fault("groups", "'groups' is missing; list the groups whose members have this role");
    }
    if (!map.has("connectors")) {
      map.fault("connectors", "'connectors' is missing; name the connectors that the role gives");
    }
    var groups = nonEmpty(map, "groups", Function.identity());
    // An empty list would read as "no client" and mean "every client": it is to be left out
    // instead.
    var clients = nonEmpty(map, "clients", ClientId::new);
    var given = map.optionalMap("connectors").map(this::given);
    if (given.isPresent()) {
      roles.add(new Role(name, Set.copyOf(groups), Set.copyOf(clients), given.get()));
    }
  }

  private static <T> List<T> nonEmpty(YamlMap map, String key, Function<String, T> constructor) {
    var values = map.attempts(key, constructor);
    if (map.has(key) && map.texts(key).isEmpty()) {
      map.fault(key, "the list '" + key + "' is empty; name at least one, or remove the entry");
    }
    return values;
  }

  private Map<String, Scopes> given(YamlMap map) {
    var given = new HashMap<String, Scopes>();
    for (var connector : map.keys()) {
      var scopes = ConnectorReader.union(map.attempts(connector, Scopes::of));
      given.put(connector, scopes);
      Optional.ofNullable(connectors.get(connector))
          .ifPresentOrElse(
              known -> check(map, connector, known, scopes), () -> unknown(map, connector));
    }
    return Map.copyOf(given);
  }

  private void unknown(YamlMap map, String connector) {
    map.fault(
        connector,
        "there is no connector '"
            + connector
            + "'; "
            + Suggestion.of(connector, connectors.keySet()));
  }

  private static void check(YamlMap map, String connector, Scopes known, Scopes given) {
    if (given.isEmpty() && !known.isEmpty()) {
      map.fault(connector, "no scope of '" + connector + "' is given; use some of: " + known);
    }
    for (var scope : given.values()) {
      if (!known.contains(scope)) {
        map.fault(
            connector,
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
