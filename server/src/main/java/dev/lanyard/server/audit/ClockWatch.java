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

  /// Far from what a network takes, and from what clocks differ by that somebody sets.
  private static final Duration BOUND = Duration.ofMinutes(2);

  /// Whoever has the alarm raises it each time it looks: after so long without, it is gone.
  private static final Duration GONE = Duration.ofDays(1);

  private final Database database;
  private final String node;
  private final InstantSource clock;

  /// Also one that this node has raised before it was restarted.
  private volatile boolean mayStand = true;

  /// @param node names this process among the others of the installation
  public ClockWatch(Database database, String node, InstantSource clock) {
    this.database = database;
    this.node = node;
    this.clock = clock;
  }

  /// Raises the alarm of this node if the clocks differ by more than two minutes, and ends it when
  /// they do not any more; ends those of nodes that have not been seen for a day. The log of the
  /// node says so too. An embedded database has this node's clock.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot answer
  public void look() {
    var before = clock.instant();
    database
        .time()
        .ifPresent(theirs -> {
          compare(before, theirs, clock.instant());
          endThoseOfNodesThatAreGone(theirs);
        });
  }

  /// @param theirs when the database was asked, by its clock
  private void compare(Instant before, Instant theirs, Instant after) {
    var ahead = Duration.between(theirs, before);
    var behind = Duration.between(after, theirs);
    if (ahead.compareTo(BOUND) > 0) {
      raise("%d s ahead of".formatted(ahead.toSeconds()), theirs);
    } else if (behind.compareTo(BOUND) > 0) {
      raise("%d s behind".formatted(behind.toSeconds()), theirs);
    } else if (mayStand) {
      var _ = new Alarms(database).resolve(ALARM, node, theirs);
      mayStand = false;
    }
  }

  private void endThoseOfNodesThatAreGone(Instant at) {
    new Alarms(database)
        .standing().stream()
            .filter(one ->
                one.alarm().kind().equals(ALARM) && one.alarm().at().isBefore(at.minus(GONE)))
            .forEach(gone -> {
              var _ = database.write(connection -> Alarms.resolve(connection, gone, at));
            });
  }

  private void raise(String how, Instant at) {
    mayStand = true;
    LOG.warn("the clock of this node is {} that of the database", how);
    new Alarms(database)
        .raise(
            new Alarm(
                ALARM,
                node,
                "the clock of this node is %s that of the database; set one of them".formatted(how),
                at));
  }
}
