package dev.lanyard.server.http;

import java.time.Duration;

/// The limits of servers in tests.
public final class TestLimits {
  /// How long a connection may be silent once its server stops: no test waits for those that
  /// clients keep.
  static final Duration PARTING = Duration.ofMillis(50);

  /// As usual, but for that.
  public static final HttpLimits USUAL = usual(HttpLimits.defaults());

  private TestLimits() {}

  private static HttpLimits usual(HttpLimits limits) {
    return new HttpLimits(
        limits.headerBytes(),
        limits.connections(),
        limits.idle(),
        limits.request(),
        limits.streams(),
        limits.stalled(),
        limits.stop(),
        PARTING);
  }
}
