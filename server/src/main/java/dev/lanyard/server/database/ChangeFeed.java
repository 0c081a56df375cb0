package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
/// Follow first and load second: every change committed after [#follow] returns is delivered, so
/// what was loaded afterwards can only be newer. A change is delivered **at least once**; a
/// follower that throws gets it again, and the node is stale until it succeeds. A node that has
/// slept for so long that changes were removed meanwhile notices the gap and has everything loaded
/// anew. So does one that finds itself ahead of the record, which a failover may have taken back:
/// it has numbers go on behind a gap above its own, so that no number means two things to anybody
/// who follows. Thread-safe.
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Engine engine;
  private final Setbacks setbacks;
  private final DatabaseConfig config;
  private final InstantSource clock;
  private final InstantSource wall;
  private final List<Subscription> urgent = new CopyOnWriteArrayList<>();
  private final List<Subscription> others = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final Thread thread;
  private final Map<Connection, Appends> appending = new ConcurrentHashMap<>();
  private volatile Meter meter = (_, _) -> {};
  private volatile @Nullable ChangeSource source;
  private volatile long applied;

  /// The change with that number, for the thread that follows; empty if there was none ever.
  private Optional<Change> lastApplied;

  private volatile Moment caughtUp;
  private volatile boolean closing;

  /// @param wall the machine's own time, by which it notices that it was suspended
  ChangeFeed(Engine engine, DatabaseConfig config, InstantSource clock, InstantSource wall)
      throws SQLException {
    this.engine = engine;
    this.setbacks = new Setbacks(engine, clock);
    this.config = config;
    this.clock = clock;
    this.wall = wall;
    this.caughtUp = Moment.now(wall);
    this.lastApplied = engine.read(Transactions::lastChange);
    this.applied = lastApplied.map(Change::sequence).orElse(0L);
    this.thread = Thread.ofPlatform().daemon().name("changes").start(this::run);
  }

  private record Subscription(String kind, Follower follower) {}

  /// Learns what this node has applied.
  public interface Meter {
    /// @param kind of the change
    /// @param since how long after it was written, by the clocks of two nodes
    void applied(String kind, Duration since);
  }

  /// Has every change measured from now on.
  public void measure(Meter by) {
    meter = by;
  }

  /// Learns that the record does not have any more what this node has applied.
  @FunctionalInterface
  public interface Setback {
    /// Called by one node of those that have, in the transaction that tells all of it.
    ///
    /// @param last what it applied last
    void note(Connection connection, Change last) throws SQLException;
  }

  /// Has every setback noted from now on.
  public void noteSetbacks(Setback by) {
    setbacks.note(by);
  }

  static long last(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT COALESCE(MAX(seq), 0) FROM change");
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Delivers every later change of this kind, on one thread, in order; of one moment to whoever
  /// began to follow first.
  public void follow(String kind, Follower follower) {
    others.add(new Subscription(kind, follower));
  }

  /// The same, before all that only follow: for what takes access away.
  public void followFirst(String kind, Follower follower) {
    urgent.add(new Subscription(kind, follower));
  }

  /// Has somebody look at the record again whenever there was a change of this kind.
  ///
  /// @param look reads by what it is given, and never from the pool: see [Follower#follow]
  public void watch(String kind, Consumer<Reading> look) {
    follow(kind, Follower.anew(look));
  }

  /// Has the transaction of the connection tell the other nodes of a change: they learn it when,
  /// and only if, it commits. Of all nodes one transaction appends after the other, each as the
  /// last thing that it does: whoever holds that lock waits for no other.
  ///
  /// @return what [#awaitApplied] takes once the transaction is committed
  public Appended append(Connection connection, String kind, JsonObject body) {
    return appends(connection).add(kind, body);
  }

  /// What a transaction has still to do when its changes have their numbers.
  @FunctionalInterface
  public interface Work {
    /// @param writes takes what is to be written: it is done before the commit
    void run(Writing writes) throws SQLException;
  }

  /// The last change of a kind that the transaction of the connection has told of so far.
  public Optional<Appended> told(Connection connection, String kind) {
    return appends(connection).last(kind);
  }

  /// Has something written in the transaction of the connection that needs the numbers of its
  /// changes. All nodes wait for it, so it is little, and takes no lock for which somebody waits
  /// who holds one of the transaction's.
  public void onceNumbered(Connection connection, Work work) {
    appends(connection).add(work);
  }

  /// Has the transaction of the connection wait for those of all nodes that append, and keeps them
  /// waiting until it ends: of several that begin with this, one sees what the others did.
  public void awaitTurn(Connection connection) throws SQLException {
    Transactions.awaitTurn(engine, connection);
  }

  private Appends appends(Connection connection) {
    var mine = appending.get(connection);
    if (mine == null) {
      throw new IllegalStateException("changes are appended within Database.write");
    }
    return mine;
  }

  /// What the work of a transaction returned, and what it has still to tell.
  record Telling<T>(T result, Appends appends) {}

  /// Does the work of a transaction, for [#tell] to end it.
  <T> Telling<T> telling(Connection connection, SqlFunction<T> work) throws SQLException {
    var mine = new Appends();
    appending.put(connection, mine);
    try {
      return new Telling<>(work.apply(connection), mine);
    } finally {
      // What is appended from here on would be told to nobody: it is refused.
      appending.remove(connection);
    }
  }

  /// Appends what the transaction tells. It may be committed then.
  void tell(Connection connection, Telling<?> telling) throws SQLException {
    telling.appends().end(connection, engine, clock.millis(), applied);
  }

  /// Waits until this node has delivered a change whose transaction is committed.
  ///
  /// @throws DatabaseException if it has not within the time given
  public void awaitApplied(Appended change, Duration atMost) {
    awaitApplied(change.sequence(), atMost);
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

  /// The same within a transaction, about everything that it can see.
  ///
  /// @throws DatabaseException if it has not within the time given
  public void awaitCurrent(Connection connection, Duration atMost) throws SQLException {
    awaitApplied(last(connection), atMost);
  }

  /// Whether this node knew everything a short while ago. To be asked before anything is granted.
  public Freshness freshness() {
    var age = age();
    return age.compareTo(config.staleAfter()) <= 0
        ? new Freshness.Fresh()
        : new Freshness.Stale(clock.instant().minus(age));
  }

  /// Removes changes from before a moment, but the last of each kind: by that one numbers go on,
  /// and others see how far they have to know. Every node must have applied them, or count as stale
  /// since long ago.
  ///
  /// @return how many were removed
  public int forget(Instant before) {
    try {
      // Those that follow meanwhile stay too, and these go another time.
      var last = engine.read(ChangeFeed::lastOfEachKind);
      return last.isEmpty()
          ? 0
          : new Sweep(
                  engine,
                  "change",
                  "at < ? AND seq NOT IN (" + String.join(", ", last) + ")",
                  before)
              .run();
    } catch (SQLException e) {
      throw new DatabaseException("old changes could not be removed", e);
    }
  }

  private static List<String> lastOfEachKind(Connection connection) throws SQLException {
    return new Statements(connection)
        .list("SELECT MAX(seq) FROM change GROUP BY kind", rows -> String.valueOf(rows.getLong(1)));
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
        compare(opened);
        follow(opened);
      } catch (SQLException | RuntimeException e) {
        if (!closing) {
          LOG.warn("changes cannot be followed, trying again: {}", e.toString());
        }
      } catch (Error e) {
        // Kills come on this thread: whatever a follower lacks now, it must not end it for good.
        LOG.error("changes cannot be followed, trying again", e);
      } catch (InterruptedException e) {
        return;
      }
      // Long enough connected: what failed now is something new.
      pause = age().compareTo(LONGEST_PAUSE) < 0 ? FIRST_PAUSE : doubled(pause);
      rest(pause);
    }
  }

  /// Whether its thread has not ended.
  boolean isAlive() {
    return thread.isAlive();
  }

  /// How long ago this node asked for changes when it last knew that nothing was missing.
  public Duration age() {
    return caughtUp.until(Moment.now(wall));
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

  private void compare(ChangeSource opened) throws SQLException {
    if (setbacks.areFound(opened, lastApplied)) {
      reload(opened);
    }
  }

  private void follow(ChangeSource opened) throws SQLException, InterruptedException {
    while (!closing) {
      var asked = Moment.now(wall);
      var changes = opened.after(applied);
      if (!changes.isEmpty()) {
        deliver(changes, opened);
      }
      if (changes.size() < Transactions.MOST_CHANGES) {
        caughtUp = asked;
      }
      if (changes.isEmpty()) {
        opened.await(config.poll());
      }
    }
  }

  /// What a node with much to catch up on has missed is told in few large parts: one look at the
  /// record serves them all.
  private void deliver(List<Change> changes, ChangeSource opened) throws SQLException {
    // Numbers have no gaps, and the last row is never removed.
    if (changes.getLast().sequence() != applied + changes.size()) {
      LOG.warn("changes after {} are gone: everything is loaded anew", applied);
      reload(opened);
      return;
    }
    for (var subscription : subscriptions()) {
      var mine = changes.stream().filter(one -> one.kind().equals(subscription.kind())).toList();
      if (!mine.isEmpty()) {
        subscription.follower().follow(mine, reading(opened));
      }
    }
    advance(changes.getLast());
    var now = clock.instant();
    changes.forEach(one -> meter.applied(one.kind(), Duration.between(one.at(), now)));
  }

  private void reload(ChangeSource opened) throws SQLException {
    var head = opened.read(Transactions::lastChange);
    subscriptions().forEach(one -> one.follower().reload(reading(opened)));
    head.ifPresent(this::advance);
  }

  private List<Subscription> subscriptions() {
    var all = new ArrayList<>(urgent);
    all.addAll(others);
    return all;
  }

  private static Reading reading(ChangeSource opened) {
    return new Reading() {
      @Override
      public <T> T read(SqlFunction<T> work) {
        try {
          return opened.read(work);
        } catch (SQLException e) {
          throw new DatabaseException("the record cannot be read", e);
        }
      }
    };
  }

  private void advance(Change last) {
    lastApplied = Optional.of(last);
    lock.lock();
    try {
      applied = last.sequence();
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
