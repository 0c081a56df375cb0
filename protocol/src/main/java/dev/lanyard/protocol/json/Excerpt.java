package dev.lanyard.protocol.json;

/// The beginning of a text that is too long to be kept. It never ends within a character: JSON with
/// half of one is read by nobody here, so a record that holds it would be lost.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8259.html#section-8.2 RFC 8259 §8.2
public final class Excerpt {
  private Excerpt() {}

  /// @param most how many UTF-16 units of the text are kept
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean isHalved = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, isHalved ? most - 1 : most);
  }

  /// The same, with a sign at its end if something is missing.
  public static String marked(String text, int most) {
    return text.length() <= most ? text : of(text, most) + "…";
  }
}
