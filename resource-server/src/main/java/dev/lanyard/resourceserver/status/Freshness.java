package dev.lanyard.resourceserver.status;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Since when nothing has been missed. Knowledge is fresh from the moment at which somebody
/// **asked** whether anything is missing, until the bound is over. Thread-safe.
final class Freshness {
  private final Duration bound;
  private final CountDownLatch first = new CountDownLatch(1);
  private volatile long asked = System.nanoTime();
  private volatile boolean counts;

  Freshness(Duration bound) {
    this.bound = bound;
  }

  /// Nothing was missing.
  ///
  /// @param asked when the question was sent, by [System#nanoTime]
  void renew(long asked) {
    this.asked = asked;
    counts = true;
    first.countDown();
  }

  /// Whatever is known counts no more until it is renewed.
  void lose() {
    counts = false;
  }

  boolean isFresh() {
    return counts && System.nanoTime() - asked <= bound.toNanos();
  }

  /// Waits for the first time.
  ///
  /// @return whether it has come
  boolean awaitFirst(Duration atMost) throws InterruptedException {
    return first.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
