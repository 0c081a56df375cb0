package dev.lanyard.protocol.json;

/// A value inside a [JsonObject] that holds no others: a text, a number, `true`, `false`, `null`,
/// or an object or array with nothing in it.
///
/// @param pointer where it is, as a JSON Pointer from the object's root
/// @param text a string as it is, anything else as JSON text
/// @param isString whether the value is a string
/// @spec https://www.rfc-editor.org/rfc/rfc6901.html RFC 6901
public record JsonLeaf(String pointer, String text, boolean isString) {
  /// @param value neither an object nor an array, or an empty one
  static JsonLeaf of(String pointer, Object value) {
    return value instanceof String text
        ? new JsonLeaf(pointer, text, true)
        : new JsonLeaf(pointer, Writer.text(value), false);
  }
}
