package dev.lanyard.resourceserver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Believes a token for a while after it was last found active. **A revoked token goes on working
/// for up to that long**: choose it only where a round trip per call costs too much. Thread-safe.
///
/// Only "active" is remembered. A revoked or unknown status is asked for again at every call.
public final class DelayedRevocation implements TokenStatus {
  /// No delay may be longer: the time within which access must end (DPR-1).
  public static final Duration MAX_DELAY = Duration.ofSeconds(60);

  private static final int MAX_ENTRIES = 50_000;

  private final TokenStatus inner;
  private final Duration acceptedDelay;
  private final InstantSource clock;
  private final Cache<TokenHash, Instant> activeUntil =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  /// @param acceptedDelay how long a revoked token may go on working
  /// @throws IllegalArgumentException if the delay is not positive or above [#MAX_DELAY]
  public DelayedRevocation(TokenStatus inner, Duration acceptedDelay, InstantSource clock) {
    if (!acceptedDelay.isPositive() || acceptedDelay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "the accepted delay must be up to 60 s, not " + acceptedDelay);
    }
    this.inner = inner;
    this.acceptedDelay = acceptedDelay;
    this.clock = clock;
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    var hash = TokenHash.of(token);
    var now = clock.instant();
    var until = activeUntil.getIfPresent(hash);
    if (until != null && now.isBefore(until)) {
      return new Status.Active();
    }
    var status = inner.of(accessToken, token);
    if (status instanceof Status.Active) {
      activeUntil.put(hash, now.plus(acceptedDelay));
    } else {
      activeUntil.invalidate(hash);
    }
    return status;
  }
}
