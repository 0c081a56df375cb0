package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everybody who listens at this node. Thread-safe.
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private final ChangeFeed changes;
  private final DenyLog log;
  private final Set<Listening> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isWakeDue = new AtomicBoolean();

  /// Writes for everybody, so that the thread of the change feed does not.
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("revocation-stream").factory());

  private final Recurring heartbeats;

  /// @param head reads the last denial in the record
  Listeners(DenySet denied, ChangeFeed changes, LongSupplier head, Jobs jobs) {
    this.heartbeats = Recurring.onOneThread(jobs, "revocation-stream-heartbeat");
    this.changes = changes;
    this.log = new DenyLog(denied, this::wake);
    // First listen, then look: a denial may be told twice, but none is missed.
    denied.onArrival(log::append);
    long known = head.getAsLong();
    changes.awaitApplied(known, CATCH_UP);
    log.begin(known);
    heartbeats.every(HEARTBEAT, "the revocation stream", () -> each(Listening::heartbeat));
  }

  /// What goes wrong with one of them is no reason to be silent towards the others.
  private void each(Consumer<Listening> told) {
    for (var listening : open) {
      try {
        told.accept(listening);
      } catch (RuntimeException e) {
        LOG.error("{} cannot be told of revocations; it is tried again", listening.client(), e);
      }
    }
  }

  private void wake() {
    if (isWakeDue.compareAndSet(false, true) && !writer.isShutdown()) {
      writer.execute(() -> {
        isWakeDue.set(false);
        each(Listening::wake);
      });
    }
  }

  /// The last denial that this node knows.
  long last() {
    return log.last();
  }

  /// @param from everything up to this change is known there; empty if nothing is
  /// @param mayKnow of which resources the listener is the server
  Listening listening(ClientId client, Optional<Long> from, Predicate<ResourceIndicator> mayKnow) {
    return new Listening(log, from, mayKnow, this, client);
  }

  void add(Listening listening) {
    open.add(listening);
  }

  void remove(Listening listening) {
    open.remove(listening);
  }

  long count(ClientId client) {
    return open.stream().filter(listening -> listening.client().equals(client)).count();
  }

  /// Whether this node itself knows of everything.
  boolean isFresh() {
    return changes.freshness() instanceof Freshness.Fresh;
  }

  @Override
  public void close() {
    heartbeats.close();
    writer.shutdownNow();
  }
}
