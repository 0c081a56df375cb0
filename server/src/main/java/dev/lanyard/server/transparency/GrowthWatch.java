package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Looks whether somebody grows the audit log, for a process that records and cannot: the gateway
/// alone has no key. What it records waits for a broker or resource authorization server, and until
/// one covers it, somebody who writes to the database could change it. Thread-safe.
public final class GrowthWatch {
  static final String ALARM = "audit-uncovered";

  private static final String SUBJECT = "the audit log";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Database database;
  private final InstantSource clock;

  public GrowthWatch(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Raises or ends the alarm.
  public void look() {
    var now = clock.instant();
    database.<Boolean>write(connection -> {
      long lookedAt = new LogTables(connection).state().map(LogState::lookedAt).orElse(0L);
      var oldest = oldest(new Statements(connection), lookedAt);
      if (oldest.filter(at -> at.plus(PATIENCE).isBefore(now)).isEmpty()) {
        return Alarms.resolve(connection, ALARM, SUBJECT, now);
      }
      var detail =
          """
          audit records since %s are not covered: no server with a signing key grows the log. Start \
          one, or run 'lanyard audit export' with the master key\
          """
              .formatted(oldest.get());
      Alarms.raise(connection, List.of(new Alarm(ALARM, SUBJECT, detail, now)));
      return true;
    });
  }

  private static Optional<Instant> oldest(Statements statements, long after) throws SQLException {
    return statements.first(
        "SELECT at FROM audit WHERE seq > ? ORDER BY seq LIMIT 1",
        rows -> Instant.ofEpochMilli(rows.getLong(1)),
        after);
  }
}
