package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.Reload;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must be done from time to time: looks at the administrator's files, and forgets denials
/// that have nothing left to kill.
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long LOOK_MILLIS = 250;

  private final AuditLog audit;
  private final InstantSource clock;
  private final Map<String, List<Fault>> refused = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("upkeep").factory());

  Upkeep(AuditLog audit, DenySet denied, Expired expired, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
    var _ = timer.scheduleWithFixedDelay(() -> forget(denied, expired), 1, 60, TimeUnit.MINUTES);
  }

  /// Has something done every minute; what fails is tried again in a minute.
  ///
  /// @param what names it in the log
  void everyMinute(String what, Runnable task) {
    var _ = timer.scheduleWithFixedDelay(() -> attempt(what, task), 1, 1, TimeUnit.MINUTES);
  }

  private static void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      LOG.error("looking after {} failed", what, e);
    }
  }

  private void forget(DenySet denied, Expired expired) {
    try {
      denied.forget(clock.instant());
      int rows =
          expired.remove(clock.instant()).values().stream().mapToInt(Integer::intValue).sum();
      if (rows > 0) {
        LOG.info("{} rows that had expired were removed", rows);
      }
    } catch (DatabaseException e) {
      LOG.warn("what had expired could not be removed; it is tried again in an hour", e);
    }
  }

  /// Follows files. A broken version is recorded and told by the health; the old one stays in
  /// force.
  ///
  /// @param what names them in the record: `<what>.loaded`, `<what>.refused`
  /// @param look takes a changed version over
  /// @param version names the version in force
  void watch(String what, Supplier<Reload> look, Supplier<String> version) {
    record(
        what + ".loaded",
        Outcome.SUCCESS,
        JsonObject.builder().put("version", version.get()).build());
    var _ =
        timer.scheduleWithFixedDelay(
            () -> look(what, look, version), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look(String what, Supplier<Reload> look, Supplier<String> version) {
    try {
      switch (look.get()) {
        case Reload.Unchanged() -> {}
        case Reload.Loaded(_) -> {
          refused.remove(what);
          LOG.info("{} is in force, version {}", what, version.get());
          record(
              what + ".loaded",
              Outcome.SUCCESS,
              JsonObject.builder().put("version", version.get()).build());
        }
        case Reload.Refused(var faults) -> {
          refused.put(what, faults);
          LOG.error(
              "{} was changed and is broken; the old version stays in force: {}", what, faults);
          record(
              what + ".refused",
              Outcome.REFUSED,
              JsonObject.builder()
                  .put("faults", faults.stream().map(Fault::toString).toList())
                  .build());
        }
      }
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      LOG.error("looking after {} failed", what, e);
    }
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
    timer.shutdownNow();
  }
}
