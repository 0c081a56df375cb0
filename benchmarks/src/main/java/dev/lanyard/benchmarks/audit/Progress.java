package dev.lanyard.benchmarks.audit;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Says every ten seconds how far something has got, until it is closed.
final class Progress implements AutoCloseable {
  private static final long SECONDS = 10;

  private final String what;
  private final long all;
  private final LongSupplier done;
  private final long start = System.nanoTime();
  private final long first;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());

  private Progress(String what, long all, LongSupplier done) {
    this.what = what;
    this.all = all;
    this.done = done;
    this.first = done.getAsLong();
  }

  static Progress of(String what, long all, LongSupplier done) {
    var progress = new Progress(what, all, done);
    var _ = progress.thread.scheduleAtFixedRate(progress::say, SECONDS, SECONDS, TimeUnit.SECONDS);
    return progress;
  }

  private void say() {
    long now = done.getAsLong();
    double rate = (now - first) / ((System.nanoTime() - start) / 1e9);
    var left = rate > 0 ? Duration.ofSeconds((long) ((all - now) / rate)).toString() : "?";
    System.out.printf("  %s: %,d of %,d, %,.0f a second, %s left%n", what, now, all, rate, left);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
