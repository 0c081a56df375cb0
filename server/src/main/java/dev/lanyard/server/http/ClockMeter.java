package dev.lanyard.server.http;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The time of a clock of ours for what counts by time, so that tests can move it. It never goes
/// back: when the clock is set back, this goes on from where it was, so that nobody waits until the
/// clock shows the old time again. Thread-safe.
public final class ClockMeter implements TimeMeter {
  /// Less is no step: of two threads one has read the clock a moment earlier.
  private static final long STEP_MILLIS = Duration.ofSeconds(1).toMillis();

  private final InstantSource clock;
  private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
  private volatile long ahead;

  public ClockMeter(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public long currentTimeNanos() {
    return TimeUnit.MILLISECONDS.toNanos(millis());
  }

  private long millis() {
    long now = clock.millis() + ahead;
    long before = latest.get();
    if (now <= before) {
      return now < before - STEP_MILLIS ? steppedBack() : before;
    }
    return latest.accumulateAndGet(now, Math::max);
  }

  /// One thread takes note of it; the others find that it has.
  private synchronized long steppedBack() {
    long now = clock.millis() + ahead;
    long before = latest.get();
    if (now < before - STEP_MILLIS) {
      ahead += before - now;
      return before;
    }
    return latest.accumulateAndGet(now, Math::max);
  }

  @Override
  public boolean isWallClockBased() {
    return true;
  }
}
