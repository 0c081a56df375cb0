package dev.lanyard.server.signals.inbound;

import dev.lanyard.server.database.Lease;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What is recorded of the streams that we listen to: one row for each source.
final class Listening {
  private static final String SELECT =
      "SELECT stream, since, heard_at, asked_at FROM ssf_listening WHERE source = ?";

  private Listening() {}

  /// What is known of one stream.
  ///
  /// @param stream its id at the transmitter
  /// @param since when we began to listen
  /// @param heard when the last event came
  /// @param asked when we last asked for a sign of life
  record State(
      Optional<String> stream, Instant since, Optional<Instant> heard, Optional<Instant> asked) {

    /// When there was a sign of life, or there could have been one.
    Instant lastSign() {
      return heard.orElse(since);
    }
  }

  /// Begins to listen; to a source that is known already nothing changes.
  static void begin(Connection connection, String source, Instant now) throws SQLException {
    var insert = "INSERT INTO ssf_listening (source, since) VALUES (?, ?) ON CONFLICT DO NOTHING";
    new Statements(connection).write(insert, source, now);
  }

  static Optional<State> state(Connection connection, String source) throws SQLException {
    return new Statements(connection).first(SELECT, Listening::state, source);
  }

  /// The same, which nobody changes until the transaction ends.
  static Optional<State> held(Connection connection, String source) throws SQLException {
    return new Statements(connection).held(SELECT, Listening::state, source).stream().findFirst();
  }

  private static State state(ResultSet row) throws SQLException {
    return new State(
        Optional.ofNullable(row.getString(1)),
        Instant.ofEpochMilli(row.getLong(2)),
        Optional.ofNullable(row.getString(3)).map(Listening::instant),
        Optional.ofNullable(row.getString(4)).map(Listening::instant));
  }

  private static Instant instant(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }

  static void heard(Connection connection, String source, Instant now) throws SQLException {
    update(connection, "heard_at = ?", now, source);
  }

  /// Also forgets what was asked with: it was answered.
  static void verified(Connection connection, String source, Instant now) throws SQLException {
    update(connection, "asked_with = NULL, heard_at = ?", now, source);
  }

  /// Whether a sign of life was asked for with this state, and has not come yet.
  static boolean expects(Connection connection, String source, String state) throws SQLException {
    var select = "SELECT 1 FROM ssf_listening WHERE source = ? AND asked_with = ?";
    return new Statements(connection).finds(select, source, state);
  }

  static void asked(Connection connection, String source, String state, Instant now)
      throws SQLException {
    update(connection, "asked_with = ?", state, source);
    update(connection, "asked_at = ?", now, source);
  }

  /// @param stream its id at the transmitter; empty if it is gone
  static void stream(Connection connection, String source, Optional<String> stream)
      throws SQLException {
    if (stream.isPresent()) {
      update(connection, "stream = ?", stream.get(), source);
    } else {
      update(connection, "stream = NULL, asked_at = NULL, asked_with = ?", "", source);
    }
  }

  /// Takes the right to look after a source for a while, so that of several nodes one does.
  static boolean lease(Connection connection, String source, String node, Lease lease)
      throws SQLException {
    var update =
        """
        UPDATE ssf_listening SET node = ?, leased_until = ?
        WHERE source = ? AND (node = ? OR leased_until IS NULL OR leased_until < ?
          OR leased_until > ?)
        """;
    return new Statements(connection)
            .update(update, node, lease.until(), source, node, lease.now(), lease.latest())
        > 0;
  }

  /// Gives the right back, if this node has it.
  static void release(Connection connection, String source, String node) throws SQLException {
    new Statements(connection)
        .update(
            "UPDATE ssf_listening SET leased_until = NULL WHERE source = ? AND node = ?",
            source,
            node);
  }

  private static void update(Connection connection, String set, Object value, String source)
      throws SQLException {
    new Statements(connection)
        .write("UPDATE ssf_listening SET " + set + " WHERE source = ?", value, source);
  }
}
