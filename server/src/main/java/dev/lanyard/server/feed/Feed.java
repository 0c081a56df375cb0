package dev.lanyard.server.feed;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One stream of one resource server, as the record has it. Every process of a resource server has
/// its own, because each has a memory of its own.
///
/// @param staleAfter how long the receiver goes on without hearing from us; empty if it does not
///   say
/// @param verification what it wants to hear back
/// @param expiresAt it is forgotten if nobody polls until then
record Feed(
    String id,
    ClientId client,
    Optional<String> description,
    Optional<Duration> staleAfter,
    Place place,
    Optional<String> verification,
    Instant expiresAt) {
  private static final String COLUMNS =
      "id, client, description, stale_after, sequence, part, told_kind, told_value, verification,"
          + " expires_at";

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("event_feed", "expires_at");
  }

  Feed at(Place next) {
    return new Feed(id, client, description, staleAfter, next, verification, expiresAt);
  }

  Feed verifying(Optional<String> state) {
    return new Feed(id, client, description, staleAfter, place, state, expiresAt);
  }

  Feed until(Instant end) {
    return new Feed(id, client, description, staleAfter, place, verification, end);
  }

  static List<Feed> of(Connection connection, ClientId client) throws SQLException {
    var select = "SELECT " + COLUMNS + " FROM event_feed WHERE client = ? ORDER BY created_at, id";
    return new Statements(connection).list(select, Feed::read, client.value());
  }

  /// Keeps others from changing the feed until the transaction ends. Both databases understand
  /// this, and only one of them `FOR UPDATE`.
  ///
  /// @return empty also if it is another client's
  static Optional<Feed> lock(Connection connection, ClientId client, String id)
      throws SQLException {
    var touch = "UPDATE event_feed SET part = part WHERE id = ? AND client = ?";
    var select = "SELECT " + COLUMNS + " FROM event_feed WHERE id = ? AND client = ?";
    var statements = new Statements(connection);
    statements.write(touch, id, client.value());
    return statements.first(select, Feed::read, id, client.value());
  }

  private static Feed read(ResultSet row) throws SQLException {
    long bound = row.getLong(4);
    var staleAfter =
        row.wasNull() ? Optional.<Duration>empty() : Optional.of(bound).map(Duration::ofMillis);
    var kind = Optional.ofNullable(row.getString(7));
    var value = row.getString(8);
    return new Feed(
        row.getString(1),
        new ClientId(row.getString(2)),
        Optional.ofNullable(row.getString(3)),
        staleAfter,
        new Place(row.getLong(5), row.getInt(6), kind.map(of -> new Place.Told(of, value))),
        Optional.ofNullable(row.getString(9)),
        Instant.ofEpochMilli(row.getLong(10)));
  }

  void insert(Connection connection, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO event_feed (client, description, stale_after, sequence, part, told_kind,
          told_value, verification, expires_at, id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    var values = values();
    values.add(now);
    new Statements(connection).write(insert, values.toArray());
  }

  void update(Connection connection) throws SQLException {
    var update =
        """
        UPDATE event_feed SET client = ?, description = ?, stale_after = ?, sequence = ?, part = ?,
          told_kind = ?, told_value = ?, verification = ?, expires_at = ?
        WHERE id = ?
        """;
    new Statements(connection).write(update, values().toArray());
  }

  /// With the id at the end, where both statements have it.
  private List<Object> values() {
    return new ArrayList<>(
        List.of(
            client.value(),
            description,
            staleAfter.map(Duration::toMillis),
            place.sequence(),
            place.part(),
            place.told().map(Place.Told::kind),
            place.told().map(Place.Told::value),
            verification,
            expiresAt,
            id));
  }

  void delete(Connection connection) throws SQLException {
    new Statements(connection).write("DELETE FROM event_feed WHERE id = ?", id);
  }
}
