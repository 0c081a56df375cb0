package dev.lanyard.server.receipts;

import dev.lanyard.server.revocation.DenySet;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Whether many are being killed right now: then the paper about some of them waits, because on the
/// same cores the others are being refused. Thread-safe.
final class Rush {
  /// So many kills in one change are more than daily business.
  static final int MANY = 20;

  /// Longer than two changes of one rush are apart.
  private static final Duration CALM = Duration.ofMillis(1500);

  /// With what is waited for afterwards within the time for which a message is its carrier's by
  /// default, unless there were stragglers: whoever died waiting is followed.
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Duration LOOK = Duration.ofMillis(100);

  private final LongSupplier nanos;
  private final AtomicLong calmFrom;

  /// @param nanos a clock that only goes forward
  Rush(LongSupplier nanos) {
    this.nanos = nanos;
    this.calmFrom = new AtomicLong(nanos.getAsLong());
  }

  static Rush of(DenySet denied) {
    var rush = new Rush(System::nanoTime);
    denied.onArrival(denials -> rush.arrived(denials.size()));
    return rush;
  }

  /// @param denials how many came in one change
  void arrived(int denials) {
    if (denials >= MANY) {
      calmFrom.set(nanos.getAsLong() + CALM.toNanos());
    }
  }

  boolean isOn() {
    return calmFrom.get() - nanos.getAsLong() > 0;
  }

  /// Waits until it is over, or until what waits has waited long enough.
  void awaitEnd() {
    long until = nanos.getAsLong() + PATIENCE.toNanos();
    try {
      while (isOn() && until - nanos.getAsLong() > 0) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
