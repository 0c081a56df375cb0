package dev.lanyard.server.authorization;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Slows down guessing, by person and by address. Each node counts for itself. Thread-safe.
final class SignInThrottle {
  private static final int FAR_MORE_THAN_PEOPLE = 100_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final LoadingCache<String, Bucket> byPerson;
  private final LoadingCache<InetAddress, Bucket> byAddress;

  /// @param perPerson attempts a minute for one user name
  /// @param perAddress attempts a minute from one address, behind which an office may sit
  /// @param clock what time it is
  SignInThrottle(int perPerson, int perAddress, InstantSource clock) {
    this.byPerson = buckets(perPerson, clock);
    this.byAddress = buckets(perAddress, clock);
  }

  private static <K> LoadingCache<K, Bucket> buckets(int perWindow, InstantSource clock) {
    return Caffeine.newBuilder()
        .maximumSize(FAR_MORE_THAN_PEOPLE)
        .build(_ ->
            Bucket.builder()
                .addLimit(limit -> limit.capacity(perWindow).refillGreedy(perWindow, WINDOW))
                .withCustomTimePrecision(new ClockMeter(clock))
                .build());
  }

  /// Counts an attempt; false if there were too many.
  boolean admits(String userName, InetAddress address) {
    // Both count, also when the first already says no.
    boolean person = byPerson.get(key(userName)).tryConsume(1);
    boolean from = byAddress.get(address).tryConsume(1);
    return person && from;
  }

  /// Whoever knows the password was not guessing.
  void succeeded(String userName) {
    byPerson.invalidate(key(userName));
  }

  private static String key(String userName) {
    return userName.strip().toLowerCase(Locale.ROOT);
  }

  private record ClockMeter(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
