package dev.lanyard.benchmarks.kill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How long something took, many times.
final class Latencies {
  private final String what;
  private final List<Long> nanos = new ArrayList<>();

  Latencies(String what) {
    this.what = what;
  }

  void add(long one) {
    nanos.add(one);
  }

  double millis(int percentile) {
    var sorted = nanos.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percentile / 100)) / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%-24s %8.1f %8.1f %8.1f", what, millis(50), millis(99), millis(100));
  }
}
