package dev.lanyard.server.publication;

import dev.lanyard.server.database.Statements;
import dev.lanyard.server.publication.ExceptionEnds.End;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// How far the consequences of the ends of exceptions are drawn.
final class ExceptionEndTables {
  private final Statements statements;

  ExceptionEndTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// @param enforced whether the tokens were looked for once
  /// @param settled whether for good
  record Mark(boolean enforced, boolean settled) {
    static final Mark NONE = new Mark(false, false);
  }

  Map<End, Mark> marks() throws SQLException {
    return statements
        .list(
            "SELECT exemption, until, enforced_at, settled_at FROM exception_end",
            rows ->
                Map.entry(
                    new End(
                        rows.getString("exemption"), Instant.ofEpochMilli(rows.getLong("until"))),
                    new Mark(rows.getLong("enforced_at") > 0, rows.getLong("settled_at") > 0)))
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Whether it was not marked so before.
  boolean mark(End end, boolean forGood, Instant at) throws SQLException {
    statements.update(
        "INSERT INTO exception_end (exemption, until) VALUES (?, ?) ON CONFLICT DO NOTHING",
        end.exemption(),
        end.until());
    boolean first =
        statements.update(
                "UPDATE exception_end SET enforced_at = ?"
                    + " WHERE exemption = ? AND until = ? AND enforced_at IS NULL",
                at,
                end.exemption(),
                end.until())
            > 0;
    if (forGood) {
      first |=
          statements.update(
                  "UPDATE exception_end SET settled_at = ?"
                      + " WHERE exemption = ? AND until = ? AND settled_at IS NULL",
                  at,
                  end.exemption(),
                  end.until())
              > 0;
    }
    return first;
  }
}
