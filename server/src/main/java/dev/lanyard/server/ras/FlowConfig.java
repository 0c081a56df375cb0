package dev.lanyard.server.ras;

import dev.lanyard.server.authorization.SignInWays;
import java.time.Duration;

/// The ordinary flow, where it is on: for people and clients outside EMA.
///
/// @param ways how people sign in, and whose they are
/// @param sessionLife how long a browser stays signed in
/// @param refreshTokenLife how long a client may renew without the person
public record FlowConfig(SignInWays ways, Duration sessionLife, Duration refreshTokenLife) {
  /// Twelve hours.
  public static final Duration DEFAULT_SESSION_LIFE = Duration.ofHours(12);

  /// 30 days.
  public static final Duration DEFAULT_REFRESH_TOKEN_LIFE = Duration.ofDays(30);

  /// With the usual lives.
  public FlowConfig(SignInWays ways) {
    this(ways, DEFAULT_SESSION_LIFE, DEFAULT_REFRESH_TOKEN_LIFE);
  }

  /// @throws IllegalArgumentException if nobody could sign in, or a life is out of bounds
  public FlowConfig {
    if (!ways.letsAnybodyIn()) {
      throw new IllegalArgumentException(
          "ras.sign_in lets nobody in: set local_people or name an upstream");
    }
    between("ras.session_life", sessionLife, Duration.ofMinutes(1), Duration.ofDays(30));
    between("ras.refresh_token_life", refreshTokenLife, sessionLife, Duration.ofDays(366));
  }

  private static void between(String property, Duration life, Duration least, Duration most) {
    if (life.compareTo(least) < 0 || life.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          property + " must be between " + least + " and " + most + ", not " + life);
    }
  }
}
