package dev.lanyard.benchmarks.kill;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Who is killed one by one, who at once, and who is called: half of all calls are for people who
/// are never killed, the other half for those who are about to be or just were.
final class Targets {
  private static final int BEFORE = 30;
  private static final int AFTER = 10;

  /// As many as the library remembers without checking a signature again.
  private static final int REGULARS = 2_000;

  private final int people;
  private final int singles;
  private final int batch;
  private final AtomicInteger next = new AtomicInteger();

  Targets(int people, int singles, int batch) {
    if (singles + batch + REGULARS > people) {
      throw new IllegalArgumentException(
          "--people must be at least " + REGULARS + " more than all who are killed");
    }
    this.people = people;
    this.singles = singles;
    this.batch = batch;
  }

  /// The next of those who are killed one by one.
  int nextSingle() {
    return next.getAndIncrement();
  }

  /// Those who are killed at once.
  List<Integer> atOnce() {
    return IntStream.range(singles, singles + batch).boxed().toList();
  }

  /// Whoever has a number below it is killed sooner or later.
  int killed() {
    return singles + batch;
  }

  private int around(RandomGenerator random) {
    int current = next.get();
    int from = Math.max(0, current - BEFORE);
    return random.nextInt(from, Math.min(singles, current + AFTER));
  }

  /// Whom a client of a node calls for.
  int any(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> around(random);
      case 1 -> random.nextInt(singles, singles + Math.max(1, batch));
      default -> random.nextInt(singles + batch, people);
    };
  }

  /// Whom a client of one MCP server calls for: fewer people, more often.
  int regular(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> around(random);
      case 3 -> random.nextInt(singles, singles + Math.max(1, batch));
      default -> people - 1 - random.nextInt(REGULARS);
    };
  }
}
