package dev.lanyard.protocol.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.TreeMap;

/// Writes a value in the one form that RFC 8785 gives it: members sorted by UTF-16 code units, no
/// white space, numbers as ECMAScript writes them.
///
/// A whole number beyond 2^53, and any other that 64 bits do not hold, is no number of I-JSON, and
/// is written with all of its digits: two different ones stay different.
final class CanonicalWriter {
  /// Numbers below this are written without an exponent.
  private static final int MOST_DIGITS = 21;

  private static final int SMALLEST_EXPONENT = -6;

  private final StringBuilder out = new StringBuilder(512);

  private CanonicalWriter() {}

  static String text(JsonObject object) {
    var writer = new CanonicalWriter();
    writer.write(object);
    return writer.out.toString();
  }

  private void write(Object value) {
    switch (value) {
      case JsonObject object -> object(object);
      case List<?> list -> array(list);
      case String text -> string(text);
      case Double number -> out.append(number(number));
      case Long number -> out.append(number.longValue());
      case BigInteger number -> out.append(number);
      case BigDecimal number -> out.append(number.stripTrailingZeros());
      case Boolean bool -> out.append(bool.booleanValue());
      default -> out.append("null");
    }
  }

  private void object(JsonObject object) {
    char before = '{';
    for (var member : new TreeMap<>(object.members()).entrySet()) {
      out.append(before);
      string(member.getKey());
      out.append(':');
      write(member.getValue());
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private void array(List<?> list) {
    char before = '[';
    for (var element : list) {
      out.append(before);
      write(element);
      before = ',';
    }
    out.append(before == '[' ? "[]" : "]");
  }

  private void string(String text) {
    out.append('"');
    text.chars()
        .forEach(unit -> {
          switch (unit) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
              if (unit < ' ') {
                out.append("\\u%04x".formatted(unit));
              } else {
                out.append((char) unit);
              }
            }
          }
        });
    out.append('"');
  }

  /// `Number::toString` of ECMAScript.
  static String number(double number) {
    if (number == 0) {
      return "0";
    }
    var decimal = shortest(Math.abs(number));
    var digits = decimal.unscaledValue().toString();
    int point = digits.length() - decimal.scale();
    return (number < 0 ? "-" : "") + placed(digits, point);
  }

  /// Java writes two digits at least, and so may miss that one is enough.
  private static BigDecimal shortest(double number) {
    var decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    var single = decimal.round(new MathContext(1)).stripTrailingZeros();
    return decimal.precision() == 2 && single.doubleValue() == number ? single : decimal;
  }

  /// @param point how many of the digits are before the decimal point
  private static String placed(String digits, int point) {
    if (point > MOST_DIGITS || point <= SMALLEST_EXPONENT) {
      int exponent = point - 1;
      var fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }
    if (point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    return point >= digits.length()
        ? digits + "0".repeat(point - digits.length())
        : digits.substring(0, point) + "." + digits.substring(point);
  }
}
