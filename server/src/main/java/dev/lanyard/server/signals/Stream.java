package dev.lanyard.server.signals;

import dev.lanyard.protocol.securityevent.StreamEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
    try (var statement = connection.prepareStatement(SELECT + " ORDER BY id")) {
      return read(statement.executeQuery());
    }
  }

  static Optional<Stream> of(Connection connection, String receiver) throws SQLException {
    try (var statement = connection.prepareStatement(SELECT + " WHERE receiver = ?")) {
      statement.setString(1, receiver);
      return read(statement.executeQuery()).stream().findFirst();
    }
  }

  static Optional<Stream> find(Connection connection, String id) throws SQLException {
    try (var statement = connection.prepareStatement(SELECT + " WHERE id = ?")) {
      statement.setString(1, id);
      return read(statement.executeQuery()).stream().findFirst();
    }
  }

  /// Keeps others from changing the stream until the transaction ends. Both databases understand
  /// this, and only one of them `FOR UPDATE`.
  static Optional<Stream> lock(Connection connection, String id) throws SQLException {
    try (var statement =
        connection.prepareStatement("UPDATE ssf_stream SET status = status WHERE id = ?")) {
      statement.setString(1, id);
      statement.executeUpdate();
    }
    return find(connection, id);
  }

  private static List<Stream> read(ResultSet rows) throws SQLException {
    try (rows) {
      var streams = new ArrayList<Stream>();
      while (rows.next()) {
        var requested = rows.getString(7);
        streams.add(
            new Stream(
                rows.getString(1),
                rows.getString(2),
                StreamEvent.Status.valueOf(rows.getString(3)),
                Optional.ofNullable(rows.getString(4)),
                Optional.ofNullable(rows.getString(5)),
                Optional.ofNullable(rows.getString(6)),
                requested.isEmpty() ? List.of() : Arrays.asList(requested.split(" ")),
                Optional.ofNullable(rows.getString(8)),
                rows.getLong(9) == 1));
      }
      return streams;
    }
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
    try (var statement = connection.prepareStatement(insert)) {
      bind(statement);
      statement.setString(8, id);
      statement.setString(9, receiver);
      statement.setLong(10, now.toEpochMilli());
      return statement.executeUpdate() > 0;
    }
  }

  void update(Connection connection) throws SQLException {
    var update =
        """
        UPDATE ssf_stream SET status = ?, reason = ?, endpoint = ?, authorization_sealed = ?,
          events_requested = ?, description = ?, by_administrator = ?
        WHERE id = ?
        """;
    try (var statement = connection.prepareStatement(update)) {
      bind(statement);
      statement.setString(8, id);
      statement.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement) throws SQLException {
    statement.setString(1, status.name());
    statement.setString(2, reason.orElse(null));
    statement.setString(3, endpoint.orElse(null));
    statement.setString(4, sealedAuthorization.orElse(null));
    statement.setString(5, String.join(" ", requested));
    statement.setString(6, description.orElse(null));
    statement.setLong(7, stopped ? 1 : 0);
  }

  void delete(Connection connection) throws SQLException {
    for (var table : List.of("ssf_event", "ssf_stream_subject")) {
      try (var statement =
          connection.prepareStatement("DELETE FROM " + table + " WHERE stream = ?")) {
        statement.setString(1, id);
        statement.executeUpdate();
      }
    }
    try (var statement = connection.prepareStatement("DELETE FROM ssf_stream WHERE id = ?")) {
      statement.setString(1, id);
      statement.executeUpdate();
    }
  }

  /// Notes that a sign of life was asked for, unless that was a moment ago.
  ///
  /// @param before the last time must lie before it
  boolean verificationAsked(Connection connection, Instant now, Instant before)
      throws SQLException {
    var update =
        "UPDATE ssf_stream SET verified_at = ?"
            + " WHERE id = ? AND (verified_at IS NULL OR verified_at <= ?)";
    try (var statement = connection.prepareStatement(update)) {
      statement.setLong(1, now.toEpochMilli());
      statement.setString(2, id);
      statement.setLong(3, before.toEpochMilli());
      return statement.executeUpdate() > 0;
    }
  }
}
