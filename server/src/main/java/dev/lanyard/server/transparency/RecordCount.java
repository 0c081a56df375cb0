package dev.lanyard.server.transparency;

import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Counts records, in one transaction of the caller's. In pieces, each in one statement: records
/// come and go meanwhile, and a database that says nothing for long is given up.
final class RecordCount {
  /// Far less than a second for either database.
  private static final int AT_ONCE = 200_000;

  private final LogTables tables;
  private final Statements statements;
  private final int most;

  RecordCount(Connection connection) {
    this(connection, AT_ONCE);
  }

  /// @param most how many are counted in one statement
  RecordCount(Connection connection, int most) {
    this.tables = new LogTables(connection);
    this.statements = new Statements(connection);
    this.most = most;
  }

  /// How many records there are up to a number, without those in open gaps, which may still be
  /// taken in.
  long settled(long last) throws SQLException {
    long count = 0;
    var piece = new Piece(0, Long.MIN_VALUE, true);
    while (piece.isMore()) {
      piece = piece(piece.last(), last);
      count += piece.settled();
    }
    return count;
  }

  /// Some records, counted.
  ///
  /// @param settled how many of them are in no gap
  /// @param last the largest number of them
  /// @param isMore whether there may be others behind it
  private record Piece(long settled, long last, boolean isMore) {}

  private Piece piece(long after, long last) throws SQLException {
    return statements
        .first(
            """
            WITH piece AS (SELECT COUNT(*) AS many, MAX(seq) AS largest
              FROM (SELECT seq FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?) AS numbers)
            SELECT many, COALESCE(largest, 0),
              (SELECT COUNT(*) FROM audit_gap CROSS JOIN audit
               WHERE audit.seq BETWEEN first_seq AND last_seq
                 AND audit.seq > ? AND audit.seq <= (SELECT largest FROM piece))
            FROM piece
            """,
            rows ->
                new Piece(
                    rows.getLong(1) - rows.getLong(3), rows.getLong(2), rows.getLong(1) == most),
            after,
            last,
            most,
            after)
        .orElseThrow();
  }

  /// The records in gaps and behind a number, those of which nothing is proven yet.
  Uncovered uncovered(List<Gap> gaps, long behind) throws SQLException {
    var first = tables.in(gaps, Long.MIN_VALUE, 1).stream().findFirst();
    if (first.isEmpty()) {
      first = tables.following(behind, 1).stream().findFirst();
    }
    long count = 0;
    for (int from = 0; from < gaps.size(); from += LogTables.RANGES) {
      var some = gaps.subList(from, Math.min(from + LogTables.RANGES, gaps.size()));
      count +=
          statements
              .first(
                  "SELECT COUNT(*) FROM audit WHERE " + LogTables.ranges(some),
                  rows -> rows.getLong(1),
                  LogTables.bounds(some).toArray())
              .orElse(0L);
    }
    var piece = new Piece(0, behind, true);
    while (piece.isMore()) {
      piece = behind(piece.last());
      count += piece.settled();
    }
    return new Uncovered(count, first.map(record -> Instant.ofEpochMilli(record.at())));
  }

  private Piece behind(long number) throws SQLException {
    return statements
        .first(
            "SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM (SELECT seq FROM audit WHERE seq > ?"
                + " ORDER BY seq LIMIT ?) AS numbers",
            rows -> new Piece(rows.getLong(1), rows.getLong(2), rows.getLong(1) == most),
            number,
            most)
        .orElseThrow();
  }
}
