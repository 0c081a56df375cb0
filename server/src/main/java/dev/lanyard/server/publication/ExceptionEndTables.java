package dev.lanyard.server.publication;

import dev.lanyard.server.publication.ExceptionEnds.End;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How far the consequences of the ends of exceptions are drawn.
final class ExceptionEndTables {
  private final Sql sql;

  ExceptionEndTables(Connection connection) {
    this.sql = new Sql(connection);
  }

  /// @param enforced whether the tokens were looked for once
  /// @param settled whether for good
  record Mark(boolean enforced, boolean settled) {
    static final Mark NONE = new Mark(false, false);
  }

  Map<End, Mark> marks() throws SQLException {
    try (var statement =
            sql.prepare("SELECT exemption, until, enforced_at, settled_at FROM exception_end");
        var rows = statement.executeQuery()) {
      var marks = new HashMap<End, Mark>();
      while (rows.next()) {
        marks.put(
            new End(rows.getString("exemption"), Sql.instant(rows, "until")),
            new Mark(rows.getLong("enforced_at") > 0, rows.getLong("settled_at") > 0));
      }
      return marks;
    }
  }

  /// Whether it was not marked so before.
  boolean mark(End end, boolean forGood, Instant at) throws SQLException {
    sql.update(
        "INSERT INTO exception_end (exemption, until) VALUES (?, ?) ON CONFLICT DO NOTHING",
        end.exemption(),
        end.until());
    boolean first =
        sql.update(
                "UPDATE exception_end SET enforced_at = ?"
                    + " WHERE exemption = ? AND until = ? AND enforced_at IS NULL",
                at,
                end.exemption(),
                end.until())
            > 0;
    if (forGood) {
      first |=
          sql.update(
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
