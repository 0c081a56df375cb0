package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/// How long the disk takes to promise a block: no durable answer is faster than this.
final class Disk {
  private static final int BLOCK = 8192;
  private static final int BLOCKS = 256;
  private static final int TIMES = 2000;

  private Disk() {}

  /// Writes and synchronises blocks of a file in the folder, on a machine that does nothing else.
  ///
  /// @return median and 99th percentile, for people
  static String promise(Path folder) throws IOException {
    Files.createDirectories(folder);
    var file = Files.createTempFile(folder, "disk", ".tmp");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BLOCK * BLOCKS));
      channel.force(true);
      var nanos = new long[TIMES];
      for (int i = 0; i < TIMES; i++) {
        channel.write(ByteBuffer.allocate(BLOCK), (long) (i % BLOCKS) * BLOCK);
        long before = System.nanoTime();
        channel.force(false);
        nanos[i] = System.nanoTime() - before;
      }
      Arrays.sort(nanos);
      return String.format(
          Locale.ROOT,
          "p50 %.2f ms, p99 %.2f ms",
          nanos[TIMES / 2] / 1e6,
          nanos[TIMES * 99 / 100] / 1e6);
    } finally {
      Files.delete(file);
    }
  }
}
