package dev.lanyard.server.audit;

import dev.lanyard.server.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the clock of this node with that of the database, which all nodes share. A node whose
/// clock is wrong takes what has expired for good, or refuses what has not. Thread-safe.
public final class ClockWatch {
  public static final String ALARM = "clock-differs";

  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final String SUBJECT = "the clock of a node";

  /// Far from what a network takes, and from what clocks differ by that somebody sets.
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final Database database;
  private final InstantSource clock;

  public ClockWatch(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Raises the alarm if the clocks differ by more than two minutes. The log of the node that is
  /// meant says so too. An embedded database has this node's clock.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot answer
  public void look() {
    var before = clock.instant();
    database.time().ifPresent(theirs -> compare(before, theirs, clock.instant()));
  }

  /// @param theirs when the database was asked, by its clock
  private void compare(Instant before, Instant theirs, Instant after) {
    var ahead = Duration.between(theirs, before);
    var behind = Duration.between(after, theirs);
    if (ahead.compareTo(BOUND) > 0) {
      raise("%d s ahead of".formatted(ahead.toSeconds()), theirs);
    } else if (behind.compareTo(BOUND) > 0) {
      raise("%d s behind".formatted(behind.toSeconds()), theirs);
    }
  }

  private void raise(String how, Instant at) {
    LOG.warn("the clock of this node is {} that of the database", how);
    new Alarms(database)
        .raise(
            new Alarm(
                ALARM,
                SUBJECT,
                "it is %s that of the database; the log of that node says so too: set one of them"
                    .formatted(how),
                at));
  }
}
