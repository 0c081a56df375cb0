package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.MalformedException;
import java.util.BitSet;

/// Follows a JSON text byte by byte and keeps nothing of it but how deep it is: for texts of any
/// size. What RFC 8259 does not allow is refused, also where lenient readers would guess: a byte
/// order mark, comments, quotes of another kind, bytes that are not UTF-8. Not thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8259.html RFC 8259
final class JsonGrammar {
  /// As deep as anything that is looked into may be, and much deeper than results are.
  private static final int DEEPEST = 500;

  private enum State {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    NEXT,
    STRING,
    ESCAPE,
    HEX,
    UTF8,
    LITERAL,
    MINUS,
    ZERO,
    WHOLE,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
    OVER
  }

  /// What a byte is.
  enum Token {
    /// The first byte of a member's name: its quotation mark.
    NAME,
    /// The first byte of a value.
    VALUE,
    /// A bracket or brace that closes the value that it began in.
    CLOSED,
    /// A part of what has begun, or what stands between.
    PART
  }

  private State state = State.VALUE;
  private final BitSet objects = new BitSet();
  private int depth;
  private boolean inName;
  private int left;
  private String literal = "";
  private int lowest;
  private int highest;

  /// How many objects and arrays are open.
  int depth() {
    return depth;
  }

  /// Whether a name or a value that holds nothing else is being read: it ends where this turns
  /// false, and a number one byte before.
  boolean isWithin() {
    return switch (state) {
      case VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, NEXT, OVER -> false;
      default -> true;
    };
  }

  /// Whether the text is complete: nothing but white space may follow.
  boolean isComplete() {
    return state == State.OVER;
  }

  /// @throws MalformedException if no JSON text goes on so
  Token take(byte one) throws MalformedException {
    return switch (state) {
      case STRING -> string(one);
      case ESCAPE -> escape(one);
      case HEX -> hex(one);
      case UTF8 -> continued(one);
      case LITERAL -> literal(one);
      case MINUS -> whole(one);
      case POINT -> digits(one, State.FRACTION);
      case EXPONENT ->
          one == '+' || one == '-' ? part(State.EXPONENT_SIGN) : digits(one, State.EXPONENT_DIGITS);
      case EXPONENT_SIGN -> digits(one, State.EXPONENT_DIGITS);
      case ZERO, WHOLE, FRACTION, EXPONENT_DIGITS -> number(one);
      default -> between(one);
    };
  }

  private Token part(State next) {
    state = next;
    return Token.PART;
  }

  private static MalformedException malformed() {
    return new MalformedException("not well-formed JSON");
  }

  private Token between(byte one) throws MalformedException {
    if (one == ' ' || one == '\t' || one == '\r' || one == '\n') {
      return Token.PART;
    }
    return switch (state) {
      case VALUE -> value(one);
      case VALUE_OR_END -> one == ']' ? closed(one) : value(one);
      case NAME -> name(one);
      case NAME_OR_END -> one == '}' ? closed(one) : name(one);
      case COLON -> {
        if (one != ':') {
          throw malformed();
        }
        yield part(State.VALUE);
      }
      case NEXT -> one == ',' ? part(objects.get(depth) ? State.NAME : State.VALUE) : closed(one);
      default -> throw new MalformedException("text follows the JSON text");
    };
  }

  private Token name(byte one) throws MalformedException {
    if (one != '"') {
      throw malformed();
    }
    inName = true;
    state = State.STRING;
    return Token.NAME;
  }

  private Token value(byte one) throws MalformedException {
    switch (one) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> state = State.STRING;
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      case '-' -> state = State.MINUS;
      default -> {
        var _ = whole(one);
      }
    }
    return Token.VALUE;
  }

  private void open(boolean object) throws MalformedException {
    if (depth == DEEPEST) {
      throw new MalformedException("nested deeper than " + DEEPEST + " levels");
    }
    objects.set(++depth, object);
    state = object ? State.NAME_OR_END : State.VALUE_OR_END;
  }

  private Token closed(byte one) throws MalformedException {
    if (one != (objects.get(depth) ? '}' : ']')) {
      throw malformed();
    }
    depth--;
    ended();
    return Token.CLOSED;
  }

  private void ended() {
    state = depth == 0 ? State.OVER : State.NEXT;
  }

  private void word(String text) {
    literal = text;
    left = 1;
    state = State.LITERAL;
  }

  private Token literal(byte one) throws MalformedException {
    if (one != literal.charAt(left)) {
      throw malformed();
    }
    if (++left == literal.length()) {
      ended();
    }
    return Token.PART;
  }

  private Token whole(byte one) throws MalformedException {
    return one == '0' ? part(State.ZERO) : digits(one, State.WHOLE);
  }

  private Token digits(byte one, State next) throws MalformedException {
    if (one < '0' || one > '9') {
      throw malformed();
    }
    return part(next);
  }

  private Token number(byte one) throws MalformedException {
    if (one >= '0' && one <= '9' && state != State.ZERO) {
      return Token.PART;
    }
    if (one == '.' && (state == State.ZERO || state == State.WHOLE)) {
      return part(State.POINT);
    }
    if ((one == 'e' || one == 'E') && state != State.EXPONENT_DIGITS) {
      return part(State.EXPONENT);
    }
    ended();
    return between(one);
  }

  private Token string(byte one) throws MalformedException {
    if (one == '"') {
      if (inName) {
        inName = false;
        state = State.COLON;
      } else {
        ended();
      }
    } else if (one == '\\') {
      state = State.ESCAPE;
    } else if (one < 0) {
      lead(one & 0xFF);
    } else if (one < ' ') {
      throw malformed();
    }
    return Token.PART;
  }

  private Token escape(byte one) throws MalformedException {
    if (one == 'u') {
      left = 4;
      return part(State.HEX);
    }
    if ("\"\\/bfnrt".indexOf(one) < 0) {
      throw malformed();
    }
    return part(State.STRING);
  }

  private Token hex(byte one) throws MalformedException {
    if (Character.digit(one, 16) < 0) {
      throw malformed();
    }
    return part(--left == 0 ? State.STRING : State.HEX);
  }

  /// RFC 3629 §4: neither overlong, nor a surrogate, nor beyond U+10FFFF.
  private void lead(int one) throws MalformedException {
    lowest = 0x80;
    highest = 0xBF;
    if (one >= 0xC2 && one <= 0xDF) {
      left = 1;
    } else if (one >= 0xE0 && one <= 0xEF) {
      left = 2;
      lowest = one == 0xE0 ? 0xA0 : 0x80;
      highest = one == 0xED ? 0x9F : 0xBF;
    } else if (one >= 0xF0 && one <= 0xF4) {
      left = 3;
      lowest = one == 0xF0 ? 0x90 : 0x80;
      highest = one == 0xF4 ? 0x8F : 0xBF;
    } else {
      throw new MalformedException("not UTF-8 text");
    }
    state = State.UTF8;
  }

  private Token continued(byte one) throws MalformedException {
    int value = one & 0xFF;
    if (value < lowest || value > highest) {
      throw new MalformedException("not UTF-8 text");
    }
    lowest = 0x80;
    highest = 0xBF;
    return part(--left == 0 ? State.STRING : State.UTF8);
  }
}
