package dev.lanyard.server.publication;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.publication.ExceptionEnds.End;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How far the consequences of the ends of exceptions are drawn.
final class ExceptionEndTables {
  private final Statements statements;

  ExceptionEndTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// A mark in the future was made by a clock that was wrong, and is none.
  ///
  /// @param enforced when the tokens were looked for once
  /// @param settled when for good
  record Mark(Optional<Instant> enforced, Optional<Instant> settled) {
    static final Mark NONE = new Mark(Optional.empty(), Optional.empty());

    boolean isEnforced(Instant now) {
      return enforced.filter(at -> isRight(at, now)).isPresent();
    }

    boolean isSettled(Instant now) {
      return settled.filter(at -> isRight(at, now)).isPresent();
    }

    private static boolean isRight(Instant at, Instant now) {
      return !at.isAfter(latest(now));
    }

    /// Names what is done again because it was done too early: else it would have no effect.
    String afterTooEarly(Instant now) {
      return Stream.of(enforced, settled)
          .flatMap(Optional::stream)
          .filter(at -> !isRight(at, now))
          .max(Comparator.naturalOrder())
          .map(at -> "-after-" + at.toEpochMilli())
          .orElse("");
    }
  }

  /// So far apart the clocks of two nodes may be.
  private static Instant latest(Instant now) {
    return now.plus(ClockSkew.MAX);
  }

  Map<End, Mark> marks() throws SQLException {
    return statements
        .list(
            "SELECT exemption, until, enforced_at, settled_at FROM exception_end",
            rows ->
                Map.entry(
                    new End(
                        rows.getString("exemption"), Instant.ofEpochMilli(rows.getLong("until"))),
                    new Mark(instant(rows, "enforced_at"), instant(rows, "settled_at"))))
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Optional<Instant> instant(ResultSet rows, String column) throws SQLException {
    long millis = rows.getLong(column);
    return millis > 0 ? Optional.of(Instant.ofEpochMilli(millis)) : Optional.empty();
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
                    + " WHERE exemption = ? AND until = ? AND (enforced_at IS NULL OR enforced_at > ?)",
                at,
                end.exemption(),
                end.until(),
                latest(at))
            > 0;
    if (forGood) {
      first |=
          statements.update(
                  "UPDATE exception_end SET settled_at = ?"
                      + " WHERE exemption = ? AND until = ? AND (settled_at IS NULL OR settled_at > ?)",
                  at,
                  end.exemption(),
                  end.until(),
                  latest(at))
              > 0;
    }
    return first;
  }
}
