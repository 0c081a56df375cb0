package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.RecordLine;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.RawRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Reads the records of many leaves in one go: in ranges of numbers, since leaves that are
/// neighbours have neighbouring numbers but for those that came late. Not thread-safe.
final class ChunkScan {
  /// Numbers that are further apart are read by themselves.
  private static final long FAR = 1_000;

  /// The numbers of the records, sorted, and for each the place of its leaf.
  private final long[] numbers;

  private final int[] places;

  /// @param sequences the numbers in the order of the leaves
  ChunkScan(List<Long> sequences) {
    places =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparing(sequences::get))
            .mapToInt(Integer::intValue)
            .toArray();
    numbers = Arrays.stream(places).mapToLong(sequences::get).toArray();
  }

  /// Takes one record.
  interface Reader {
    /// @param place of its leaf among those that are read
    /// @param line good until the next record
    void read(int place, RecordLine line);
  }

  /// Hands on every record that is there, in any order.
  ///
  /// @return how many
  long read(Database database, Connection connection, Reader reader) throws SQLException {
    long count = 0;
    for (int from = 0; from < numbers.length; ) {
      int last = from;
      while (last + 1 < numbers.length && isNear(numbers[last], numbers[last + 1])) {
        last++;
      }
      var cursor = new Cursor(reader, from);
      database.scan(
          connection,
          StoredRecord.between(numbers[from], numbers[last]),
          row -> cursor.take(row.number(0), row));
      count += cursor.count;
      from = last + 1;
    }
    return count;
  }

  private static boolean isNear(long one, long next) {
    // As the distance of any two numbers, whatever somebody has written into a tile.
    return Long.compareUnsigned(next - one, FAR) <= 0;
  }

  /// Rows come in the order of their numbers as a rule.
  private final class Cursor {
    private final RecordLine line = new RecordLine();
    private final Reader reader;
    private int expected;
    private long count;

    Cursor(Reader reader, int expected) {
      this.reader = reader;
      this.expected = expected;
    }

    void take(long number, RawRow row) {
      int at =
          expected < numbers.length && numbers[expected] == number
              ? expected
              : Arrays.binarySearch(numbers, number);
      if (at >= 0) {
        expected = at + 1;
        count++;
        line.write(row);
        reader.read(places[at], line);
      }
    }
  }
}
