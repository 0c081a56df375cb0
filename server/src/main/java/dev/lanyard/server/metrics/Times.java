package dev.lanyard.server.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/// How long something takes. Thread-safe.
public final class Times {
  private static final double NANOS = 1e9;

  private final Histogram histogram;

  Times(Histogram histogram) {
    this.histogram = histogram;
  }

  /// It took so long once more; a negative time, of two clocks, counts as none.
  ///
  /// @param kind a word of ours
  public void add(String kind, Duration time) {
    histogram.labelValues(kind).observe(Math.max(0, time.toNanos() / NANOS));
  }
}
