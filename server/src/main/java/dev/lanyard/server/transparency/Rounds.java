package dev.lanyard.server.transparency;

import dev.lanyard.server.database.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does things again and again, each on a thread of its own, so that a slow one keeps no other.
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /// For a step that is being written when the node ends.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<ScheduledExecutorService> timers = new ArrayList<>();

  /// @param what names it in the log
  void every(Duration pause, String what, Runnable task) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(what).factory());
    timers.add(timer);
    var _ =
        timer.scheduleWithFixedDelay(
            () -> attempt(what, task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (DatabaseException e) {
      LOG.warn("{}: the database cannot; it is tried again", what, e);
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      LOG.error("{} failed; it is tried again", what, e);
    }
  }

  @Override
  public void close() {
    timers.forEach(ScheduledExecutorService::shutdownNow);
    try {
      for (var timer : timers) {
        var _ = timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
