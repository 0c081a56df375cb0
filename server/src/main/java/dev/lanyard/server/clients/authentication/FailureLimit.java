package dev.lanyard.server.clients.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.http.ClockMeter;
import dev.lanyard.server.http.Strangers;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;

/// Slows down whoever fails to authenticate as a client again and again: so many failures of one
/// client from one address at once, and then one more after each pause (TOK-14). A success costs
/// nothing, and is never held up by the failures of others: a secret of 256 random bits cannot be
/// guessed, and comparing it costs less than this.
///
/// Only registered clients are counted, since an unknown one fails by itself: with the bound on
/// entries this keeps the memory small whatever is tried. Thread-safe.
final class FailureLimit {
  private static final int AT_ONCE = 10;
  private static final Duration ONE_MORE_AFTER = Duration.ofSeconds(6);
  private static final int MOST_ENTRIES = 10_000;

  private final Cache<Source, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(MOST_ENTRIES).build();
  private final TimeMeter time;

  FailureLimit(InstantSource clock) {
    this.time = new ClockMeter(clock);
  }

  private record Source(ClientId client, InetAddress network) {}

  /// Counts a failure; false if there were too many.
  boolean admits(ClientId client, InetAddress peer) {
    return buckets.get(source(client, peer), _ -> newBucket()).tryConsume(1);
  }

  private Bucket newBucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(AT_ONCE).refillIntervally(1, ONE_MORE_AFTER))
        .withCustomTimePrecision(time)
        .build();
  }

  private static Source source(ClientId client, InetAddress peer) {
    return new Source(client, Strangers.network(peer));
  }
}
