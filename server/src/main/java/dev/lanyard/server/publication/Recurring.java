package dev.lanyard.server.publication;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that does one thing again and again: when its time has come, and at once when there is
/// news. What fails is tried again in a second; the thread never ends before it is closed.
final class Recurring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

  private final String what;
  private final Task task;
  private final Semaphore news = new Semaphore(1);
  private final Thread thread;
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
    this.thread = Thread.ofPlatform().daemon().name(what).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// There is something new to look at.
  void wake() {
    news.release();
  }

  private void run() {
    while (!closing) {
      try {
        var pause = attempt();
        var _ = news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Duration attempt() {
    try {
      return task.run();
    } catch (RuntimeException | Error e) {
      // A thread that ends would leave undone for ever what it is there for.
      if (!closing) {
        LOG.warn("{} failed; it is tried again", what, e);
      }
      return AFTER_A_FAULT;
    }
  }

  @Override
  public void close() {
    closing = true;
    if (!thread.isAlive()) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
