package dev.lanyard.server.publication;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.publication.ExceptionEndTables.Mark;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.schedule.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Draws the consequences of the end of an exception at the very instant it ends: whoever has what
/// only it gave loses the tokens that give it.
///
/// Decisions need nobody for this, they look at the clock; tokens from before would live on. What
/// was done is kept in the database, so that a start does what fell due while nothing ran. It is
/// done twice: at the instant, and again when no node can have decided by a clock or a library from
/// before any more. Every node does it, and of the same end the signals have the same names, so
/// that several have one effect. What a clock that was ahead has done too early is done again at
/// the true end. Thread-safe.
public final class ExceptionEnds implements AutoCloseable {
  /// How late a change of the library can be noticed that announces itself to nobody.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Database database;
  private final Supplier<Library> library;
  private final Losses losses;
  private final Consequences.Enforcement enforcement;
  private final Duration lateness;
  private final InstantSource clock;
  private final ReentrantLock settling = new ReentrantLock();
  private final Set<End> settled = new HashSet<>();
  private final Recurring thread;

  /// @param library what is in force
  /// @param lateness how long after an end a node may still decide as if it had not come
  public ExceptionEnds(
      Database database,
      Supplier<Library> library,
      Losses losses,
      Consequences.Enforcement enforcement,
      Duration lateness,
      InstantSource clock) {
    this.database = database;
    this.library = library;
    this.losses = losses;
    this.enforcement = enforcement;
    this.lateness = lateness;
    this.clock = clock;
    this.thread = new Recurring("exception-ends", this::pause);
    database.changes().watch(Publications.CHANGE, _ -> thread.wake());
  }

  /// The end of an exception. One that is prolonged ends again.
  record End(String exemption, Instant until) {
    static End of(Exemption exemption) {
      return new End(exemption.name(), exemption.until().truncatedTo(ChronoUnit.MILLIS));
    }

    /// Names the occasion: the same twice has one effect.
    String id() {
      return "exception-" + exemption + "-" + until.toEpochMilli();
    }
  }

  /// Goes on settling until it is closed.
  ///
  /// @param jobs keep what fails
  public ExceptionEnds start(Jobs jobs) {
    thread.start(jobs);
    return this;
  }

  private Duration pause() {
    settle();
    var now = clock.instant();
    return next(now)
        .map(next -> Duration.between(now, next))
        .filter(wait -> wait.compareTo(LOOK) < 0)
        // Rounded up: a moment before the end there is nothing to settle.
        .map(wait -> wait.plusMillis(1))
        .orElse(LOOK);
  }

  private Optional<Instant> next(Instant now) {
    var current = library.get();
    var end = current.nextExpiry(now);
    var forGood = current.nextExpiry(now.minus(lateness)).map(until -> until.plus(lateness));
    return Stream.concat(end.stream(), forGood.stream()).min(Comparator.naturalOrder());
  }

  /// What ends here ends for all nodes: not by the clock of one that is ahead.
  private Instant now() {
    return database.cautious(clock.instant());
  }

  /// Does now what is to be done now.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it could not be done; it is still to
  ///   be done then
  public void settle() {
    settling.lock();
    try {
      var current = library.get();
      var ours = clock.instant();
      settled.removeIf(end -> end.until().isAfter(ours));
      // The database can only say that it is earlier.
      if (current.exemptions().stream()
          .allMatch(one -> one.isInForce(ours) || settled.contains(End.of(one)))) {
        return;
      }
      var now = now();
      var due =
          current.exemptions().stream()
              .filter(one -> !one.isInForce(now) && !settled.contains(End.of(one)))
              .toList();
      if (!due.isEmpty()) {
        var marks = database.read(connection -> new ExceptionEndTables(connection).marks());
        due.forEach(one -> settle(current, one, marks.getOrDefault(End.of(one), Mark.NONE), now));
      }
    } finally {
      settling.unlock();
    }
  }

  private void settle(Library current, Exemption exemption, Mark mark, Instant now) {
    var end = End.of(exemption);
    boolean late = !now.isBefore(end.until().plus(lateness));
    if (mark.isSettled(now)) {
      settled.add(end);
      return;
    }
    if (mark.isEnforced(now) && !late) {
      return;
    }
    var lost =
        losses.between(
            as(current, exemption, Instant.MAX), current, member -> isFor(exemption, member));
    if (!lost.isNothing()) {
      enforcement.on(lost, end.id() + mark.afterTooEarly(now) + (late ? "-for-good" : ""));
    }
    boolean _ =
        database.write(connection -> {
          var tables = new ExceptionEndTables(connection);
          boolean first = tables.mark(end, late, now);
          if (first) {
            AuditLog.append(connection, Records.ended(end, current.version(), lost, late, now));
          }
          return first;
        });
    if (late) {
      settled.add(end);
    }
  }

  private static boolean isFor(Exemption exemption, Member member) {
    return member.isAmong(exemption.people())
        || member.groups().stream().anyMatch(exemption.groups()::contains);
  }

  /// The library as if one of its exceptions ended at another time.
  private static Library as(Library library, Exemption exemption, Instant until) {
    var prolonged =
        new Exemption(
            exemption.name(),
            exemption.justification(),
            exemption.people(),
            exemption.groups(),
            until,
            exemption.clearance(),
            exemption.connectors());
    var exemptions =
        library.exemptions().stream()
            .map(one -> one.name().equals(exemption.name()) ? prolonged : one)
            .toList();
    return new Library(
        library.version(),
        library.dataClasses(),
        library.connectors(),
        library.roles(),
        library.clients(),
        exemptions,
        library.separations());
  }

  @Override
  public void close() {
    thread.close();
  }
}
