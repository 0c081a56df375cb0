package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Single members of JSON objects: to be put over good ones, and read from answers of which nobody
/// knows what they hold.
public final class Members {
  private Members() {}

  public static JsonObject member(String name, String value) {
    return JsonObject.builder().put(name, value).build();
  }

  public static JsonObject member(String name, long value) {
    return JsonObject.builder().put(name, value).build();
  }

  public static JsonObject member(String name, List<?> values) {
    return JsonObject.builder().put(name, values).build();
  }

  public static JsonObject member(String name, JsonObject value) {
    return JsonObject.builder().put(name, value).build();
  }

  /// The values of a member that is text or a list of texts; none if it is something else.
  public static List<String> strings(JsonObject json, String name) {
    try {
      return json.stringOrStrings(name).orElse(List.of());
    } catch (MalformedException e) {
      return List.of();
    }
  }

  /// The scopes in a text, in no order.
  public static Set<String> scopes(String scope) {
    return scope.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(scope.split(" ")));
  }
}
