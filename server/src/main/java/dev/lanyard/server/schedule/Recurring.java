package dev.lanyard.server.schedule;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Does things again and again until it is closed, whatever they throw: left to itself, a
/// [ScheduledExecutorService] drops a task that has thrown once, without a word. Thread-safe.
public final class Recurring implements AutoCloseable {
  private final Jobs jobs;
  private final ScheduledExecutorService timer;

  private Recurring(Jobs jobs, int threads, ThreadFactory factory) {
    this.jobs = jobs;
    this.timer = Executors.newScheduledThreadPool(threads, factory);
  }

  /// All tasks on one thread: a slow one holds up the others.
  ///
  /// @param jobs keep what fails
  /// @param thread its name
  public static Recurring onOneThread(Jobs jobs, String thread) {
    return new Recurring(jobs, 1, Thread.ofPlatform().daemon().name(thread).factory());
  }

  /// @param jobs keep what fails
  /// @param thread how their names begin
  public static Recurring onThreads(Jobs jobs, int threads, String thread) {
    return new Recurring(jobs, threads, Thread.ofPlatform().daemon().name(thread, 0).factory());
  }

  /// Does it after each pause.
  ///
  /// @param what names it in the log and in the figures
  public void every(Duration pause, String what, Runnable task) {
    every(pause, pause, what, task);
  }

  /// Does it after a first pause, and then after each further one.
  ///
  /// @param what names it in the log and in the figures
  public void every(Duration first, Duration pause, String what, Runnable task) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> jobs.attempt(what, pause, task),
            first.toNanos(),
            pause.toNanos(),
            TimeUnit.NANOSECONDS);
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
