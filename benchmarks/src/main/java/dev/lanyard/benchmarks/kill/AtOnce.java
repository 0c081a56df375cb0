package dev.lanyard.benchmarks.kill;

import dev.lanyard.server.database.Chunks;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Many people disabled at once: how long until all are refused everywhere, until each has a
/// receipt, and what CPU that takes. For one thread.
final class AtOnce {
  private static final double MOST_SECONDS = 10;
  private static final long SELDOM_NANOS = 5_000_000;
  private static final int SAMPLE = 200;
  private static final int RECEIPT_PATIENCE_SECONDS = 120;

  private final Site site;
  private final Kills kills;
  private final History history;
  private final Spending spending;
  private final Function<Place, Caller> callers;
  private final Provider provider;

  /// Another connection of the provider.
  interface Provider {
    ScimProvider connected() throws IOException;
  }

  AtOnce(
      Site site,
      Kills kills,
      History history,
      Spending spending,
      Function<Place, Caller> callers,
      Provider provider) {
    this.site = site;
    this.kills = kills;
    this.history = history;
    this.spending = spending;
    this.callers = callers;
    this.provider = provider;
  }

  /// @param connections of the provider
  /// @return whether the goal is met
  boolean disable(List<Integer> people, int connections)
      throws IOException, InterruptedException, SQLException {
    int size = Math.min(ScimProvider.MOST_IN_BULK, (people.size() + connections - 1) / connections);
    var bulks = bulks(people, size);
    var before = spending.now();
    long began = System.nanoTime();
    people.forEach(person -> kills.sent(person, began));
    long settled;
    // Who called all of them in turn would measure how long that takes.
    var sample = people.stream().filter(one -> one % (people.size() / SAMPLE + 1) == 0).toList();
    try (var watch = new Watch(history, 2, SELDOM_NANOS, callers)) {
      var refusals = watch.of(sample);
      inParallel(bulks, connections);
      long answered = System.nanoTime();
      settled = refusals.everywhere();
      System.out.printf(
          "%n%d people disabled at once, %d at a time over %d connections:"
              + " answered in %.2f s, %d of them refused everywhere in %.2f s%n",
          people.size(),
          size,
          connections,
          (answered - began) / 1e9,
          sample.size(),
          (settled - began) / 1e9);
    }
    var refused = spending.now();
    awaitReceipts(people, began);
    var written = spending.now();
    Spending.print(
        "CPU ms for each of them",
        List.of("until refused", "until written"),
        List.of(
            spending.each(people.size(), before, refused),
            spending.each(people.size(), before, written)));
    int alive = alive(people);
    System.out.printf("of all of them called afterwards, everywhere: %d live%n", alive);
    return alive == 0 && (settled - began) / 1e9 <= MOST_SECONDS;
  }

  private List<Callable<Integer>> bulks(List<Integer> people, int size) {
    return Chunks.of(people, size).stream()
        .<Callable<Integer>>map(some -> () -> disabled(some))
        .toList();
  }

  private int disabled(List<Integer> people) throws IOException {
    try (var connection = provider.connected()) {
      connection.disable(people.stream().map(site.population::id).toList());
    }
    long answered = System.nanoTime();
    people.forEach(person -> kills.answered(person, answered));
    return people.size();
  }

  static void inParallel(List<Callable<Integer>> work, int threads) throws IOException {
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (var done : pool.invokeAll(work)) {
        var _ = done.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the provider was not served", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void awaitReceipts(List<Integer> people, long began)
      throws SQLException, InterruptedException {
    var reading = new ReceiptReading(kills);
    for (int i = 0; i < RECEIPT_PATIENCE_SECONDS; i++) {
      if (ReceiptReading.missing(site.connection()) == 0) {
        break;
      }
      Thread.sleep(1000);
    }
    long ended = System.nanoTime();
    int from = people.getFirst();
    int to = people.getLast() + 1;
    reading.read(site.connection(), from, to);
    System.out.printf(
        "receipts that hold these kills to their word: %d of %d, after %.0f s%n",
        kills.receipts(from, to), people.size(), (ended - began) / 1e9);
  }

  private int alive(List<Integer> people) {
    int alive = 0;
    for (var place : Place.values()) {
      try (var caller = callers.apply(place)) {
        for (int person : people) {
          alive += caller.call(person) == Outcome.REFUSED ? 0 : 1;
        }
      }
    }
    return alive;
  }
}
