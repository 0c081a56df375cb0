package dev.lanyard.server.export;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.database.DatabaseException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the record to one place, on a thread of its own: nobody ever waits for it. What could not
/// be sent is sent again, after pauses that grow; a position is noted only when the other side has
/// everything before it.
final class Exporter implements AutoCloseable {
  static final int MOST = 1_000;

  static final String ALARM = "export-stalled";

  /// A record cannot be read as it was written.
  static final String UNREADABLE = "audit-unreadable";

  /// Characters of the evidence of a record that a place does not take whole. Brokers and
  /// collectors take far more as a rule.
  private static final int MOST_EVIDENCE = 32 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String place;
  private final Positions positions;
  private final Sink sink;
  private final Alarms alarms;
  private final InstantSource clock;
  private final Thread thread;
  private volatile Optional<Instant> waitingSince = Optional.empty();
  private volatile boolean closing;

  /// How many records the next batch may have: fewer after one that took too long, so that a slow
  /// place gets on, and of what arrived little comes twice.
  private volatile int most = MOST;

  private Exporter(
      String place, Positions positions, Sink sink, Alarms alarms, InstantSource clock) {
    this.place = place;
    this.positions = positions;
    this.sink = sink;
    this.alarms = alarms;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("export-" + place).unstarted(this::run);
  }

  static Exporter of(
      String place, Positions positions, Sink sink, Alarms alarms, InstantSource clock) {
    return new Exporter(place, positions, sink, alarms, clock);
  }

  void start() {
    thread.start();
  }

  String place() {
    return place;
  }

  /// For how long the oldest record waits that the place does not have; zero if it has all. As of
  /// the last look, so that it can be told while the database does not answer.
  Duration lag() {
    return waitingSince
        .map(since -> Duration.between(since, clock.instant()))
        .filter(lag -> !lag.isNegative())
        .orElse(Duration.ZERO);
  }

  /// Whether its thread has not ended.
  boolean isAlive() {
    return thread.isAlive();
  }

  private void run() {
    var pause = LOOK;
    while (!closing) {
      try {
        pause = step() ? Duration.ZERO : LOOK;
      } catch (IOException | DatabaseException e) {
        pause = longer(pause);
        LOG.warn("the export {} waits {} s: {}", place, pause.toSeconds(), e.getMessage());
      } catch (RuntimeException | Error e) {
        // A fault of ours must not end the export for ever.
        pause = LONGEST_PAUSE;
        LOG.error("the export {} failed", place, e);
        failed(e);
      }
      if (!sleep(pause)) {
        return;
      }
    }
  }

  /// A fault of ours holds up the place as well as one of theirs, and is told in the same way.
  private void failed(Throwable fault) {
    if (waitingSince.isEmpty()) {
      waitingSince = Optional.of(clock.instant());
    }
    if (lag().compareTo(Exports.STALLED) > 0) {
      try {
        raise(fault);
      } catch (DatabaseException e) {
        LOG.warn("the export {} cannot raise an alarm: {}", place, e.getMessage());
      }
    }
  }

  private void raise(Throwable fault) {
    alarms.raise(
        new Alarm(
            ALARM,
            place,
            "the export %s is %d s behind: %s"
                .formatted(place, lag().toSeconds(), fault.getMessage()),
            clock.instant()));
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.compareTo(LOOK) < 0 ? LOOK : pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /// Sends one batch, if there is one and it is this node's turn.
  ///
  /// @return whether there is probably more
  boolean step() throws IOException {
    var look = positions.look(most);
    waitingSince = look.waitingSince();
    var records = look.records();
    boolean nothingNew = records.isEmpty() && look.after().equals(look.before());
    if (nothingNew || !positions.take()) {
      return false;
    }
    // Somebody else may have gone on between the look and the turn.
    look = positions.look(most);
    records = look.records();
    if (!records.isEmpty()) {
      tellUnreadable(records);
      if (!send(records)) {
        return true;
      }
    }
    int asked = most;
    if (positions.advance(look)) {
      waitingSince = Optional.empty();
      most = Math.min(MOST, most * 2);
    }
    return look.fresh().size() == asked;
  }

  /// It goes out as far as it can be read, and says so; the others go on.
  private void tellUnreadable(List<AuditRecord> records) {
    var unreadable = records.stream().filter(one -> !one.isReadable()).toList();
    if (!unreadable.isEmpty()) {
      alarms.raise(
          new Alarm(
              UNREADABLE,
              place,
              "%d records of a batch cannot be read, the first is record %d: run 'lanyard audit verify'"
                  .formatted(unreadable.size(), unreadable.getFirst().sequence()),
              clock.instant()));
    }
  }

  /// Whatever goes on longer than a restart of the other side, an administrator must look at, until
  /// it is over.
  ///
  /// @return whether the place has them; if not, it is to get fewer at once
  private boolean send(List<AuditRecord> records) throws IOException {
    boolean stalled = lag().compareTo(Exports.STALLED) > 0;
    try {
      sink.send(records);
    } catch (TooLargeException e) {
      if (most > 1) {
        most = Math.max(1, Math.min(records.size(), most) / 2);
        return false;
      }
      sendEach(records, stalled);
    } catch (IOException e) {
      if (e instanceof TookTooLongException) {
        most = Math.max(1, records.size() / 2);
      }
      throw told(e, stalled);
    }
    if (stalled) {
      alarms.resolve(ALARM, place, clock.instant());
    }
    return true;
  }

  /// One record that the place does not take must not keep those behind it: it is sent with less of
  /// its evidence, and says so.
  private void sendEach(List<AuditRecord> records, boolean stalled) throws IOException {
    try {
      for (var record : records) {
        try {
          sink.send(List.of(record));
        } catch (TooLargeException e) {
          LOG.warn(
              "the export {} sends record {} shortened: {}",
              place,
              record.sequence(),
              e.getMessage());
          sink.send(List.of(record.shortened(MOST_EVIDENCE)));
        }
      }
    } catch (IOException e) {
      throw told(e, stalled);
    }
  }

  private IOException told(IOException failure, boolean stalled) {
    if (stalled) {
      raise(failure);
    }
    return failure;
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(Sink.PATIENCE);
      positions.giveBack();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseException e) {
      LOG.debug("the turn of the export {} ends by itself: {}", place, e.getMessage());
    } finally {
      sink.close();
    }
  }
}
