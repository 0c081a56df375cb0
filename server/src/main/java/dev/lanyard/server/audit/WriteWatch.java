package dev.lanyard.server.audit;

import dev.lanyard.server.database.Database;
import java.util.concurrent.atomic.AtomicLong;

/// Looks whether the database has taken every transaction: what it does not take is answered with a
/// fault, and is not in the record. Where there is no room for records there is none for alarms
/// either, so that the alarm of a full disk stands as soon as there is room again; until then
/// health and figures tell. Thread-safe.
public final class WriteWatch {
  public static final String ALARM = "record-unwritable";

  private static final String SUBJECT = "the database";

  private final Database database;

  /// How many refusals an alarm was raised for.
  private final AtomicLong told = new AtomicLong();

  public WriteWatch(Database database) {
    this.database = database;
  }

  /// Raises the alarm if something was not taken since the last look. That it is taken shows that
  /// there is room again, also where no request comes that would.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if that is not taken either; the next
  ///   look tries again
  public void look() {
    var seen = database.refusals().seen();
    if (seen.transactions() > told.get() || seen.nowToo()) {
      new Alarms(database)
          .raise(
              new Alarm(
                  ALARM,
                  SUBJECT,
                  "transactions refused since the start of this node: %d, the last at %s: %s. Look for room on the disk of the database, and whether it runs"
                      .formatted(
                          seen.transactions(),
                          seen.last(),
                          seen.why().lines().findFirst().orElse("")),
                  seen.last()));
      told.set(seen.transactions());
      database.refusals().over(seen);
    }
  }
}
