package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.server.yaml.YamlMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the types of authorization details that a resource has, and what of them is given.
///
/// ```yaml
/// authorization_details:
///   ticket_access:
///     actions: [read, comment, close]
///     projects: any
/// ```
public final class DetailTypes {
  private static final String KEY = "authorization_details";
  private static final String ANY = "any";

  private DetailTypes() {}

  /// The types of a connector or resource, by name.
  public static Map<String, AuthorizationDetailType> read(YamlMap map) {
    var types = new LinkedHashMap<String, AuthorizationDetailType>();
    map.optionalMap(KEY)
        .ifPresent(section -> {
          for (var name : section.keys()) {
            section
                .attemptKey(name, key -> new AuthorizationDetailType(key, fields(section, key)))
                .ifPresent(type -> types.put(name, type));
          }
        });
    return Collections.unmodifiableMap(types);
  }

  private static Map<String, Set<String>> fields(YamlMap section, String type) {
    return below(section, type).map(DetailTypes::fields).orElseGet(Map::of);
  }

  /// What is written below a type; empty if nothing is.
  private static Optional<YamlMap> below(YamlMap section, String type) {
    return section.has(type) && section.isEmpty(type)
        ? Optional.empty()
        : section.optionalMap(type);
  }

  private static Map<String, Set<String>> fields(YamlMap map) {
    var fields = new LinkedHashMap<String, Set<String>>();
    for (var field : map.keys()) {
      var values = Set.copyOf(map.attempts(field, Texts::nonBlank));
      if (AuthorizationDetailType.COMMON.contains(field)) {
        map.fault(field, "'" + field + "' is there in every type; it is not declared");
      } else if (values.isEmpty()) {
        map.fault(field, "'" + field + "' allows nothing; list its values, or write any");
      } else {
        fields.put(field, values.equals(Set.of(ANY)) ? Set.of() : values);
      }
    }
    return fields;
  }

  /// What a role or an exception gives at a connector: the types, each with the values that it
  /// allows of a field; a field that is not named is as the connector declares it.
  static Map<String, Map<String, Set<String>>> given(
      YamlMap map, String connector, Map<String, AuthorizationDetailType> declared) {
    var given = new LinkedHashMap<String, Map<String, Set<String>>>();
    map.optionalMap(KEY)
        .ifPresent(section -> {
          for (var name : section.keys()) {
            var type = declared.get(name);
            if (type == null) {
              var _ = below(section, name).map(YamlMap::keys);
              section.fault(
                  name,
                  "connector '%s' has no authorization details '%s'; %s"
                      .formatted(connector, name, Suggestion.of(name, declared.keySet())));
            } else {
              given.put(name, limits(section, type));
            }
          }
        });
    return given;
  }

  private static Map<String, Set<String>> limits(YamlMap section, AuthorizationDetailType type) {
    var map = below(section, type.name());
    if (map.isEmpty()) {
      return Map.of();
    }
    var limits = fields(map.get());
    limits.forEach((field, values) -> {
      var known = type.fields().get(field);
      if (known == null) {
        map.get()
            .fault(
                field,
                "'%s' has no field '%s'; %s"
                    .formatted(type.name(), field, Suggestion.of(field, type.fields().keySet())));
      } else if (!known.isEmpty() && !known.containsAll(values)) {
        map.get().fault(field, "'" + field + "' may be " + known.stream().sorted().toList());
      }
    });
    limits.values().removeIf(Set::isEmpty);
    return limits;
  }
}
