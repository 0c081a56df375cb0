package dev.lanyard.protocol.jwks;

import java.time.Duration;

/// When a remote document is fetched again, and how long an old one may serve.
///
/// @param after a document older than this is fetched anew at its next use
/// @param backOff no second fetch within this time after a successful one, whatever tokens ask for
///   (KEY-3)
/// @param retry no second fetch within this time after one that failed
/// @param staleFor how long a document may serve, counted from its fetch, while fetching it anew
///   fails
public record Refresh(Duration after, Duration backOff, Duration retry, Duration staleFor) {
  /// Every 10 minutes, at most once a minute, after a failure at most every 5 seconds; a day old at
  /// most.
  public static final Refresh DEFAULT =
      new Refresh(
          Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofSeconds(5), Duration.ofDays(1));

  /// @throws IllegalArgumentException if a duration is negative, or nothing could ever serve
  public Refresh {
    if (after.isNegative() || backOff.isNegative() || retry.isNegative()) {
      throw new IllegalArgumentException("refresh times cannot be negative");
    }
    if (staleFor.compareTo(after) < 0) {
      throw new IllegalArgumentException("staleFor must be at least as long as after");
    }
  }
}
