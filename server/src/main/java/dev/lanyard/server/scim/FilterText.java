package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Flag;
import dev.lanyard.server.scim.Value.Text;
import java.math.BigDecimal;

/// The text of a filter, taken piece by piece. Not thread-safe.
final class FilterText {
  private final String text;
  private int at;

  FilterText(String text) {
    this.text = text;
  }

  boolean isAtEnd() {
    skipSpace();
    return at == text.length();
  }

  /// Takes the character if it is next.
  boolean take(char c) {
    // A part follows its value path at once.
    if (c != '.' && c != '[') {
      skipSpace();
    }
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  /// Takes the word if it is next, in whatever case.
  boolean takeWord(String word) {
    skipSpace();
    int end = at + word.length();
    boolean next =
        text.regionMatches(true, at, word, 0, word.length())
            && (end == text.length() || !isOfName(text.charAt(end)));
    at = next ? end : at;
    return next;
  }

  /// Takes `not (`.
  boolean takeNot() {
    int before = at;
    if (takeWord("not") && take('(')) {
      return true;
    }
    at = before;
    return false;
  }

  /// The name of an attribute, perhaps with a URN and a sub-attribute.
  String name() throws ScimRefusal {
    skipSpace();
    int start = at;
    while (at < text.length() && isOfName(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw ScimRefusal.invalidFilter("the name of an attribute is missing");
    }
    return text.substring(start, at);
  }

  String word() throws ScimRefusal {
    skipSpace();
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw ScimRefusal.invalidFilter("an operator is missing");
    }
    return text.substring(start, at);
  }

  /// @param tolerant whether a string may come without quotes (SCIM-6)
  Value literal(boolean tolerant) throws ScimRefusal {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      return new Text(quoted());
    }
    int start = at;
    while (at < text.length() && " )]".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    var word = text.substring(start, at);
    if (word.equals("true") || word.equals("false")) {
      return new Flag(word.equals("true"));
    }
    if (word.matches("-?\\d{1,18}(\\.\\d{1,18})?")) {
      return new Value.Number(new BigDecimal(word));
    }
    if (!tolerant || word.isEmpty()) {
      throw ScimRefusal.invalidFilter("a value is missing, or a string without quotes");
    }
    return new Text(word);
  }

  private String quoted() throws ScimRefusal {
    var value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      value.append(c == '\\' ? escaped() : c);
    }
    throw ScimRefusal.invalidFilter("a string is not closed");
  }

  private char escaped() throws ScimRefusal {
    if (at == text.length()) {
      throw ScimRefusal.invalidFilter("a string is not closed");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw ScimRefusal.invalidFilter("a string has an unknown escape");
    };
  }

  private char unicode() throws ScimRefusal {
    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
      throw ScimRefusal.invalidFilter("a string has an unknown escape");
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || "_-$:.".indexOf(c) >= 0;
  }
}
