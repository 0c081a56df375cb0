package dev.lanyard.server.audit;

import dev.lanyard.server.database.Database;
import java.util.concurrent.atomic.AtomicLong;

/// Looks whether the database has taken every shared transaction: what it does not take was
/// answered with a fault, and is not in the record. Where there is no room for records there is
/// none for alarms either, so that the alarm of a full disk stands as soon as there is room again;
/// until then health and figures tell. Thread-safe.
public final class WriteWatch {
  public static final String ALARM = "record-unwritable";

  private static final String SUBJECT = "the database";

  private final Database database;

  /// How many refusals an alarm was raised for.
  private final AtomicLong told = new AtomicLong();

  public WriteWatch(Database database) {
    this.database = database;
  }

  /// Raises the alarm if something was not taken since the last look.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if that is not taken either; the next
  ///   look tries again
  public void look() {
    var refusals = database.groupCommit().refusals();
    if (refusals.units() > told.get()) {
      new Alarms(database)
          .raise(
              new Alarm(
                  ALARM,
                  SUBJECT,
                  "%d requests were refused since the start of this node, the last at %s: %s"
                      .formatted(
                          refusals.units(),
                          refusals.last(),
                          refusals.why().lines().findFirst().orElse("")),
                  refusals.last()));
      told.set(refusals.units());
    }
  }
}
