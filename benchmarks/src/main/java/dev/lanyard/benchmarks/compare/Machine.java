package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// What all cores together have done since the machine started, in kernel ticks.
///
/// @param busy ticks spent on work of anybody
/// @param total ticks that passed
record Machine(long busy, long total) {
  static Machine now() {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      var fields = lines.findFirst().orElseThrow().trim().split("\\s+");
      var ticks = Arrays.stream(fields, 1, 9).mapToLong(Long::parseLong).toArray();
      var total = Arrays.stream(ticks).sum();
      return new Machine(total - ticks[3] - ticks[4], total);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The share of all cores that others than `ours` took since `before`, 0 to 1.
  double othersSince(Machine before, Duration ours) {
    var others = busy - before.busy - ours.toMillis() / 10.0;
    return Math.max(0, others / Math.max(1, total - before.total));
  }
}
