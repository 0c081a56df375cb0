package dev.lanyard.server.governance.probe;

import java.time.Duration;
import java.util.Optional;

/// How often connectors are looked at without anybody asking.
///
/// @param every between two looks at one connector; empty if one is looked at only when somebody
///   asks for it
/// @param catalogue whether connectors are looked at too that are in the catalogue alone
public record ProbeConfig(Optional<Duration> every, boolean catalogue) {
  /// Nobody is called without being asked to.
  public static final ProbeConfig NONE = new ProbeConfig(Optional.empty(), false);

  private static final Duration LEAST = Duration.ofHours(1);
  private static final Duration MOST = Duration.ofDays(30);

  /// @throws IllegalArgumentException if others would be bothered, or evidence would be old
  public ProbeConfig {
    every.ifPresent(period -> {
      if (period.compareTo(LEAST) < 0 || period.compareTo(MOST) > 0) {
        throw new IllegalArgumentException("probes.every is between 1h and 30d");
      }
    });
  }
}
