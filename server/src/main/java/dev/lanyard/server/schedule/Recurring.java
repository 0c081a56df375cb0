package dev.lanyard.server.schedule;

import dev.lanyard.server.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does things again and again until it is closed, whatever they throw: left to itself, a
/// [ScheduledExecutorService] drops a task that has thrown once, without a word. Thread-safe.
public final class Recurring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

  private final ScheduledExecutorService timer;

  private Recurring(int threads, ThreadFactory factory) {
    this.timer = Executors.newScheduledThreadPool(threads, factory);
  }

  /// All tasks on one thread: a slow one holds up the others.
  ///
  /// @param thread its name
  public static Recurring onOneThread(String thread) {
    return new Recurring(1, Thread.ofPlatform().daemon().name(thread).factory());
  }

  /// @param thread how their names begin
  public static Recurring onThreads(int threads, String thread) {
    return new Recurring(threads, Thread.ofPlatform().daemon().name(thread, 0).factory());
  }

  /// Does it after each pause.
  ///
  /// @param what names it in the log
  public void every(Duration pause, String what, Runnable task) {
    every(pause, pause, what, task);
  }

  /// Does it after a first pause, and then after each further one.
  ///
  /// @param what names it in the log
  public void every(Duration first, Duration pause, String what, Runnable task) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> attempt(what, task), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (DatabaseException e) {
      LOG.warn("{}: the database cannot; it is tried again", what, e);
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed; it is tried again", what, e);
    }
  }

  /// Begins nothing more, interrupts what is under way, and does not wait for it.
  @Override
  public void close() {
    timer.shutdownNow();
  }

  /// Begins nothing more, interrupts what is under way, and waits until it has ended, but no longer
  /// than `patience`.
  public void close(Duration patience) {
    close();
    try {
      var _ = timer.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
