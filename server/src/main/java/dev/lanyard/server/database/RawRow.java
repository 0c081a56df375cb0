package dev.lanyard.server.database;

/// A row as the database keeps it: texts are octets in UTF-8, which nobody has decoded. It is the
/// same object for every row and is only good until the next one. Not thread-safe.
public final class RawRow {
  private static final byte[] NOTHING = {};

  private final long[] numbers;
  private final byte[][] octets;
  private final int[] from;
  private final int[] length;

  RawRow(RawQuery query) {
    this.numbers = new long[query.numbers()];
    this.octets = new byte[query.texts()][];
    this.from = new int[query.texts()];
    this.length = new int[query.texts()];
  }

  /// @param at from 0, among the numbers
  public long number(int at) {
    return numbers[at];
  }

  /// Whether there is a text.
  ///
  /// @param at from 0, among the texts
  public boolean has(int at) {
    return length[at] >= 0;
  }

  /// The array in which a text is, [#length] octets from [#from] on.
  public byte[] octets(int at) {
    return octets[at];
  }

  public int from(int at) {
    return from[at];
  }

  public int length(int at) {
    return length[at];
  }

  int numbers() {
    return numbers.length;
  }

  int texts() {
    return octets.length;
  }

  void number(int at, long value) {
    numbers[at] = value;
  }

  void text(int at, byte[] in, int begin, int count) {
    octets[at] = in;
    from[at] = begin;
    length[at] = count;
  }

  void noText(int at) {
    text(at, NOTHING, 0, -1);
  }

  /// Takes what it is given.
  public interface Reader {
    void read(RawRow row);
  }
}
