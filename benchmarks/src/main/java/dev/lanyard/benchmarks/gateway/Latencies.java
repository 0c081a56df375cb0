package dev.lanyard.benchmarks.gateway;

import java.util.Arrays;
import java.util.Collection;

/// How long each of some things took, in nanoseconds, sorted.
record Latencies(long[] sorted) {
  static Latencies of(Collection<Long> nanos) {
    var all = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(all);
    return new Latencies(all);
  }

  int count() {
    return sorted.length;
  }

  double millis(int percent) {
    return sorted[sorted.length * percent / 100] / 1e6;
  }
}
