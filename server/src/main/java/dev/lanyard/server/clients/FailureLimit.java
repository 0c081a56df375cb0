package dev.lanyard.server.clients;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.oauth.ClientId;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// Slows down whoever fails to authenticate as a client again and again: so many failures of one
/// client from one address at once, and then one more after each pause (TOK-14). A success costs
/// nothing.
///
/// Only registered clients are counted, since an unknown one fails by itself: with the bound on
/// entries this keeps the memory small whatever is tried. Thread-safe.
final class FailureLimit {
  private static final int AT_ONCE = 10;
  private static final Duration ONE_MORE_AFTER = Duration.ofSeconds(6);
  private static final int MOST_ENTRIES = 10_000;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final Cache<Source, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(MOST_ENTRIES).build();
  private final TimeMeter time;

  FailureLimit(InstantSource clock) {
    this.time = new ClockMeter(clock);
  }

  private record Source(ClientId client, String network) {}

  boolean isExceeded(ClientId client, InetAddress peer) {
    var bucket = buckets.getIfPresent(source(client, peer));
    return bucket != null && bucket.getAvailableTokens() == 0;
  }

  void recordFailure(ClientId client, InetAddress peer) {
    var _ = buckets.get(source(client, peer), _ -> newBucket()).tryConsume(1);
  }

  private Bucket newBucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(AT_ONCE).refillIntervally(1, ONE_MORE_AFTER))
        .withCustomTimePrecision(time)
        .build();
  }

  /// One subscriber has a whole IPv6 network of 64 bits, so an address in it costs nothing.
  private static Source source(ClientId client, InetAddress peer) {
    var address = peer.getAddress();
    var network =
        peer instanceof Inet6Address ? Arrays.copyOf(address, IPV6_NETWORK_BYTES) : address;
    return new Source(client, HexFormat.of().formatHex(network));
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
