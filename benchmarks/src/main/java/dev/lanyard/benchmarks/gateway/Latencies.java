package dev.lanyard.benchmarks.gateway;

import java.util.Arrays;
import java.util.Collection;

/// How long each of some things took.
final class Latencies {
  private final long[] sorted;

  /// @param nanos of each
  Latencies(Collection<Long> nanos) {
    this.sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  double millis(int percent) {
    return sorted[sorted.length * percent / 100] / 1e6;
  }
}
