package dev.lanyard.server.audit;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What an administrator must look at, until they say that it is resolved. An alarm that is raised
/// again while it stands is the same one; one that was resolved stands again. Thread-safe.
public final class Alarms {
  private static final String RAISE =
      """
      INSERT INTO alarm (kind, subject, detail, first_at, last_at, times)
      VALUES (?, ?, ?, ?, ?, 1)
      ON CONFLICT (kind, subject) DO UPDATE SET
        detail = excluded.detail,
        first_at = CASE WHEN alarm.resolved_at IS NULL
          THEN alarm.first_at ELSE excluded.first_at END,
        last_at = excluded.last_at,
        times = alarm.times + 1,
        resolved_at = NULL
      """;

  private static final String SELECT = "SELECT kind, subject, detail, last_at, first_at, times";

  private final Database database;

  public Alarms(Database database) {
    this.database = database;
  }

  /// An alarm that stands.
  ///
  /// @param alarm as it was raised last
  /// @param since when it was raised first
  /// @param times how often
  public record Standing(Alarm alarm, Instant since, long times) {}

  /// Raises alarms in a transaction with what they are about.
  public static void raise(Connection connection, Collection<Alarm> alarms) throws SQLException {
    new Statements(connection)
        .each(
            RAISE,
            alarms.stream()
                .map(alarm ->
                    new Object[] {
                      alarm.kind(), alarm.subject(), alarm.detail(), alarm.at(), alarm.at()
                    })
                .toList());
  }

  /// Raises an alarm that stands alone.
  public void raise(Alarm alarm) {
    database.write(connection -> {
      raise(connection, List.of(alarm));
      return alarm;
    });
  }

  /// An alarm that stands no longer.
  ///
  /// @param at when it ended
  public record Over(Standing alarm, Instant at) {}

  /// Everything that stands, the oldest first.
  public List<Standing> standing() {
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT + " FROM alarm WHERE resolved_at IS NULL ORDER BY first_at",
                Alarms::standing));
  }

  /// What ended within a time and has not been raised since, the oldest first.
  ///
  /// @param until the first instant that does not belong to it
  public List<Over> over(Instant since, Instant until) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT
                    + ", resolved_at FROM alarm WHERE resolved_at >= ? AND resolved_at < ?"
                    + " ORDER BY first_at",
                rows -> new Over(standing(rows), Instant.ofEpochMilli(rows.getLong(7))),
                since,
                until));
  }

  /// One alarm as it stands, in a transaction with what depends on it.
  public static Optional<Standing> standing(Connection connection, String kind, String subject)
      throws SQLException {
    var select = SELECT + " FROM alarm WHERE kind = ? AND subject = ? AND resolved_at IS NULL";
    return new Statements(connection).first(select, Alarms::standing, kind, subject);
  }

  private static Standing standing(ResultSet rows) throws SQLException {
    var alarm =
        new Alarm(
            rows.getString(1),
            rows.getString(2),
            rows.getString(3),
            Instant.ofEpochMilli(rows.getLong(4)));
    return new Standing(alarm, Instant.ofEpochMilli(rows.getLong(5)), rows.getLong(6));
  }

  /// Whether an alarm stands, in a transaction with what depends on it.
  public static boolean stands(Connection connection, String kind, String subject)
      throws SQLException {
    var select = "SELECT 1 FROM alarm WHERE kind = ? AND subject = ? AND resolved_at IS NULL";
    return new Statements(connection).finds(select, kind, subject);
  }

  /// Whether exactly this was raised last of its kind and subject, resolved since or not.
  public static boolean wasRaised(Connection connection, Alarm alarm) throws SQLException {
    var select = "SELECT 1 FROM alarm WHERE kind = ? AND subject = ? AND detail = ?";
    return new Statements(connection).finds(select, alarm.kind(), alarm.subject(), alarm.detail());
  }

  /// Says that an administrator has dealt with it.
  ///
  /// @return whether it stood
  public boolean resolve(String kind, String subject, Instant at) {
    return database.write(connection -> resolve(connection, kind, subject, at));
  }

  /// Says that somebody has dealt with it as they have seen it, in a transaction with the record of
  /// that: an alarm that has been raised again since stands on.
  ///
  /// @return whether it stood so
  public static boolean resolve(Connection connection, Standing seen, Instant at)
      throws SQLException {
    var update =
        "UPDATE alarm SET resolved_at = ?"
            + " WHERE kind = ? AND subject = ? AND times = ? AND resolved_at IS NULL";
    return new Statements(connection)
            .update(update, at, seen.alarm().kind(), seen.alarm().subject(), seen.times())
        > 0;
  }

  /// Ends an alarm in a transaction with what ends its reason.
  ///
  /// @return whether it stood
  public static boolean resolve(Connection connection, String kind, String subject, Instant at)
      throws SQLException {
    var update =
        "UPDATE alarm SET resolved_at = ?"
            + " WHERE kind = ? AND subject = ? AND resolved_at IS NULL";
    return new Statements(connection).update(update, at, kind, subject) > 0;
  }
}
