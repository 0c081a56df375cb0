package dev.lanyard.server.governance.review;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How policy reviews are governed.
///
/// @param approvers the file that says who may review; empty for that of the role library
/// @param within how long after the end of a quarter its review may be signed
public record ReviewConfig(Optional<Path> approvers, Duration within) {
  /// Fifteen days.
  public static final ReviewConfig DEFAULT =
      new ReviewConfig(Optional.empty(), Duration.ofDays(15));

  public ReviewConfig {
    if (within.compareTo(Duration.ofDays(1)) < 0 || within.compareTo(Duration.ofDays(90)) > 0) {
      throw new IllegalArgumentException(
          "reviews.within must be between 1d and 90d, not " + within);
    }
  }
}
