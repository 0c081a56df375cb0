package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The table of signing keys. Every change of it is told to every node.
final class KeyTable {
  /// The kind of the changes.
  static final String CHANGE = "signing-key";

  private static final RowKind KEY =
      RowKind.claim(
          "signing_key",
          List.of("kid"),
          "server",
          "purpose",
          "state",
          "algorithm",
          "sealed",
          "created_at",
          "since");
  private static final String SELECT =
      "SELECT kid, server, purpose, state, algorithm, sealed, created_at, since FROM signing_key";
  private static final String IN_ORDER = " ORDER BY server, purpose, created_at, kid";

  private final Database database;

  KeyTable(Database database) {
    this.database = database;
  }

  Database database() {
    return database;
  }

  /// A key as it is kept; empty of a key that was revoked.
  record Stored(KeyEntry entry, String sealed) {}

  /// Every key of every server.
  List<Stored> all() {
    return database.read(connection -> read(connection, SELECT + IN_ORDER));
  }

  /// The keys that a server publishes.
  static List<Stored> published(Connection connection, String server) throws SQLException {
    var select = SELECT + " WHERE server = ? AND state IN ('next', 'active', 'retired')" + IN_ORDER;
    return read(connection, select, server);
  }

  private static List<Stored> read(Connection connection, String select, Object... values)
      throws SQLException {
    return new Statements(connection)
        .list(select, KeyTable::entry, values).stream().flatMap(Optional::stream).toList();
  }

  /// What a newer version of this program has written about is not ours to use.
  private static Optional<Stored> entry(ResultSet row) throws SQLException {
    var purpose = Purpose.of(row.getString("purpose"));
    var state = KeyState.of(row.getString("state"));
    var algorithm = SigningAlgorithm.of(row.getString("algorithm"));
    if (purpose.isEmpty() || state.isEmpty() || algorithm.isEmpty()) {
      return Optional.empty();
    }
    var entry =
        new KeyEntry(
            row.getString("kid"),
            row.getString("server"),
            purpose.get(),
            algorithm.get(),
            state.get(),
            Instant.ofEpochMilli(row.getLong("since")),
            Instant.ofEpochMilli(row.getLong("created_at")));
    return Optional.of(new Stored(entry, row.getString("sealed")));
  }

  /// Adds a key unless there is one in this state for its server, purpose and algorithm.
  ///
  /// @return whether it is this one
  boolean add(Connection connection, KeyEntry key, String sealed) throws SQLException {
    new Row(
            KEY,
            key.keyId(),
            key.server(),
            key.purpose().value(),
            key.state().value(),
            key.algorithm().value(),
            sealed,
            key.createdAt(),
            key.since())
        .insert(connection);
    return new Statements(connection).finds("SELECT 1 FROM signing_key WHERE kid = ?", key.keyId());
  }

  /// Moves a key on, if it is still in the state that it was seen in.
  boolean move(Connection connection, KeyEntry seen, KeyState to, Instant at) throws SQLException {
    var update =
        "UPDATE signing_key SET state = ?, since = ?"
            // A key that was revoked must never come back, whoever writes to this table.
            + (to == KeyState.REVOKED ? ", sealed = ''" : "")
            + " WHERE kid = ? AND state = ?";
    return new Statements(connection)
            .update(update, to.value(), at, seen.keyId(), seen.state().value())
        == 1;
  }

  /// Removes a key, if it is still in the state that it was seen in.
  boolean remove(Connection connection, KeyEntry seen) throws SQLException {
    var delete = "DELETE FROM signing_key WHERE kid = ? AND state = ?";
    return new Statements(connection).update(delete, seen.keyId(), seen.state().value()) == 1;
  }

  /// Has every node look, once this transaction is committed.
  void announce(Connection connection) throws SQLException {
    database.changes().append(connection, CHANGE, JsonObject.EMPTY);
  }
}
