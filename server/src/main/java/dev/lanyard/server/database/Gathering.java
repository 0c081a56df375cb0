package dev.lanyard.server.database;

import java.time.Duration;

/// Decides after each batch whether the next one gathers for a moment, which costs those who wait
/// that moment and saves everybody a transaction. Not thread-safe.
final class Gathering {
  static final Duration TIME = Duration.ofMillis(1);

  /// It pays when so many units come meanwhile.
  private static final double WORTH_IT = 1.5;

  /// Over how many batches the rate of units is taken.
  private static final double BATCHES = 8;

  private double comeMeanwhile;

  /// @param units of the batch that has just been written
  /// @param nanos since the one before it was
  boolean isWorthIt(int units, long nanos) {
    var come = (double) units * TIME.toNanos() / Math.max(1, nanos);
    comeMeanwhile += (come - comeMeanwhile) / BATCHES;
    return units > 1 && comeMeanwhile >= WORTH_IT;
  }
}
