package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.claims.ClockSkew;
import java.time.Duration;

/// How long an ID-JAG may be good for, whatever it says itself (RAS-7).
///
/// @param skew how far the issuer's clock may differ
/// @param maxLife the longest time from `iat` to `exp`, at most [#MAX]
/// @param maxAge the longest time since `iat`, at most [#MAX]
public record Limits(ClockSkew skew, Duration maxLife, Duration maxAge) {
  /// One hour: an assertion is for redeeming at once, not for keeping.
  public static final Duration MAX = Duration.ofHours(1);

  /// The default skew, and one hour for life and age.
  public static final Limits DEFAULT = new Limits(ClockSkew.DEFAULT, MAX, MAX);

  /// @throws IllegalArgumentException if a time is not positive or above [#MAX]
  public Limits {
    check(maxLife, "life");
    check(maxAge, "age");
  }

  private static void check(Duration limit, String what) {
    if (!limit.isPositive() || limit.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          "the longest " + what + " must be up to 1 h, not " + limit);
    }
  }
}
