package dev.lanyard.server.app.node;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes part in the reconciliation from time to time, in turn with the other nodes, and knows how
/// many alarms stand.
final class Reconciler implements AutoCloseable {
  /// Well within the five minutes after which nothing of a disabled person may live (DPR-1).
  static final Duration EVERY = Duration.ofMinutes(2);

  /// Nodes look each at a time of its own. Somebody who looks a little early takes the turn: the
  /// next look would be late.
  private static final Duration TURN = Duration.ofSeconds(90);

  /// A reconciliation takes at most a fifth of one core.
  private static final int REST = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(10);

  private final Alarms alarms;
  private final Recurring reconciling;

  /// A reconciliation rests for long, and is at work when alarms are raised.
  private final Recurring counting;

  private volatile Map<String, Integer> standing = Map.of();

  Reconciler(Reconciliation reconciliation, Alarms alarms, Jobs jobs) {
    this(() -> reconcile(reconciliation), alarms, jobs, EVERY, COUNT_EVERY);
  }

  Reconciler(
      Runnable reconciliation, Alarms alarms, Jobs jobs, Duration every, Duration countEvery) {
    this.alarms = alarms;
    this.reconciling = Recurring.onOneThread(jobs, "reconciliation");
    this.counting = Recurring.onOneThread(jobs, "alarms");
    reconciling.every(every, "the reconciliation", reconciliation);
    counting.every(countEvery, "counting alarms", this::count);
  }

  private static void reconcile(Reconciliation reconciliation) {
    int alive =
        reconciliation
            .runInTurn(TURN, Reconciler::rest)
            .map(report -> report.findings().size())
            .orElse(0);
    if (alive > 0) {
      LOG.error("{} things were alive that should be dead, and were killed", alive);
    }
  }

  private static void rest(Duration worked) {
    // An interruption is kept for the timer; the rest of the comparison is then done without rests.
    LockSupport.parkNanos(worked.multipliedBy(REST).toNanos());
  }

  private void count() {
    try {
      standing =
          alarms.standing().stream()
              .collect(Collectors.toMap(one -> one.alarm().kind(), _ -> 1, Integer::sum));
    } catch (DatabaseException e) {
      LOG.debug("alarms cannot be counted now: {}", e.toString());
    }
  }

  /// How many alarms stand, as of a moment ago.
  int alarms() {
    return standing.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// How many of each kind, as of a moment ago.
  Map<String, Integer> alarmsByKind() {
    return standing;
  }

  @Override
  public void close() {
    reconciling.close();
    counting.close();
  }
}
