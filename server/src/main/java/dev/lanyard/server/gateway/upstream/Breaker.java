package dev.lanyard.server.gateway.upstream;

import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.http.ClockMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Leaves a server alone that has failed several times in a row, so that nobody waits for it and it
/// can recover; then one request tries. A clock that is set back makes nobody wait longer.
/// Thread-safe.
public final class Breaker {
  private final int most;
  private final Duration pause;
  private final ClockMeter time;
  private int failures;
  private long until = Long.MIN_VALUE;

  public Breaker(GatewayLimits.Failures bounds, InstantSource clock) {
    this.most = bounds.inARow();
    this.pause = bounds.leftAlone();
    this.time = new ClockMeter(clock);
  }

  /// How long it is still left alone; empty if a request may go there, as far as is known now.
  public synchronized Optional<Duration> closed() {
    return closed(time.currentTimeNanos());
  }

  private Optional<Duration> closed(long now) {
    return failures < most || now >= until
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(until - now));
  }

  /// To be asked by whoever sends a request, and directly before: one that is refused in between
  /// has not tried anything.
  ///
  /// @return how long it is still left alone; empty if this request may go there
  public synchronized Optional<Duration> begins() {
    long now = time.currentTimeNanos();
    var wait = closed(now);
    if (wait.isEmpty() && failures == most) {
      // This one tries; the others go on waiting for what comes of it.
      until = now + pause.toNanos();
    }
    return wait;
  }

  /// It has begun to answer: the others need not wait any more, but if this ends badly they do
  /// again.
  public synchronized void begun() {
    failures = Math.min(failures, most - 1);
  }

  /// It has answered.
  public synchronized void answered() {
    failures = 0;
  }

  public synchronized void failed() {
    failures = Math.min(failures + 1, most);
    if (failures == most) {
      until = time.currentTimeNanos() + pause.toNanos();
    }
  }
}
