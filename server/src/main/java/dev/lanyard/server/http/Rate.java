package dev.lanyard.server.http;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;

/// How often something may happen in a minute, for each of those that cause it. Each node counts
/// for itself; whoever was not heard of for long is forgotten first. Thread-safe.
///
/// @param <K> who causes it
public final class Rate<K> {
  private static final int MOST = 100_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final LoadingCache<K, Bucket> buckets;

  public Rate(int perMinute, InstantSource clock) {
    this(perMinute, perMinute, clock);
  }

  /// @param atOnce how often it may happen after a long pause
  public Rate(int atOnce, int perMinute, InstantSource clock) {
    var time = new ClockMeter(clock);
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .build(_ ->
                Bucket.builder()
                    .addLimit(limit -> limit.capacity(atOnce).refillGreedy(perMinute, WINDOW))
                    .withCustomTimePrecision(time)
                    .build());
  }

  /// Counts one more; false if there were too many.
  public boolean admits(K who) {
    return admits(who, 1);
  }

  /// Counts several more; false, and none is counted, if these were too many.
  ///
  /// @param many at least one
  public boolean admits(K who, int many) {
    return buckets.get(who).tryConsume(many);
  }

  /// Takes back one that was counted: it was no trouble.
  public void giveBack(K who) {
    buckets.get(who).addTokens(1);
  }

  /// Forgets what somebody has caused.
  public void forget(K who) {
    buckets.invalidate(who);
  }
}
