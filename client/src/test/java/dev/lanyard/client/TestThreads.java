package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Threads that a test waits for.
public final class TestThreads {
  private TestThreads() {}

  /// Waits until a thread itself waits for somebody: it has begun, and cannot go on.
  public static void awaitWaiting(Thread thread) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (thread.getState() != Thread.State.WAITING && System.nanoTime() < until) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
  }
}
