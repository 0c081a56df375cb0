package dev.lanyard.server.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Leaves a server alone that has failed several times in a row, so that nobody waits for it and it
/// can recover; then one request tries. Thread-safe.
final class Breaker {
  private final int most;
  private final Duration pause;
  private final InstantSource clock;
  private int failures;
  private Instant until = Instant.MIN;

  Breaker(GatewayLimits limits, InstantSource clock) {
    this.most = limits.failuresInARow();
    this.pause = limits.leftAloneFor();
    this.clock = clock;
  }

  /// How long it is still left alone; empty if a request may go there, as far as is known now.
  synchronized Optional<Duration> closed() {
    return closed(clock.instant());
  }

  private Optional<Duration> closed(Instant now) {
    return failures < most || !now.isBefore(until)
        ? Optional.empty()
        : Optional.of(Duration.between(now, until));
  }

  /// To be asked by whoever sends a request, and directly before: one that is refused in between
  /// has not tried anything.
  ///
  /// @return how long it is still left alone; empty if this request may go there
  synchronized Optional<Duration> begins() {
    var now = clock.instant();
    var wait = closed(now);
    if (wait.isEmpty() && failures == most) {
      // This one tries; the others go on waiting for what comes of it.
      until = now.plus(pause);
    }
    return wait;
  }

  /// It has begun to answer: the others need not wait any more, but if this ends badly they do
  /// again.
  synchronized void begun() {
    failures = Math.min(failures, most - 1);
  }

  /// It has answered.
  synchronized void answered() {
    failures = 0;
  }

  synchronized void failed() {
    failures = Math.min(failures + 1, most);
    if (failures == most) {
      until = clock.instant().plus(pause);
    }
  }
}
