package dev.lanyard.protocol.json;

import java.util.ArrayList;
import java.util.List;

/// A value inside a [JsonObject] that holds no others: a text, a number, `true`, `false`, `null`,
/// or an object or array with nothing in it.
///
/// @param pointer where it is, as a JSON Pointer from the object's root
/// @param text a string as it is, anything else as JSON text
/// @param isString whether the value is a string
/// @spec https://www.rfc-editor.org/rfc/rfc6901.html RFC 6901
public record JsonLeaf(String pointer, String text, boolean isString) {

  static List<JsonLeaf> of(JsonObject object) {
    var leaves = new ArrayList<JsonLeaf>();
    collect("", object, leaves);
    return List.copyOf(leaves);
  }

  private static void collect(String pointer, Object value, List<JsonLeaf> leaves) {
    switch (value) {
      case JsonObject object when !object.isEmpty() ->
          object
              .members()
              .forEach((name, member) -> collect(pointer + "/" + escaped(name), member, leaves));
      case List<?> list when !list.isEmpty() -> {
        for (int i = 0; i < list.size(); i++) {
          collect(pointer + "/" + i, list.get(i), leaves);
        }
      }
      case String text -> leaves.add(new JsonLeaf(pointer, text, true));
      default -> leaves.add(new JsonLeaf(pointer, Writer.text(value), false));
    }
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
