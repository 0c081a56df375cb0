package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.Reload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must be done from time to time: looks at the administrator's files, and forgets what has
/// nothing left to decide. A change of a file acts within a second, however long anything else
/// takes.
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final AuditLog audit;
  private final InstantSource clock;
  private final Map<String, List<Fault>> refused = new ConcurrentHashMap<>();
  private final Recurring files;
  private final Recurring timer;
  private final Recurring unhurried;
  private final Recurring alone;
  private final Duration often;

  Upkeep(AuditLog audit, DenySet denied, Expired expired, Jobs jobs, InstantSource clock) {
    this(audit, denied, expired, jobs, clock, MINUTE);
  }

  /// @param often what is done "every minute" is done so often
  Upkeep(
      AuditLog audit,
      DenySet denied,
      Expired expired,
      Jobs jobs,
      InstantSource clock,
      Duration often) {
    this.audit = audit;
    this.clock = clock;
    this.often = often;
    this.files = Recurring.onOneThread(jobs, "files");
    this.timer = Recurring.onOneThread(jobs, "upkeep");
    this.unhurried = Recurring.onThreads(jobs, 2, "upkeep-unhurried-");
    this.alone = Recurring.onOneThread(jobs, "upkeep-alone");
    unhurried.every(often, HOUR, "forgetting what has expired", () -> forget(denied, expired));
  }

  /// Has something done every minute that takes moments: it holds up what else is done so. What
  /// fails is tried again in a minute.
  ///
  /// @param what names it in the log
  void everyMinute(String what, Runnable task) {
    timer.every(often, "looking after " + what, task);
  }

  /// The same for what may take minutes: it asks others, or reads what grows with the use.
  ///
  /// @param what names it in the log
  void everyMinuteUnhurried(String what, Runnable task) {
    unhurried.every(often, "looking after " + what, task);
  }

  /// The same for the one thing that looks after all others: none that hangs holds it up.
  ///
  /// @param what names it in the log
  void everyMinuteAlone(String what, Runnable task) {
    alone.every(often, "looking after " + what, task);
  }

  private void forget(DenySet denied, Expired expired) {
    denied.forget(clock.instant());
    if (!expired.isOurTurn(clock.instant())) {
      return;
    }
    int rows = expired.remove(clock.instant()).values().stream().mapToInt(Integer::intValue).sum();
    if (rows > 0) {
      LOG.info("{} rows that had expired were removed", rows);
    }
  }

  /// Follows files. A broken version is recorded and told by the health; the old one stays in
  /// force.
  ///
  /// @param what names them in the record: `<what>.loaded`, `<what>.refused`; and in the health
  /// @param look takes a changed version over
  /// @param version names the version in force
  void watch(String what, Supplier<Reload> look, Supplier<String> version) {
    watch(what, what, look, version);
  }

  /// The same where there are several of a kind.
  ///
  /// @param which tells them from the others in the health, e.g. `clients of the broker`
  void watch(String what, String which, Supplier<Reload> look, Supplier<String> version) {
    loaded(what, version);
    files.every(LOOK, "looking after " + which, () -> look(what, which, look, version));
  }

  private void look(String what, String which, Supplier<Reload> look, Supplier<String> version) {
    switch (look.get()) {
      case Reload.Unchanged() -> {}
      case Reload.Loaded(_) -> {
        refused.remove(which);
        LOG.info("{}: version {} is in force", which, version.get());
        loaded(what, version);
      }
      case Reload.Refused(var faults) -> {
        refused.put(which, faults);
        LOG.error("{}: the change is broken; the old version stays in force: {}", which, faults);
        record(
            what + ".refused",
            Outcome.REFUSED,
            JsonObject.builder()
                .put("faults", faults.stream().map(Fault::toString).toList())
                .build());
      }
    }
  }

  private void loaded(String what, Supplier<String> version) {
    record(
        what + ".loaded",
        Outcome.SUCCESS,
        JsonObject.builder().put("version", version.get()).build());
  }

  private void record(String type, Outcome outcome, JsonObject evidence) {
    try {
      audit.append(AuditEvent.of(type, outcome, clock.instant(), "upkeep", evidence));
    } catch (DatabaseException e) {
      LOG.error("{} could not be recorded", type, e);
    }
  }

  /// Which files are broken, so that an older version is in force.
  Map<String, List<Fault>> refused() {
    return Map.copyOf(refused);
  }

  @Override
  public void close() {
    files.close();
    timer.close();
    unhurried.close();
    alone.close();
  }
}
