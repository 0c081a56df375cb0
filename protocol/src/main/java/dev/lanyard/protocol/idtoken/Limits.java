package dev.lanyard.protocol.idtoken;

import dev.lanyard.protocol.claims.ClockSkew;
import java.time.Duration;

/// How far the times of an ID Token may be off.
///
/// @param skew how far the issuer's clock may differ
/// @param maxAge the longest time since `iat`: minutes for one that comes straight from a sign-in,
///   the whole life for one that is exchanged later
public record Limits(ClockSkew skew, Duration maxAge) {

  /// @throws IllegalArgumentException if the age is not positive
  public Limits {
    if (!maxAge.isPositive()) {
      throw new IllegalArgumentException("the longest age must be positive, not " + maxAge);
    }
  }
}
