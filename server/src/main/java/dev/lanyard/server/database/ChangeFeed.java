package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every node what has changed, in the order of the commits and without gaps.
///
/// Subscribe first and load second: every change committed after [#subscribe] returns is delivered,
/// so what was loaded afterwards can only be newer. A change is delivered **at least once**; a
/// consumer that throws gets it again, and the node is stale until it succeeds. Thread-safe.
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Engine engine;
  private final DatabaseConfig config;
  private final InstantSource clock;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final Thread thread;
  private volatile @Nullable ChangeSource source;
  private volatile long applied;
  private volatile long caughtUp = System.nanoTime();
  private volatile boolean closing;

  ChangeFeed(Engine engine, DatabaseConfig config, InstantSource clock) throws SQLException {
    this.engine = engine;
    this.config = config;
    this.clock = clock;
    this.applied = engine.read(ChangeFeed::last);
    this.thread = Thread.ofPlatform().daemon().name("changes").start(this::run);
  }

  private record Subscription(String kind, Consumer<Change> consumer) {}

  private static long last(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT COALESCE(MAX(seq), 0) FROM change");
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Delivers every later change of this kind, on one thread, in order.
  public void subscribe(String kind, Consumer<Change> consumer) {
    subscriptions.add(new Subscription(kind, consumer));
  }

  /// Appends a change to the transaction of the connection: other nodes learn it when, and only if,
  /// the transaction commits. Appends of all nodes are in line: one transaction after the other.
  ///
  /// @return its sequence number, for [#awaitApplied]
  public long append(Connection connection, String kind, JsonObject body) throws SQLException {
    engine.announce(connection);
    var insert =
        """
        INSERT INTO change (seq, kind, body, at)
        SELECT COALESCE(MAX(seq), 0) + 1, ?, ?, ? FROM change
        WHERE true
        RETURNING seq
        """;
    try (var statement = connection.prepareStatement(insert)) {
      statement.setString(1, kind);
      statement.setString(2, body.toJson());
      statement.setLong(3, clock.millis());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /// Waits until this node has delivered the change.
  ///
  /// @throws DatabaseException if it has not within the time given
  public void awaitApplied(long sequence, Duration atMost) {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (applied < sequence) {
        if (nanos <= 0) {
          throw new DatabaseException("change " + sequence + " was not applied in " + atMost);
        }
        nanos = advanced.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until this node has delivered everything that was committed before the call.
  ///
  /// @throws DatabaseException if it has not within the time given
  public void awaitCurrent(Duration atMost) {
    try {
      awaitApplied(engine.read(ChangeFeed::last), atMost);
    } catch (SQLException e) {
      throw new DatabaseException("the database cannot be read", e);
    }
  }

  /// Whether this node knew everything a short while ago. To be asked before anything is granted.
  public Freshness freshness() {
    long age = System.nanoTime() - caughtUp;
    return age <= config.staleAfter().toNanos()
        ? new Freshness.Fresh()
        : new Freshness.Stale(clock.instant().minusNanos(age));
  }

  /// Looks at once; for whoever has written in this process.
  void wake() {
    var waiting = source;
    if (waiting != null) {
      waiting.wake();
    }
  }

  private void run() {
    var pause = FIRST_PAUSE;
    while (!closing) {
      try (var opened = engine.changes()) {
        source = opened;
        follow(opened);
      } catch (SQLException | RuntimeException e) {
        if (!closing) {
          LOG.warn("changes cannot be followed, trying again: {}", e.toString());
        }
      } catch (InterruptedException e) {
        return;
      }
      // Long enough connected: what failed now is something new.
      pause = age().compareTo(LONGEST_PAUSE) < 0 ? FIRST_PAUSE : doubled(pause);
      rest(pause);
    }
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - caughtUp);
  }

  private static Duration doubled(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  @SuppressWarnings("WaitNotInLoop") // Waking too early only means looking too early.
  private void rest(Duration pause) {
    lock.lock();
    try {
      if (!closing) {
        var _ = advanced.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      closing = true;
    } finally {
      lock.unlock();
    }
  }

  private void follow(ChangeSource opened) throws SQLException, InterruptedException {
    while (!closing) {
      long asked = System.nanoTime();
      var changes = opened.after(applied);
      changes.forEach(this::deliver);
      if (changes.isEmpty()) {
        caughtUp = asked;
        opened.await(config.poll());
      }
    }
  }

  private void deliver(Change change) {
    for (var subscription : subscriptions) {
      if (subscription.kind().equals(change.kind())) {
        subscription.consumer().accept(change);
      }
    }
    lock.lock();
    try {
      applied = change.sequence();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
    wake();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
