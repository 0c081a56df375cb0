package dev.lanyard.protocol.revocation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How the time of a denial and the time of a token compare.
///
/// A token says when it was issued in whole seconds, a denial is known to the millisecond. A token
/// of the very second of a denial counts as older, so that no token from before it can come back to
/// life; whoever issues again after a denial dates into the next second.
public final class IssuedAt {
  private IssuedAt() {}

  /// Whether something issued then dies by a denial of this instant.
  ///
  /// @param issuedAt `iat`
  /// @param denied whatever was issued up to then is dead
  public static boolean isKilledBy(Instant issuedAt, Instant denied) {
    return issuedAt.isBefore(firstSecondAfter(denied));
  }

  /// From when on something may be issued that the denial does not kill.
  public static Instant firstSecondAfter(Instant denied) {
    return denied.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
  }
}
