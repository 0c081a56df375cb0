package dev.lanyard.server.pair;

import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// Lets several nodes do the same at the same moment.
public final class AtOnce {
  private AtOnce() {}

  /// Returns when all have done it.
  ///
  /// @throws AssertionError if one of them has failed, with what it threw
  public static void run(int nodes, Runnable what) throws InterruptedException {
    var start = new CountDownLatch(1);
    var all =
        IntStream.range(0, nodes)
            .mapToObj(_ ->
                Meanwhile.does(() -> {
                  start.await();
                  what.run();
                  return true;
                }))
            .toList();
    start.countDown();
    for (var one : all) {
      var _ = one.outcome();
    }
  }
}
