package dev.lanyard.server.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// Lets several nodes do the same at the same moment.
public final class AtOnce {
  private AtOnce() {}

  /// Returns when all have done it.
  public static void run(int nodes, Runnable what) throws InterruptedException {
    var start = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, nodes)
            .mapToObj(node ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        start.await();
                        what.run();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }))
            .toList();
    start.countDown();
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofMinutes(2))).isTrue();
    }
  }
}
