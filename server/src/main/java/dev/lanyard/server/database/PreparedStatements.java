package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;

/// The statements that one connection keeps prepared. Not thread-safe.
final class PreparedStatements {
  /// Batches differ in size and kind; so many different ones are kept.
  private static final int MOST = 256;

  /// Least used first.
  private final LinkedHashMap<String, PreparedStatement> statements =
      new LinkedHashMap<>(64, 0.75f, true);

  PreparedStatement get(Connection open, String sql) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = open.prepareStatement(sql);
      statements.put(sql, statement);
      if (statements.size() > MOST) {
        statements.pollFirstEntry().getValue().close();
      }
    }
    return statement;
  }

  /// Drivers differ in what they leave of a statement that failed: all are prepared anew.
  void forget() throws SQLException {
    for (var statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  /// The connection is gone, and they with it.
  void abandon() {
    statements.clear();
  }
}
