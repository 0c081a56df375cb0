package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies committed pages of the embedded database from its write-ahead log into its file, beside
/// the writers. Left to itself, SQLite does that within the commit that makes the log long, and
/// every request behind that commit waits for two more flushes of the disk.
///
/// Nothing depends on it: what is committed is durable in the log, and a log that nobody copies is
/// read at the next start.
///
/// @spec https://www.sqlite.org/wal.html#ckpt SQLite, Write-Ahead Logging, Checkpointing
final class Checkpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  /// Few, so that copying is short: it takes the core and the disk from the commits beside it. The
  /// pages of 512 commits take them for 5 to 10 ms.
  private static final int COMMITS = 32;

  /// In a log of so many pages (16 MiB) the writers pause for what the copying has left: only a log
  /// that is copied whole is begun anew.
  private static final int LONG_LOG = 4_096;

  /// How long whoever has deleted waits for the log to be emptied.
  private static final Duration EMPTIED = Duration.ofSeconds(2);

  /// After so long it is tried again, if somebody was reading.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private static final int FOR_READERS_MILLIS = 50;

  private final Opening opening;
  private final Lock writing;
  private final AtomicInteger commits = new AtomicInteger();

  /// Those who want a log without the pages of before.
  private final Queue<CompletableFuture<Boolean>> emptying = new ConcurrentLinkedQueue<>();

  private final Semaphore due = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean closing;

  /// How it gets a connection of its own.
  interface Opening {
    Connection open() throws SQLException;
  }

  /// @param writing held by whoever writes
  Checkpoints(Opening opening, Lock writing) {
    this.opening = opening;
    this.writing = writing;
  }

  /// To be told after each commit. Does not wait.
  void committed() {
    if (commits.incrementAndGet() % COMMITS == 0) {
      begin();
      due.release();
    }
  }

  /// Copies all of the log and leaves nothing in its file. Waits for that for some seconds; if
  /// somebody reads for longer, it is done behind the caller's back.
  void empty() {
    var done = new CompletableFuture<Boolean>();
    emptying.add(done);
    begin();
    due.release();
    try {
      var _ = done.get(EMPTIED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      LOG.warn("somebody reads for long: what was deleted stays in the log of SQLite until then");
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes it so", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Most processes, such as those of the command line, never get this far.
  private synchronized void begin() {
    if (thread == null && !closing) {
      thread = Thread.ofPlatform().daemon().name("sqlite-checkpoint").start(this::run);
    }
  }

  private void run() {
    try (var connection = opening.open()) {
      while (true) {
        if (emptying.isEmpty()) {
          due.acquire();
        } else {
          var _ = due.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
        var _ = due.drainPermits();
        if (closing) {
          return;
        }
        checkpoint(connection);
        emptyIfWanted(connection);
      }
    } catch (SQLException e) {
      LOG.warn("SQLite is left to copy its log itself: {}", e.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the checkpoints", e);
    }
  }

  private void emptyIfWanted(Connection connection) {
    // Whoever comes later may have deleted later.
    var wanted = List.copyOf(emptying);
    if (wanted.isEmpty()) {
      return;
    }
    writing.lock();
    try {
      if (isEmptied(connection)) {
        wanted.forEach(one -> one.complete(true));
        emptying.removeAll(wanted);
      }
    } catch (SQLException e) {
      LOG.warn("the log of SQLite is not emptied now: {}", e.toString());
    } finally {
      writing.unlock();
    }
  }

  /// Waits for readers as long as writers may wait for it.
  private static boolean isEmptied(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + FOR_READERS_MILLIS);
      try (var row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        return row.next() && row.getInt(1) == 0;
      }
    }
  }

  private void checkpoint(Connection connection) {
    try {
      if (copied(connection) >= LONG_LOG) {
        writing.lock();
        try {
          var _ = copied(connection);
        } finally {
          writing.unlock();
        }
      }
    } catch (SQLException e) {
      LOG.warn("the log of SQLite is not copied now: {}", e.toString());
    }
  }

  /// Copies what no reader is in the way of.
  ///
  /// @return how many pages the log has
  private static int copied(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
      return row.next() ? row.getInt(2) : 0;
    }
  }

  @Override
  public void close() {
    @Nullable Thread running;
    synchronized (this) {
      closing = true;
      running = thread;
    }
    due.release();
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
