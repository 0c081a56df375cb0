package dev.lanyard.benchmarks.kill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Calls all the time, as fast as it is answered or at a rate. Every call goes into the history.
final class Load implements AutoCloseable {
  private static final long NANOS = 1_000_000_000L;

  private final History history;
  private final LongAdder calls = new LongAdder();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();
  private volatile double rate;
  private volatile boolean over;
  private int clients;

  Load(History history) {
    this.history = history;
  }

  /// Makes the calls of one client, one after the other.
  interface Client {
    void call(RandomGenerator random, History.Part into);
  }

  /// A client that takes its part of the rate; see [#rate].
  void add(Client client) {
    clients++;
    start(client, true, 0);
  }

  /// A client with a rate of its own.
  void add(Client client, double perSecond) {
    start(client, false, perSecond);
  }

  private void start(Client client, boolean shared, double perSecond) {
    // Seeded, so that a history can be made again as far as the machine allows.
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(running.size() + 1L);
    running.add(threads.submit(() -> run(client, random, shared, perSecond)));
  }

  private void run(Client client, RandomGenerator random, boolean shared, double perSecond) {
    var part = history.part();
    long due = System.nanoTime();
    while (!over) {
      client.call(random, part);
      if (shared) {
        calls.increment();
      }
      double mine = shared ? rate / clients : perSecond;
      if (mine > 0) {
        due = Math.max(due + (long) (NANOS / mine), System.nanoTime() - NANOS / 10);
        long wait = due - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
      } else {
        due = System.nanoTime();
      }
    }
  }

  /// Holds so many calls a second, of all clients together; 0 is as many as are answered.
  void rate(double perSecond) {
    rate = perSecond;
  }

  long calls() {
    return calls.sum();
  }

  /// How many calls a second are answered meanwhile.
  double during(int seconds) throws InterruptedException {
    long before = calls();
    long began = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    return (calls() - before) / ((System.nanoTime() - began) / 1e9);
  }

  /// @throws IllegalStateException if a client has failed: its calls were not made
  @Override
  public void close() {
    over = true;
    try {
      for (var client : running) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
