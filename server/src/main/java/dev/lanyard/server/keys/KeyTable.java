package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(SELECT + IN_ORDER)) {
        return read(statement.executeQuery());
      }
    });
  }

  /// The keys that a server publishes.
  List<Stored> published(String server) {
    var select = SELECT + " WHERE server = ? AND state IN ('next', 'active', 'retired')" + IN_ORDER;
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(select)) {
        statement.setString(1, server);
        return read(statement.executeQuery());
      }
    });
  }

  private static List<Stored> read(ResultSet rows) throws SQLException {
    var keys = new ArrayList<Stored>();
    while (rows.next()) {
      entry(rows).ifPresent(entry -> keys.add(entry));
    }
    return keys;
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
    var select = "SELECT 1 FROM signing_key WHERE kid = ?";
    try (var statement = connection.prepareStatement(select)) {
      statement.setString(1, key.keyId());
      return statement.executeQuery().next();
    }
  }

  /// Moves a key on, if it is still in the state that it was seen in.
  boolean move(Connection connection, KeyEntry seen, KeyState to, Instant at) throws SQLException {
    var update =
        "UPDATE signing_key SET state = ?, since = ?"
            // A key that was revoked must never come back, whoever writes to this table.
            + (to == KeyState.REVOKED ? ", sealed = ''" : "")
            + " WHERE kid = ? AND state = ?";
    try (var statement = connection.prepareStatement(update)) {
      statement.setString(1, to.value());
      statement.setLong(2, at.toEpochMilli());
      statement.setString(3, seen.keyId());
      statement.setString(4, seen.state().value());
      return statement.executeUpdate() == 1;
    }
  }

  /// Removes a key, if it is still in the state that it was seen in.
  boolean remove(Connection connection, KeyEntry seen) throws SQLException {
    var delete = "DELETE FROM signing_key WHERE kid = ? AND state = ?";
    try (var statement = connection.prepareStatement(delete)) {
      statement.setString(1, seen.keyId());
      statement.setString(2, seen.state().value());
      return statement.executeUpdate() == 1;
    }
  }

  /// Has every node look, once this transaction is committed.
  void announce(Connection connection) throws SQLException {
    database.changes().append(connection, CHANGE, JsonObject.EMPTY);
  }
}
