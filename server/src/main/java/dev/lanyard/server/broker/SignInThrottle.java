package dev.lanyard.server.broker;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;

/// Slows down guessing, by person and by address. Each node counts for itself. Thread-safe.
final class SignInThrottle {
  private static final int FAR_MORE_THAN_PEOPLE = 100_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final LoadingCache<String, Bucket> byPerson;
  private final LoadingCache<InetAddress, Bucket> byAddress;

  /// @param perPerson attempts a minute for one user name
  /// @param perAddress attempts a minute from one address, behind which an office may sit
  SignInThrottle(int perPerson, int perAddress) {
    this.byPerson = buckets(perPerson);
    this.byAddress = buckets(perAddress);
  }

  private static <K> LoadingCache<K, Bucket> buckets(int perWindow) {
    return Caffeine.newBuilder()
        .maximumSize(FAR_MORE_THAN_PEOPLE)
        .expireAfterAccess(WINDOW.multipliedBy(2))
        .build(_ ->
            Bucket.builder()
                .addLimit(limit -> limit.capacity(perWindow).refillGreedy(perWindow, WINDOW))
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
}
