package dev.lanyard.server.audit;

import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Says that a failover has taken back what was recorded: of the last kills nobody knows but
/// whoever sent them.
public final class SetbackAlarm {
  public static final String ALARM = "record-set-back";

  private SetbackAlarm() {}

  /// Raises the alarm from now on, once for each time.
  public static void on(Database database) {
    database.changes().noteSetbacks(SetbackAlarm::raise);
  }

  private static void raise(Connection connection, Change last) throws SQLException {
    Alarms.raise(
        connection,
        List.of(
            new Alarm(
                ALARM,
                "change " + last.sequence(),
                "of %s: the database does not have it any more, and may lack others of that time."
                        .formatted(last.at())
                    + " Repeat the kills since a minute before",
                last.at())));
  }
}
