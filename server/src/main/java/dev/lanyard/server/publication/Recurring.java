package dev.lanyard.server.publication;

import dev.lanyard.server.schedule.Jobs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A thread that does one thing again and again: when its time has come, and at once when there is
/// news. What fails is tried again in a second; the thread never ends before it is closed.
final class Recurring implements AutoCloseable {
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

  private final String what;
  private final Task task;
  private final Semaphore news = new Semaphore(1);
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closing;

  /// Something to be done from time to time.
  @FunctionalInterface
  interface Task {
    /// @return when it is to be done again, if there is no news before
    Duration run();
  }

  /// @param what names the thread
  Recurring(String what, Task task) {
    this.what = what;
    this.task = task;
  }

  /// @param jobs keep what fails
  void start(Jobs jobs) {
    thread = Optional.of(Thread.ofPlatform().daemon().name(what).start(() -> run(jobs)));
  }

  /// There is something new to look at.
  void wake() {
    news.release();
  }

  private void run(Jobs jobs) {
    while (!closing) {
      try {
        var pause = attempt(jobs);
        var _ = news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Duration attempt(Jobs jobs) {
    var pause = new AtomicReference<>(AFTER_A_FAULT);
    var _ = jobs.attempt(what, AFTER_A_FAULT, () -> attempt(pause));
    return pause.get();
  }

  private void attempt(AtomicReference<Duration> pause) {
    try {
      pause.set(task.run());
    } catch (RuntimeException | Error e) {
      // A thread that ends would leave undone for ever what it is there for. What is interrupted
      // by the end is no failure.
      if (!closing) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    if (thread.isEmpty()) {
      return;
    }
    thread.get().interrupt();
    try {
      thread.get().join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
