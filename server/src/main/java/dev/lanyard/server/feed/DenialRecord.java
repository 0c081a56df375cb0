package dev.lanyard.server.feed;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the denials after a place, in their order, from the record and not from a node's memory:
/// what was committed before the question is in the answer.
final class DenialRecord {
  /// A part of the record that is looked at in one query.
  private static final int ROWS = 500;

  /// Of changes at once: the first of them may be enough.
  private static final int FETCHED = 20;

  private DenialRecord() {}

  /// A denial, and where the reader is once it knows it.
  record Next(Denial denial, Place then) {}

  /// What there is after a place.
  sealed interface Rest {
    /// @param complete whether there is nothing beyond
    /// @param end where the reader is when it knows all of them
    record Known(List<Next> denials, boolean complete, Place end) implements Rest {}

    /// The changes since then are not in the record any more, or it is another record: everything
    /// has to be told anew.
    record Lost() implements Rest {}
  }

  static Rest after(Connection connection, Place place, Instant now) throws SQLException {
    return place.told().isPresent()
        ? denied(connection, place, place.told().get(), now)
        : changed(connection, place);
  }

  /// What was denied before the feed began. What changes meanwhile comes with the changes.
  private static Rest denied(Connection connection, Place place, Place.Told told, Instant now)
      throws SQLException {
    var select =
        """
        SELECT kind, value, before, forget_after, sequence FROM deny
        WHERE (kind > ? OR (kind = ? AND value > ?)) AND forget_after >= ?
        ORDER BY kind, value LIMIT ?
        """;
    var next =
        new Statements(connection)
            .list(
                select,
                row -> next(row, place.sequence()),
                told.kind(),
                told.kind(),
                told.value(),
                now,
                ROWS);
    boolean ended = next.size() < ROWS;
    // The changes since the telling began are still to come.
    return new Rest.Known(
        next, false, ended ? Place.after(place.sequence()) : next.getLast().then());
  }

  private static Next next(ResultSet row, long sequence) throws SQLException {
    var kind = row.getString(1);
    var value = row.getString(2);
    return new Next(
        new Denial(
            new Denied(Denied.Kind.valueOf(kind), value),
            Instant.ofEpochMilli(row.getLong(3)),
            Instant.ofEpochMilli(row.getLong(4)),
            row.getLong(5)),
        new Place(sequence, 0, Optional.of(new Place.Told(kind, value))));
  }

  private static Rest changed(Connection connection, Place place) throws SQLException {
    long head = head(connection);
    if (place.sequence() > head) {
      return new Rest.Lost();
    }
    // Numbers have no gaps: the next one is there unless it has been removed.
    var first = first(connection, place.sequence());
    if (first.isPresent() && first.get() != place.sequence() + 1) {
      return new Rest.Lost();
    }
    return known(connection, place, head);
  }

  /// Whole changes, until there are enough denials: one that kills many has hundreds of them.
  private static Rest known(Connection connection, Place place, long head) throws SQLException {
    var select = "SELECT seq, body, at FROM change WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ?";
    try (var query = connection.prepareStatement(select)) {
      query.setString(1, Denial.CHANGE);
      query.setLong(2, place.sequence());
      query.setInt(3, ROWS);
      query.setFetchSize(FETCHED);
      try (var rows = query.executeQuery()) {
        var next = new ArrayList<Next>();
        long last = place.sequence();
        int read = 0;
        while (next.size() < ROWS && rows.next()) {
          var change = change(rows);
          next.addAll(denials(change, place));
          last = change.sequence();
          read++;
        }
        boolean complete = next.size() < ROWS && read < ROWS;
        return new Rest.Known(next, complete, Place.after(complete ? head : last));
      }
    }
  }

  private static List<Next> denials(Change change, Place place) {
    var denials = Denial.of(change);
    var next = new ArrayList<Next>();
    int from = change.sequence() == place.sequence() + 1 ? place.part() : 0;
    for (int i = from; i < denials.size(); i++) {
      var then =
          i == denials.size() - 1
              ? Place.after(change.sequence())
              : new Place(change.sequence() - 1, i + 1, Optional.empty());
      next.add(new Next(denials.get(i), then));
    }
    return next;
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        row.getLong(1),
        Denial.CHANGE,
        body(row.getString(2)),
        Instant.ofEpochMilli(row.getLong(3)));
  }

  private static JsonObject body(String json) {
    try {
      return JsonObject.parse(json);
    } catch (MalformedException e) {
      throw new IllegalStateException("the record holds a change that is no JSON", e);
    }
  }

  private static Optional<Long> first(Connection connection, long sequence) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT seq FROM change WHERE seq > ? ORDER BY seq LIMIT 1",
            row -> row.getLong(1),
            sequence);
  }

  /// The last change of any kind.
  static long head(Connection connection) throws SQLException {
    return new Statements(connection)
        .first("SELECT COALESCE(MAX(seq), 0) FROM change", row -> row.getLong(1))
        .orElseThrow();
  }
}
