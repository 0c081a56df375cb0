package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A type of authorization details: which fields its objects may have, and which values those.
///
/// The field `locations` belongs to every type: it names the resources that an object is for, and
/// whoever knows the resources judges it. Immutable.
///
/// @param name the `type`
/// @param fields the values that each field may have, as a text or an array of texts; with an empty
///   set every JSON value is allowed
/// @spec https://www.rfc-editor.org/rfc/rfc9396.html#section-2.2 RFC 9396 §2.2
public record AuthorizationDetailType(String name, Map<String, Set<String>> fields) {
  /// The fields that are not declared because every object may have them.
  public static final Set<String> COMMON = Set.of("type", "locations");

  public AuthorizationDetailType {
    if (name.isEmpty() || name.length() > 256) {
      throw new IllegalArgumentException("a type of authorization details needs a short name");
    }
    var copy = new LinkedHashMap<String, Set<String>>();
    fields.forEach((field, values) -> copy.put(field, Set.copyOf(values)));
    fields = java.util.Collections.unmodifiableMap(copy);
  }

  /// Why an object is none of this type, for whoever wrote it; empty if it is one (RFC 9396 §5).
  public Optional<String> faultOf(JsonObject detail) {
    for (var field : detail.names()) {
      if (COMMON.contains(field)) {
        continue;
      }
      var allowed = fields.get(field);
      if (allowed == null) {
        return Optional.of("the type '" + name + "' has no field '" + field + "'");
      }
      if (!allowed.isEmpty() && !values(detail, field).filter(allowed::containsAll).isPresent()) {
        return Optional.of(
            "the field '" + field + "' of '" + name + "' has a value that it may not");
      }
    }
    return Optional.empty();
  }

  /// The values of a field; empty if they are no texts, or none.
  private static Optional<List<String>> values(JsonObject detail, String field) {
    try {
      return detail.stringOrStrings(field).filter(values -> !values.isEmpty());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// What limits leave of an object of this type: of an array the values that are allowed, and the
  /// limit itself in the place of a field that is absent, because an absent field allows
  /// everything.
  ///
  /// @param limits the values that a field may have; fields that are not in it are not limited
  /// @return empty if nothing is left of a field
  public static Optional<JsonObject> limited(JsonObject detail, Map<String, Set<String>> limits) {
    var narrowed = JsonObject.builder();
    for (var limit : limits.entrySet()) {
      var field = limit.getKey();
      if (limit.getValue().isEmpty()) {
        return Optional.empty();
      }
      if (!detail.has(field)) {
        narrowed.put(field, limit.getValue().stream().sorted().toList());
        continue;
      }
      var left =
          values(detail, field).orElse(List.of()).stream()
              .filter(limit.getValue()::contains)
              .toList();
      if (left.isEmpty()) {
        return Optional.empty();
      }
      if (isArray(detail, field)) {
        narrowed.put(field, left);
      }
    }
    return Optional.of(detail.with(narrowed.build()));
  }

  private static boolean isArray(JsonObject detail, String field) {
    try {
      return detail.string(field).isEmpty();
    } catch (MalformedException e) {
      return true;
    }
  }

  /// Whether one object asks for nothing that another does not give.
  public static boolean covers(JsonObject given, JsonObject asked) {
    for (var field : given.names()) {
      boolean within =
          given.text(field).equals(asked.text(field))
              || values(given, field)
                  .flatMap(all -> values(asked, field).map(all::containsAll))
                  .orElse(false);
      if (!within) {
        return false;
      }
    }
    return true;
  }
}
