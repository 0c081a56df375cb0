package dev.lanyard.server.console.desk;

import dev.lanyard.server.publication.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Computes what drafts would change, one at a time on a node and not for long: everybody and a
/// month of the record is much. Thread-safe.
final class Planning {
  /// Whoever replays more has a command for it.
  private static final Duration LONGEST_WORK = Duration.ofSeconds(60);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final Parts parts;
  private final Drafting with;
  private final Semaphore atWork = new Semaphore(1);

  Planning(Parts parts, Drafting with) {
    this.parts = parts;
    this.with = with;
  }

  /// It would take too long.
  private static final class OutOfTimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfTimeException() {
      super("the plan takes too long", null, false, false);
    }
  }

  /// What a draft would change; empty if it would take too long, or somebody else's is computed for
  /// too long.
  ///
  /// @param days how far back recorded exchanges are replayed
  Optional<Plan> of(Workbench bench, int days) {
    if (!isMyTurn()) {
      return Optional.empty();
    }
    try {
      var clock = parts.platform().clock();
      var end = clock.instant().plus(LONGEST_WORK);
      return Optional.of(
          with.planner()
              .plan(
                  parts.library().get(),
                  with.readings().read(bench.files()),
                  Duration.ofDays(days),
                  _ -> inTime(clock.instant(), end)));
    } catch (OutOfTimeException e) {
      return Optional.empty();
    } finally {
      atWork.release();
    }
  }

  private boolean isMyTurn() {
    try {
      return atWork.tryAcquire(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void inTime(Instant now, Instant end) {
    if (now.isAfter(end)) {
      throw new OutOfTimeException();
    }
  }
}
