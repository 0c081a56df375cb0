package dev.lanyard.server.keys;

import java.time.Duration;
import java.util.Optional;

/// When signing keys change, and where new ones are kept.
///
/// @param rotateEvery how long a key signs
/// @param publishAhead how long it is published before: longer than any verifier keeps a key set
///   that it has fetched (KEY-2)
/// @param pkcs11 the security module that keeps new keys; without one they are in the database,
///   encrypted
public record KeysConfig(
    Duration rotateEvery, Duration publishAhead, Optional<Pkcs11Config> pkcs11) {
  /// Our key sets say that they may be kept for 5 minutes; careful verifiers keep them 10.
  private static final Duration LEAST_AHEAD = Duration.ofMinutes(15);

  /// Every 90 days, published a day ahead, in the database.
  public static final KeysConfig DEFAULT =
      new KeysConfig(Duration.ofDays(90), Duration.ofDays(1), Optional.empty());

  public KeysConfig {
    if (publishAhead.compareTo(LEAST_AHEAD) < 0) {
      throw new IllegalArgumentException(
          "keys.publish_ahead must be 15m at least, because verifiers keep key sets; it is "
              + publishAhead);
    }
    if (rotateEvery.compareTo(publishAhead.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "keys.rotate_every must be twice keys.publish_ahead at least, not " + rotateEvery);
    }
  }
}
