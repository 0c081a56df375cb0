package dev.lanyard.server.gateway.upstream;

import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.http.ClockMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Leaves a server alone that has failed several times in a row, so that nobody waits for it and it
/// can recover; then one request tries. A clock that is set back makes nobody wait longer.
/// Thread-safe.
///
/// What one person alone has met at a server that can be reached may be their own doing: it is only
/// they who wait then. And whoever has met the last failure does not try before the others.
public final class Breaker {
  /// Has met a failure where the server cannot be reached.
  private static final String NOBODY = "";

  private final int most;
  private final Duration pause;
  private final ClockMeter time;
  private final Set<String> met = new HashSet<>();
  private String last = NOBODY;
  private int failures;
  private long until = Long.MIN_VALUE;

  public Breaker(GatewayLimits.Failures bounds, InstantSource clock) {
    this.most = bounds.inARow();
    this.pause = bounds.leftAlone();
    this.time = new ClockMeter(clock);
  }

  /// How long it is still left alone; empty if a request may go there, as far as is known now.
  ///
  /// @param person who asks
  public synchronized Optional<Duration> closed(String person) {
    return closed(person, time.currentTimeNanos());
  }

  private Optional<Duration> closed(String person, long now) {
    long end = isOfAll() && person.equals(last) ? until + pause.toNanos() : until;
    return !isOf(person) || now >= end
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(end - now));
  }

  private boolean isOfAll() {
    return met.size() > 1 || met.contains(NOBODY);
  }

  private boolean isOf(String person) {
    return failures == most && (isOfAll() || met.contains(person));
  }

  /// To be asked by whoever sends a request, and directly before: one that is refused in between
  /// has not tried anything.
  ///
  /// @return how long it is still left alone; empty if this request may go there
  public synchronized Optional<Duration> begins(String person) {
    long now = time.currentTimeNanos();
    var wait = closed(person, now);
    if (wait.isEmpty() && isOf(person)) {
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
    met.clear();
    last = NOBODY;
  }

  /// It cannot be reached, whoever asks.
  public void unreachable() {
    failed(NOBODY);
  }

  /// It has failed after it was reached.
  ///
  /// @param person whose request it was
  public synchronized void failed(String person) {
    met.add(person);
    last = person;
    failures = Math.min(failures + 1, most);
    if (failures == most) {
      until = time.currentTimeNanos() + pause.toNanos();
    }
  }
}
