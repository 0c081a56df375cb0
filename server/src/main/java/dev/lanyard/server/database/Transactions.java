package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What both databases do alike on a connection.
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /// How many changes one look brings at most.
  static final int MOST_CHANGES = 500;

  private Transactions() {}

  /// Runs the work and commits, or rolls back and throws on.
  static <T> T run(Engine engine, Connection connection, SqlFunction<T> work) throws SQLException {
    engine.begin(connection);
    try {
      var result = work.apply(connection);
      engine.commit(connection);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        engine.rollback(connection);
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /// Waits for those of all nodes that append, and keeps them waiting until the transaction ends.
  static void awaitTurn(Engine engine, Connection connection) throws SQLException {
    if (!engine.announcement().isEmpty()) {
      try (var statement = connection.createStatement()) {
        statement.execute(engine.announcement());
      }
    }
  }

  static List<Change> changesAfter(Connection connection, long sequence) throws SQLException {
    return changes(connection, "seq > ? ORDER BY seq LIMIT " + MOST_CHANGES, sequence);
  }

  static Optional<Change> change(Connection connection, long sequence) throws SQLException {
    return changes(connection, "seq = ?", sequence).stream().findFirst();
  }

  static Optional<Change> lastChange(Connection connection) throws SQLException {
    return changes(connection, "seq > ? ORDER BY seq DESC LIMIT 1", 0).stream().findFirst();
  }

  private static List<Change> changes(Connection connection, String which, long sequence)
      throws SQLException {
    var select = "SELECT seq, kind, body, at FROM change WHERE " + which;
    try (var statement = connection.prepareStatement(select)) {
      statement.setLong(1, sequence);
      try (var rows = statement.executeQuery()) {
        var changes = new ArrayList<Change>();
        while (rows.next()) {
          changes.add(
              new Change(
                  rows.getLong(1),
                  rows.getString(2),
                  JsonObject.parse(rows.getString(3)),
                  Instant.ofEpochMilli(rows.getLong(4))));
        }
        return changes;
      } catch (MalformedException e) {
        throw new SQLException("a change at or after " + sequence + " is not readable", e);
      }
    }
  }

  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("a connection was not closed in order: {}", e.toString());
    }
  }
}
