package dev.lanyard.server.database;

import java.time.Duration;
import java.time.InstantSource;

/// A moment by two clocks, neither of which can be trusted alone: one stands still while the
/// machine is suspended, the other is set.
record Moment(long nanos, long millis) {
  static Moment now(InstantSource wall) {
    return new Moment(System.nanoTime(), wall.millis());
  }

  /// The longer of both times.
  Duration until(Moment later) {
    var monotonic = Duration.ofNanos(later.nanos - nanos);
    var byWall = Duration.ofMillis(later.millis - millis);
    return monotonic.compareTo(byWall) < 0 ? byWall : monotonic;
  }
}
