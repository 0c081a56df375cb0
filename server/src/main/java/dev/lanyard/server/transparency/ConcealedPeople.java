package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.server.audit.PersonalData;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// About whom something is concealed, and whether it can still be read: only an erasure that is on
/// the record may have taken the key.
///
/// Of each person the first and the last record are tried, which tells of a key that is gone and of
/// one that was made anew. Thread-safe.
final class ConcealedPeople {
  private static final byte[] PERSON = ",\"person\":\"".getBytes(US_ASCII);
  private static final byte[] CONCEALED =
      ("\"" + PersonalData.CONCEALED + "\":\"").getBytes(US_ASCII);
  private static final byte[] END = "\"}}".getBytes(US_ASCII);
  private static final byte[] ERASED = PersonKeys.ERASED.getBytes(US_ASCII);

  private final PersonKeys keys;

  /// The first and the last record by the person.
  private final Map<String, Span> seen = new ConcurrentHashMap<>();

  private record Span(long first, long last) {
    Span and(Span other) {
      return new Span(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  ConcealedPeople(PersonKeys keys) {
    this.keys = keys;
  }

  /// Takes note of a record if something is concealed in it that was not erased before.
  ///
  /// @param line as a [dev.lanyard.server.audit.RecordLine] writes it
  /// @param length of the line; what follows in the array is of others
  void look(long sequence, byte[] line, int length) {
    if (hasConcealed(line, length)) {
      person(line, length)
          .ifPresent(person -> seen.merge(person, new Span(sequence, sequence), Span::and));
    }
  }

  /// What is concealed is the last member of the evidence, which is the last of the record.
  private static boolean hasConcealed(byte[] line, int length) {
    int end = length - END.length;
    if (end < 0 || !isAt(line, end, END)) {
      return false;
    }
    int start = end;
    while (start > 0 && line[start - 1] != '"') {
      start--;
    }
    int member = start - CONCEALED.length;
    return member >= 0
        && isAt(line, member, CONCEALED)
        && !Arrays.equals(line, start, end, ERASED, 0, ERASED.length);
  }

  private static boolean isAt(byte[] line, int from, byte[] wanted) {
    return Arrays.equals(line, from, from + wanted.length, wanted, 0, wanted.length);
  }

  /// Quotes within a text are escaped, so that the member is where it seems to be.
  private static Optional<String> person(byte[] line, int length) {
    for (int i = 0; i + PERSON.length < length; i++) {
      if (line[i] == ',' && isAt(line, i, PERSON)) {
        int from = i + PERSON.length;
        int to = from;
        while (to < length && line[to] != '"') {
          to++;
        }
        return Optional.of(new String(line, from, to - from, UTF_8));
      }
    }
    return Optional.empty();
  }

  /// Records that were looked at, whose key is not the one under which they are concealed, about
  /// people of whom no record says that they were erased.
  List<StoredRecord> unreadable(Connection connection) throws SQLException {
    var unreadable = new ArrayList<StoredRecord>();
    for (var some : Chunks.of(List.copyOf(seen.values()), Statements.MOST_IN_LIST / 2)) {
      var numbers =
          some.stream().flatMap(span -> Stream.of(span.first(), span.last())).distinct().toList();
      var records = new LogTables(connection).records(numbers);
      unreadable.addAll(keys.unopened(connection, records));
    }
    var people = new HashSet<String>();
    unreadable.forEach(record -> record.person().ifPresent(people::add));
    var erased = onRecord(connection, people);
    unreadable.removeIf(record -> record.person().filter(erased::contains).isPresent());
    return unreadable;
  }

  /// Those of some people of whom a record says that they were erased.
  private static Set<String> onRecord(Connection connection, Set<String> people)
      throws SQLException {
    return new HashSet<>(
        new Statements(connection)
            .among(
                "SELECT person FROM audit WHERE type = '" + Erasure.TYPE + "' AND person IN",
                people,
                rows -> rows.getString(1)));
  }

  /// People of whom nothing is concealed any more but left out, and no record says why.
  static List<String> erasedInSilence(Connection connection) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT person FROM audit_erased WHERE NOT EXISTS (SELECT 1 FROM audit"
                + " WHERE audit.person = audit_erased.person AND audit.type = '"
                + Erasure.TYPE
                + "') ORDER BY person",
            rows -> rows.getString(1));
  }
}
