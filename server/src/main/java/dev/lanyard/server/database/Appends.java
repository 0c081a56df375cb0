package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What one transaction tells the nodes: put in line as the last thing that it does, so that nobody
/// waits for the rest of it. Not thread-safe.
final class Appends {
  /// So many go into one statement.
  private static final int ROWS = 100;

  private final List<Appended> changes = new ArrayList<>();
  private final List<ChangeFeed.Work> afterwards = new ArrayList<>();

  Appended add(String kind, JsonObject body) {
    var change = new Appended(kind, body);
    changes.add(change);
    return change;
  }

  void add(ChangeFeed.Work work) {
    afterwards.add(work);
  }

  Optional<Appended> last(String kind) {
    return changes.reversed().stream().filter(change -> change.kind().equals(kind)).findFirst();
  }

  /// All nodes wait from the first statement of this to the commit: where statements can be joined,
  /// the last one takes the commit along.
  ///
  /// @param at the time, in milliseconds
  /// @param known a number that was given once. If the record does not reach so far any more, the
  ///   next one stays free: whoever follows takes that for changes that are gone
  void end(Connection connection, Engine engine, long at, long known) throws SQLException {
    var first = engine.announcement();
    var parts = Chunks.of(changes, ROWS);
    int left = parts.size();
    for (var part : parts) {
      left--;
      boolean last = left == 0 && afterwards.isEmpty();
      insert(connection, first, part, at, known, last && engine.joinsStatements() ? ";COMMIT" : "");
      first = "";
    }
    if (!afterwards.isEmpty()) {
      var writes = new Writes(connection, engine.joinsStatements());
      for (var work : afterwards) {
        work.run(writes);
      }
      writes.sendLast();
    }
  }

  private static void insert(
      Connection connection,
      String announcement,
      List<Appended> changes,
      long at,
      long known,
      String end)
      throws SQLException {
    var rows =
        IntStream.rangeClosed(1, changes.size())
            .mapToObj(n -> "(" + n + ", ?, ?, ?)")
            .collect(Collectors.joining(", "));
    var insert =
        """
        INSERT INTO change (seq, kind, body, at)
        WITH fresh (n, kind, body, at) AS (VALUES %s),
          head (seq) AS (SELECT COALESCE(MAX(seq), 0) FROM change)
        SELECT CASE WHEN head.seq < ? THEN ? + 1 ELSE head.seq END + n, kind, body, at
        FROM fresh, head
        RETURNING seq
        """
            .formatted(rows);
    try (var statement = connection.prepareStatement(announcement + insert + end)) {
      int parameter = 0;
      for (var change : changes) {
        statement.setString(++parameter, change.kind());
        statement.setString(++parameter, change.body().toJson());
        statement.setLong(++parameter, at);
      }
      statement.setLong(++parameter, known);
      statement.setLong(++parameter, known);
      boolean answered = statement.execute();
      if (!announcement.isEmpty()) {
        answered = statement.getMoreResults();
      }
      if (!answered) {
        throw new SQLException("an append has no number");
      }
      long number = Long.MAX_VALUE;
      try (var numbers = statement.getResultSet()) {
        while (numbers.next()) {
          number = Math.min(number, numbers.getLong(1));
        }
      }
      for (var change : changes) {
        change.numbered(number++);
      }
    }
  }
}
