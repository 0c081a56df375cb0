package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.revocation.DenySet;
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

/// What must be done from time to time: looks at the administrator's files, and forgets denials
/// that have nothing left to kill.
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final AuditLog audit;
  private final InstantSource clock;
  private final Map<String, List<Fault>> refused = new ConcurrentHashMap<>();
  private final Recurring timer = Recurring.onOneThread("upkeep");

  Upkeep(AuditLog audit, DenySet denied, Expired expired, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
    timer.every(MINUTE, HOUR, "forgetting what has expired", () -> forget(denied, expired));
  }

  /// Has something done every minute; what fails is tried again in a minute.
  ///
  /// @param what names it in the log
  void everyMinute(String what, Runnable task) {
    timer.every(MINUTE, "looking after " + what, task);
  }

  private void forget(DenySet denied, Expired expired) {
    denied.forget(clock.instant());
    int rows = expired.remove(clock.instant()).values().stream().mapToInt(Integer::intValue).sum();
    if (rows > 0) {
      LOG.info("{} rows that had expired were removed", rows);
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
    timer.every(LOOK, "looking after " + what, () -> look(what, look, version));
  }

  private void look(String what, Supplier<Reload> look, Supplier<String> version) {
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
        LOG.error("{} was changed and is broken; the old version stays in force: {}", what, faults);
        record(
            what + ".refused",
            Outcome.REFUSED,
            JsonObject.builder()
                .put("faults", faults.stream().map(Fault::toString).toList())
                .build());
      }
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
    timer.close();
  }
}
