package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A stream of our transmitter, as the record has it.
///
/// @param receiver whose it is: the configured name
/// @param endpoint where events are pushed to; empty if they are fetched
/// @param sealedAuthorization the receiver's `Authorization` for pushes, under the master key
/// @param requested the event types asked for; empty is all
/// @param stopped whether an administrator has paused or disabled it, so that its receiver may not
///   change that
record Stream(
    String id,
    String receiver,
    StreamEvent.Status status,
    Optional<String> reason,
    Optional<String> endpoint,
    Optional<String> sealedAuthorization,
    List<String> requested,
    Optional<String> description,
    boolean stopped) {
  private static final String SELECT =
      "SELECT id, receiver, status, reason, endpoint, authorization_sealed, events_requested,"
          + " description, by_administrator FROM ssf_stream";

  Stream {
    requested = List.copyOf(requested);
  }

  boolean delivers(String eventType) {
    return requested.isEmpty() || requested.contains(eventType);
  }

  /// @param byAdministrator whether an administrator says so
  Stream with(StreamEvent.StreamUpdated now, boolean byAdministrator) {
    return new Stream(
        id,
        receiver,
        now.status(),
        now.reason(),
        endpoint,
        sealedAuthorization,
        requested,
        description,
        byAdministrator && now.status() != StreamEvent.Status.ENABLED);
  }

  static List<Stream> all(Connection connection) throws SQLException {
    return new Statements(connection).list(SELECT + " ORDER BY id", Stream::read);
  }

  /// The same, each as it is until the transaction ends: what is announced meanwhile is queued as
  /// the stream is then, and a change of it finds all that was announced before.
  static List<Stream> held(Connection connection) throws SQLException {
    return new Statements(connection).held(SELECT + " ORDER BY id", Stream::read);
  }

  static Optional<Stream> of(Connection connection, String receiver) throws SQLException {
    return new Statements(connection).first(SELECT + " WHERE receiver = ?", Stream::read, receiver);
  }

  static Optional<Stream> find(Connection connection, String id) throws SQLException {
    return new Statements(connection).first(SELECT + " WHERE id = ?", Stream::read, id);
  }

  /// Keeps others from changing the stream until the transaction ends. Both databases understand
  /// this, and only one of them `FOR UPDATE`.
  static Optional<Stream> lock(Connection connection, String id) throws SQLException {
    new Statements(connection).write("UPDATE ssf_stream SET status = status WHERE id = ?", id);
    return find(connection, id);
  }

  private static Stream read(ResultSet row) throws SQLException {
    var requested = row.getString(7);
    return new Stream(
        row.getString(1),
        row.getString(2),
        StreamEvent.Status.valueOf(row.getString(3)),
        Optional.ofNullable(row.getString(4)),
        Optional.ofNullable(row.getString(5)),
        Optional.ofNullable(row.getString(6)),
        requested.isEmpty() ? List.of() : Arrays.asList(requested.split(" ")),
        Optional.ofNullable(row.getString(8)),
        row.getLong(9) == 1);
  }

  /// Begins this stream, unless its receiver has one.
  boolean insert(Connection connection, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO ssf_stream (status, reason, endpoint, authorization_sealed, events_requested,
          description, by_administrator, id, receiver, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    var values = values();
    values.addAll(List.of(id, receiver, now));
    return new Statements(connection).update(insert, values.toArray()) > 0;
  }

  void update(Connection connection) throws SQLException {
    var update =
        """
        UPDATE ssf_stream SET status = ?, reason = ?, endpoint = ?, authorization_sealed = ?,
          events_requested = ?, description = ?, by_administrator = ?
        WHERE id = ?
        """;
    var values = values();
    values.add(id);
    new Statements(connection).write(update, values.toArray());
  }

  /// What may change of it, in the order of both statements.
  private List<Object> values() {
    return new ArrayList<>(
        List.of(
            status.name(),
            reason,
            endpoint,
            sealedAuthorization,
            String.join(" ", requested),
            description,
            stopped));
  }

  void delete(Connection connection) throws SQLException {
    var statements = new Statements(connection);
    statements.write("DELETE FROM ssf_event WHERE stream = ?", id);
    statements.write("DELETE FROM ssf_stream_subject WHERE stream = ?", id);
    statements.write("DELETE FROM ssf_stream WHERE id = ?", id);
  }

  /// Notes that a sign of life was asked for, unless that was a moment ago.
  ///
  /// @param before the last time must lie before it
  boolean verificationAsked(Connection connection, Instant now, Instant before)
      throws SQLException {
    var update =
        "UPDATE ssf_stream SET verified_at = ?"
            + " WHERE id = ? AND (verified_at IS NULL OR verified_at <= ?)";
    return new Statements(connection).update(update, now, id, before) > 0;
  }
}
