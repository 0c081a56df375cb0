package dev.lanyard.server.console.desk;

import dev.lanyard.server.console.desk.Motion.Kind;
import dev.lanyard.server.console.desk.Motion.State;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The motions of administrators, in the database. Each change names the state that it expects of
/// its row, so that of two people at once, also on two nodes, one is first. Thread-safe.
record Motions(Database database) {
  private static final Duration OPEN_FOR = Duration.ofDays(7);
  private static final Duration KEPT = Duration.ofDays(90);
  private static final String MOTION = "SELECT * FROM console_motion";

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("console_motion", "forget_after");
  }

  /// Those that wait for a second person, the oldest first.
  List<Motion> open(Instant now) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                MOTION + " WHERE outcome = '' AND open_until > ? ORDER BY asked_at, id",
                Motions::row,
                now));
  }

  Optional<Motion> find(String id) {
    return database.read(
        connection -> new Statements(connection).first(MOTION + " WHERE id = ?", Motions::row, id));
  }

  /// Asks for something, unless a motion about the same thing waits. Runs in a transaction of the
  /// caller, which also records it.
  static boolean ask(Connection connection, Motion motion) throws SQLException {
    var statements = new Statements(connection);
    var _ =
        statements.update(
            "UPDATE console_motion SET outcome = ?"
                + " WHERE kind = ? AND about = ? AND outcome = '' AND open_until <= ?",
            State.LAPSED.value(),
            motion.kind().value(),
            motion.about(),
            motion.askedAt());
    return statements.update(
            """
            INSERT INTO console_motion
              (id, kind, about, seen, wanted, reason, asked_by, asked_at, open_until, forget_after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            motion.id(),
            motion.kind().value(),
            motion.about(),
            motion.seen(),
            motion.wanted(),
            motion.reason(),
            motion.askedBy(),
            motion.askedAt(),
            motion.openUntil(),
            motion.openUntil().plus(KEPT))
        > 0;
  }

  /// A new one.
  static Motion made(
      String id, Kind kind, String about, Wish wish, String reason, String by, Instant now) {
    return new Motion(
        id,
        kind,
        about,
        wish.seen(),
        wish.wanted(),
        reason,
        by,
        now,
        now.plus(OPEN_FOR),
        State.OPEN,
        "",
        "");
  }

  /// @param seen what stands
  /// @param wanted what it shall be
  record Wish(String seen, String wanted) {}

  /// Ends one that is open.
  ///
  /// @param answer why it was declined
  /// @return whether it was open
  static boolean end(
      Connection connection, String id, State state, String answer, String by, Instant now)
      throws SQLException {
    return new Statements(connection)
            .update(
                "UPDATE console_motion SET outcome = ?, answer = ?, ended_by = ?"
                    + " WHERE id = ? AND outcome = '' AND open_until > ?",
                state.value(),
                answer,
                by,
                id,
                now)
        > 0;
  }

  /// Says whom or what it is about, in the transaction that creates them.
  static void about(Connection connection, String id, String about) throws SQLException {
    var _ =
        new Statements(connection)
            .update("UPDATE console_motion SET about = ? WHERE id = ?", about, id);
  }

  private static Motion row(ResultSet row) throws SQLException {
    return new Motion(
        row.getString("id"),
        kind(row.getString("kind")),
        row.getString("about"),
        row.getString("seen"),
        row.getString("wanted"),
        row.getString("reason"),
        row.getString("asked_by"),
        Instant.ofEpochMilli(row.getLong("asked_at")),
        Instant.ofEpochMilli(row.getLong("open_until")),
        state(row.getString("outcome")),
        row.getString("answer"),
        row.getString("ended_by"));
  }

  private static Kind kind(String value) {
    return Stream.of(Kind.values())
        .filter(one -> one.value().equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static State state(String value) {
    return Stream.of(State.values())
        .filter(one -> one.value().equals(value))
        .findFirst()
        .orElseThrow();
  }
}
