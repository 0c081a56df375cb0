package dev.lanyard.server.database;

import static java.util.Objects.requireNonNullElse;

import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the units of concurrent requests in shared transactions, so that durability costs each of
/// them little.
///
/// What queued up while one batch was being committed is the next. Where many requests come, the
/// next batch gathers for a moment more, because fewer and larger transactions cost everybody less;
/// where few come nobody waits for others. A unit that the database refuses does not harm its
/// neighbours. Thread-safe.
public final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int LARGEST_BATCH = 256;
  private static final int LONGEST_QUEUE = 20_000;
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>(LONGEST_QUEUE);
  private final BatchWriter writer;
  private final Refusals refusals;
  private final Thread thread;
  private final LongAdder batches = new LongAdder();
  private final LongAdder units = new LongAdder();
  private volatile boolean closing;

  /// @param refusals is told of what the database does not take
  GroupCommit(Engine engine, Refusals refusals, InstantSource clock) {
    this.writer = new BatchWriter(engine, clock);
    this.refusals = refusals;
    this.thread = Thread.ofPlatform().daemon().name("group-commit").start(this::run);
  }

  /// A unit with the request that waits for it.
  record Pending(Unit unit, CompletableFuture<Outcome> outcome) {}

  /// A unit that was handed in and may not be durable yet.
  public static final class InFlight {
    private final CompletableFuture<Outcome> outcome;

    private InFlight(CompletableFuture<Outcome> outcome) {
      this.outcome = outcome;
    }

    /// Returns when the unit is durable, and tells whether it got what it claimed.
    ///
    /// @throws DatabaseException if it is not durable, or it is not known whether it is
    public Outcome outcome() {
      try {
        return Span.of("database.commit", Kind.INTERNAL, outcome::join);
      } catch (CompletionException e) {
        throw new DatabaseException(
            "a unit was not committed", requireNonNullElse(e.getCause(), e));
      }
    }
  }

  /// Returns when the unit is durable, and tells whether it got what it claimed. Of all units that
  /// claim the same key, on all nodes and for ever, exactly one is [Outcome#FIRST].
  ///
  /// @throws DatabaseException if the unit is not durable, or it is not known whether it is; a
  ///   claim may then be lost to everybody, never won by two
  public Outcome commit(Unit unit) {
    return begin(unit).outcome();
  }

  /// Hands the unit in and returns at once. It will be written, whether somebody waits for it or
  /// not, unless the database refuses or the process dies first.
  ///
  /// @throws DatabaseException if it cannot be handed in
  public InFlight begin(Unit unit) {
    var pending = new Pending(unit, new CompletableFuture<>());
    if (closing || !queue.offer(pending)) {
      throw new DatabaseException(
          closing ? "the database is closed" : "too many units are waiting");
    }
    if (closing && queue.remove(pending)) {
      throw new DatabaseException("the database is closed");
    }
    return new InFlight(pending.outcome());
  }

  private void run() {
    var batch = new ArrayList<Pending>();
    var gathering = new Gathering();
    long before = System.nanoTime();
    while (!closing || !queue.isEmpty()) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts the group commit", e);
      }
      queue.drainTo(batch, LARGEST_BATCH - 1);
      try {
        commit(batch);
      } catch (RuntimeException | Error e) {
        // Whatever it is, nobody may wait for ever.
        fail(batch, e);
      }
      long now = System.nanoTime();
      if (gathering.isWorthIt(batch.size(), now - before)) {
        LockSupport.parkNanos(Gathering.TIME.toNanos());
      }
      before = now;
      batch.clear();
    }
    writer.close();
  }

  /// Whether its thread has not ended.
  boolean isAlive() {
    return thread.isAlive();
  }

  /// How many shared transactions there were since the start.
  public long batches() {
    return batches.sum();
  }

  /// How many units were in them.
  public long units() {
    return units.sum();
  }

  private void commit(List<Pending> batch) {
    batches.increment();
    units.add(batch.size());
    switch (writer.commit(batch.stream().map(Pending::unit).toList())) {
      case BatchWriter.Committed(var outcomes) -> {
        refusals.over();
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).outcome().complete(outcomes.get(i));
        }
      }
      case BatchWriter.Refused(var cause) when batch.size() > 1 -> {
        LOG.warn("a batch of {} is committed one by one: {}", batch.size(), cause.toString());
        batch.forEach(pending -> commit(List.of(pending)));
      }
      case BatchWriter.Refused(var cause) -> fail(batch, cause);
      case BatchWriter.Unanswered(var cause) -> {
        refusals.add(batch.size(), cause);
        fail(batch, cause);
      }
    }
  }

  private static void fail(List<Pending> batch, Throwable cause) {
    LOG.error("{} units were not committed", batch.size(), cause);
    batch.forEach(pending -> pending.outcome().completeExceptionally(cause));
  }

  /// Commits what is queued, then takes no more.
  @Override
  public void close() {
    closing = true;
    // Without a unit the thread would wait for one for ever.
    var _ = queue.offer(new Pending(Unit.of(List.of()), new CompletableFuture<>()));
    try {
      var _ = thread.join(DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
