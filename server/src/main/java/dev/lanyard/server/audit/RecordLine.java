package dev.lanyard.server.audit;

import dev.lanyard.server.database.RawRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// A record as one line of JSON without white space, in the only way in which it can be written:
/// the octets that are hashed. `docs/audit.md` describes it for others; it never changes, a new
/// form would get another `v`.
///
/// It is written from octets, without a text in between, because verification writes one for every
/// record that there is. The array is used again for the next line. Not thread-safe.
public final class RecordLine {
  /// A control character: in no JSON.
  private static final byte SUBSTITUTE = 0x1A;

  private static final byte[] BEGINNING = ascii("{\"v\":1,\"seq\":");
  private static final byte[] AT = ascii(",\"at\":");
  private static final byte[] EVIDENCE = ascii(",\"evidence\":");

  /// In the order of [StoredRecord#COLUMNS].
  private static final byte[][] MEMBERS = {
    member("type"),
    member("outcome"),
    member("correlation_id"),
    member("organisation"),
    member("person"),
    member("client")
  };

  private static final HexFormat HEX = HexFormat.of();

  private byte[] octets = new byte[1024];
  private int length;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] member(String name) {
    return ascii(",\"" + name + "\":\"");
  }

  /// The array that begins with the line; what follows is of earlier ones.
  public byte[] octets() {
    return octets;
  }

  public int length() {
    return length;
  }

  /// The line alone.
  public byte[] copy() {
    return Arrays.copyOf(octets, length);
  }

  /// Writes the line of a row of [StoredRecord#COLUMNS].
  public void write(RawRow row) {
    begin(row.number(0), row.number(1));
    for (int member = 0; member < MEMBERS.length; member++) {
      if (row.has(member)) {
        text(member, row.octets(member), row.from(member), row.length(member));
      }
    }
    int evidence = MEMBERS.length;
    end(row.octets(evidence), row.from(evidence), row.length(evidence));
  }

  void begin(long sequence, long at) {
    length = 0;
    put(BEGINNING);
    put(sequence);
    put(AT);
    put(at);
  }

  void text(int member, byte[] text, int from, int count) {
    put(MEMBERS[member]);
    int plain = from;
    for (int i = from; i < from + count; i++) {
      byte c = text[i];
      // Octets from 128 on are negative: parts of other characters, which stand for themselves.
      if (c == '"' || c == '\\' || (c >= 0 && c < ' ')) {
        put(text, plain, i - plain);
        put(ascii(escaped(c)));
        plain = i + 1;
      }
    }
    put(text, plain, from + count - plain);
    put((byte) '"');
  }

  /// As RFC 8785 §3.2.2.2 has it.
  private static String escaped(byte c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case '\f' -> "\\f";
      case '\r' -> "\\r";
      default -> "\\u" + HEX.toHexDigits((char) c);
    };
  }

  void end(byte[] evidence, int from, int count) {
    put(EVIDENCE);
    int start = length;
    put(evidence, from, count);
    // We write no line feed. One that somebody has put there must not make two lines of one, nor
    // stand for anything that we could have written.
    for (int i = start; i < length; i++) {
      if (octets[i] == '\n') {
        octets[i] = SUBSTITUTE;
      }
    }
    put((byte) '}');
  }

  /// In decimal.
  private void put(long number) {
    if (number < 0) {
      // Nobody numbers so, and the smallest number has no opposite.
      put(ascii(Long.toString(number)));
      return;
    }
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    reserve(digits);
    length += digits;
    int at = length;
    long rest = number;
    do {
      octets[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
  }

  private void put(byte octet) {
    reserve(1);
    octets[length++] = octet;
  }

  private void put(byte[] some) {
    put(some, 0, some.length);
  }

  private void put(byte[] some, int from, int count) {
    reserve(count);
    System.arraycopy(some, from, octets, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(length + more, 2 * octets.length));
    }
  }
}
