package dev.lanyard.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Reads a body to its end, on a thread that may wait: only where it has to be judged as a whole.
public final class WholeBody implements BodySource.Listener {
  private final Semaphore woken = new Semaphore(0);

  private WholeBody() {}

  /// What came of it.
  public sealed interface Reading {
    record Whole(byte[] bytes) implements Reading {}

    /// It is larger than it may be, broke off, or did not end in time.
    record Broken(String why) implements Reading {}
  }

  /// @param most bytes
  public static Reading read(BodySource body, int most, Duration atMost) {
    try {
      return new WholeBody().gather(body, most, System.nanoTime() + atMost.toNanos());
    } finally {
      body.closed();
    }
  }

  private Reading gather(BodySource body, int most, long deadline) {
    body.opened(this);
    var bytes = new ByteArrayOutputStream();
    while (true) {
      switch (body.next()) {
        case BodySource.Piece.Some(var more) -> {
          if (bytes.size() + more.remaining() > most) {
            return new Reading.Broken("an answer is larger than " + most + " bytes");
          }
          keep(bytes, more);
        }
        case BodySource.Piece.End() -> {
          return new Reading.Whole(bytes.toByteArray());
        }
        case BodySource.Piece.Broken(var why) -> {
          return new Reading.Broken(why);
        }
        case BodySource.Piece.NothingYet() -> {
          if (!isWoken(deadline)) {
            return new Reading.Broken("an answer did not end in time");
          }
        }
      }
    }
  }

  private static void keep(ByteArrayOutputStream bytes, ByteBuffer more) {
    var array = new byte[more.remaining()];
    more.get(array);
    bytes.writeBytes(array);
  }

  private boolean isWoken(long deadline) {
    try {
      return woken.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void wake() {
    woken.release();
  }

  @Override
  public void cut(String why) {
    woken.release();
  }
}
