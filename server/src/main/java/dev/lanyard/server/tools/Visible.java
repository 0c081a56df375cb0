package dev.lanyard.server.tools;

/// Text of a stranger, made safe to be shown: what cannot be seen, or would steer a terminal, is
/// written as its code point.
public final class Visible {
  private Visible() {}

  /// The text on one line.
  public static String line(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            case '\r' -> out.append("\\r");
            default -> {
              if (isShown(point)) {
                out.appendCodePoint(point);
              } else {
                out.append("<U+%04X>".formatted(point));
              }
            }
          }
        });
    return out.toString();
  }

  /// Whether somebody who reads sees that it is there.
  static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ' || point == 0xA0;
      default -> !isBlankLetter(point) && !isVariationSelector(point);
    };
  }

  /// Letters and marks by their type, and nothing to see.
  private static boolean isBlankLetter(int point) {
    return point == 0x034F
        || point == 0x115F
        || point == 0x1160
        || point == 0x17B4
        || point == 0x17B5
        || point == 0x3164
        || point == 0xFFA0
        || point == 0x2800;
  }

  static boolean isVariationSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
  }
}
