package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// Reads challenges. The grammar needs one look ahead: after a comma, `name =` goes on with the
/// same challenge and `name` without an equals sign starts the next. Not thread-safe; for one use.
final class ChallengeParser {
  private static final int MAX_LENGTH = 16 * 1024;

  private final String text;
  private int position;

  ChallengeParser(String text) {
    this.text = text;
  }

  List<Challenge> challenges() throws MalformedException {
    if (text.length() > MAX_LENGTH) {
      throw malformed("is longer than " + MAX_LENGTH + " characters");
    }
    var challenges = new ArrayList<Challenge>();
    skipCommas();
    while (!atEnd()) {
      challenges.add(challenge());
      skipCommas();
    }
    return List.copyOf(challenges);
  }

  private Challenge challenge() throws MalformedException {
    var scheme = token();
    if (!atEnd() && peek() != ' ' && peek() != ',') {
      throw malformed("has something else than a space after a scheme");
    }
    skipSpaces();
    var parameters = new LinkedHashMap<String, String>();
    if (isToken68Ahead()) {
      skipToken68();
      return new Challenge(scheme, parameters);
    }
    while (isParameterAhead()) {
      var name = token().toLowerCase(Locale.ROOT);
      skipSpaces();
      position++;
      skipSpaces();
      var value = !atEnd() && peek() == '"' ? quoted() : unquoted();
      if (parameters.put(name, value) != null) {
        throw malformed("repeats a parameter");
      }
      skipSpaces();
      if (!atEnd() && peek() != ',') {
        throw malformed("has no comma after a parameter");
      }
      skipCommas();
    }
    return new Challenge(scheme, parameters);
  }

  private boolean isParameterAhead() {
    int end = endOfToken(position);
    int equals = endOfSpaces(end);
    return end > position && equals < text.length() && text.charAt(equals) == '=';
  }

  /// `Negotiate YII=`: one opaque value instead of parameters; its end is the end or a comma.
  private boolean isToken68Ahead() {
    int end = endOfToken68(position);
    int next = endOfSpaces(end);
    return end > position && (next == text.length() || text.charAt(next) == ',');
  }

  private void skipToken68() {
    position = endOfToken68(position);
  }

  private int endOfToken68(int from) {
    int end = from;
    while (end < text.length()
        && (Challenge.isTokenCharacter(text.charAt(end)) || text.charAt(end) == '/')) {
      end++;
    }
    while (end > from && end < text.length() && text.charAt(end) == '=') {
      end++;
    }
    return end;
  }

  private String token() throws MalformedException {
    int end = endOfToken(position);
    if (end == position) {
      throw malformed("lacks a token");
    }
    var token = text.substring(position, end);
    position = end;
    return token;
  }

  /// More than the grammar's token: servers write URLs without quotes.
  private String unquoted() throws MalformedException {
    int start = position;
    while (!atEnd() && " \t,\"".indexOf(peek()) < 0) {
      if (peek() < 0x20) {
        throw malformed("has a control character");
      }
      position++;
    }
    if (start == position) {
      throw malformed("has a parameter without value");
    }
    return text.substring(start, position);
  }

  private String quoted() throws MalformedException {
    var value = new StringBuilder();
    for (position++; !atEnd(); position++) {
      char c = peek();
      if (c == '"') {
        position++;
        return value.toString();
      }
      if (c == '\\') {
        position++;
        if (atEnd()) {
          break;
        }
        c = peek();
      }
      if (c < 0x20 && c != '\t') {
        throw malformed("has a control character");
      }
      value.append(c);
    }
    throw malformed("has a string without end");
  }

  private int endOfToken(int from) {
    int end = from;
    while (end < text.length() && Challenge.isTokenCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int endOfSpaces(int from) {
    int end = from;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return end;
  }

  private void skipSpaces() {
    position = endOfSpaces(position);
  }

  private void skipCommas() {
    skipSpaces();
    while (!atEnd() && peek() == ',') {
      position++;
      skipSpaces();
    }
  }

  private boolean atEnd() {
    return position >= text.length();
  }

  private char peek() {
    return text.charAt(position);
  }

  private static MalformedException malformed(String what) {
    return new MalformedException("WWW-Authenticate " + what);
  }
}
