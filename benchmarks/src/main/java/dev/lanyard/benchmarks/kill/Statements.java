package dev.lanyard.benchmarks.kill;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/// What PostgreSQL spends on which statement, by its own extension. For one thread.
final class Statements {
  private static final int MOST = 40;
  private static final int LONGEST_TEXT = 110;

  private static final String COSTLIEST =
      """
      SELECT calls, rows, total_exec_time, total_plan_time, shared_blks_hit, query
      FROM pg_stat_statements
      ORDER BY total_exec_time + total_plan_time DESC LIMIT
      """;

  private final Connection connection;

  Statements(Connection connection) throws SQLException {
    this.connection = connection;
    execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void beginAnew() throws SQLException {
    execute("SELECT pg_stat_statements_reset()");
  }

  void print() throws SQLException {
    System.out.printf("%8s %9s %9s %9s %10s%n", "calls", "rows", "exec ms", "plan ms", "buffers");
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(COSTLIEST + MOST)) {
      while (rows.next()) {
        var text = rows.getString(6).replaceAll("\\s+", " ");
        System.out.printf(
            Locale.ROOT,
            "%8d %9d %9.1f %9.1f %10d %s%n",
            rows.getLong(1),
            rows.getLong(2),
            rows.getDouble(3),
            rows.getDouble(4),
            rows.getLong(5),
            text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
      }
    }
  }
}
