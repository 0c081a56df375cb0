package dev.lanyard.benchmarks.micro;

import java.io.IOException;
import java.time.InstantSource;

/// How much memory a resource server's deny set takes: what the heap holds after a full collection,
/// with it and without.
public final class DenySetMemory {
  private static final int DENIALS = 1_000_000;
  private static final double MEBI = 1024 * 1024;

  private DenySetMemory() {}

  /// @param arguments how many denials; a million if nothing is said
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length == 0 ? DENIALS : Integer.parseInt(arguments[0]);
    try (var none = new Denials(0, InstantSource.system())) {
      long before = used();
      try (var denials = new Denials(count, InstantSource.system())) {
        long after = used();
        System.out.printf(
            "%,d denials: %.1f MiB, %.1f bytes each%n",
            denials.stream.state().denials(),
            (after - before) / MEBI,
            (double) (after - before) / count);
      }
      if (none.stream.state().denials() != 0) {
        throw new IllegalStateException("the empty set is not empty");
      }
    }
  }

  /// Several times, until nothing more goes.
  private static long used() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200);
      used = Math.min(used, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return used;
  }
}
