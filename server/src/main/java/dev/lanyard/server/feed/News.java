package dev.lanyard.server.feed;

import dev.lanyard.server.revocation.DenySet;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Wakes whoever waits for a denial, in the moment in which this node learns of one.
final class News implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private long count;
  private boolean closed;

  static News of(DenySet denied) {
    var news = new News();
    denied.onArrival(denials -> news.arrive());
    return news;
  }

  private void arrive() {
    lock.lock();
    try {
      count++;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How many there have been: to be asked before the record is looked at.
  long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there have been more than so many.
  ///
  /// @return whether there have
  boolean await(long seen, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (count == seen && !closed) {
        if (nanos <= 0) {
          return false;
        }
        nanos = arrived.awaitNanos(nanos);
      }
      return count != seen;
    } finally {
      lock.unlock();
    }
  }

  /// Nobody waits any longer.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
