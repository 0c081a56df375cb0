package dev.lanyard.server.database;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// What the database has not taken since this process began: its disk is full, or it is not there.
/// Requests whose transaction is among these were answered with a fault. Thread-safe.
public final class Refusals {
  private final InstantSource clock;
  private final AtomicReference<Seen> seen = new AtomicReference<>(Seen.NONE);

  Refusals(InstantSource clock) {
    this.clock = clock;
  }

  /// @param transactions how many; each unit of a shared one counts
  /// @param last when the last one was refused
  /// @param why that one was
  /// @param nowToo whether nothing has shown since that there is room again
  public record Seen(long transactions, Instant last, String why, boolean nowToo) {
    static final Seen NONE = new Seen(0, Instant.EPOCH, "", false);

    private Seen and(int more, Instant at, Exception cause) {
      return new Seen(transactions + more, at, String.valueOf(cause.getMessage()), true);
    }

    private Seen over() {
      return nowToo ? new Seen(transactions, last, why, false) : this;
    }
  }

  public Seen seen() {
    return seen.get();
  }

  void add(int transactions, Exception cause) {
    var now = clock.instant();
    seen.updateAndGet(before -> before.and(transactions, now, cause));
  }

  /// Something of that kind was committed.
  void over() {
    seen.updateAndGet(Seen::over);
  }

  /// Somebody has committed something since a look, and looks for whether that was all.
  ///
  /// @param then changes nothing if more was refused since
  public void over(Seen then) {
    seen.compareAndSet(then, then.over());
  }
}
