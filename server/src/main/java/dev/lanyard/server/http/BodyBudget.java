package dev.lanyard.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all request bodies of this process may take together, while they arrive and
/// while they are handled: bodies are read before anybody has proved anything, so that without a
/// common bound a few thousand connections fill the heap.
///
/// Who has to wait longest is refused first. Large bodies may fill three quarters, those that
/// arrive in pieces seven eighths. The last eighth is for small ones that arrive at once, as
/// requests for tokens do: whoever sends half of a body and stops takes nothing from them.
/// Thread-safe.
public final class BodyBudget {
  private static final int SHARE_OF_HEAP = 4;

  private final long all;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /// @param bytes what all bodies may take together
  public BodyBudget(long bytes) {
    if (bytes < 8) {
      throw new IllegalArgumentException("a budget of " + bytes + " bytes has no eighths");
    }
    all = bytes;
  }

  /// A quarter of what the heap may grow to: the handlers need a multiple of a body to read it.
  public static BodyBudget ofHeap() {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /// How a body comes.
  enum Kind {
    /// Small, and here.
    AT_ONCE,
    /// Small, and the peer still has to send some of it.
    IN_PIECES,
    /// Larger than what a route takes by default.
    LARGE
  }

  /// Takes bytes if they are there for this kind of body; false, and it is counted, if not.
  boolean take(long bytes, Kind kind) {
    long most = most(kind);
    while (true) {
      long now = used.get();
      if (now + bytes > most) {
        refused.incrementAndGet();
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  private long most(Kind kind) {
    return switch (kind) {
      case AT_ONCE -> all;
      case IN_PIECES -> all / 8 * 7;
      case LARGE -> largest();
    };
  }

  /// The largest body, in bytes, that can ever be taken.
  long largest() {
    return all / 4 * 3;
  }

  /// What all bodies may take together, in bytes.
  public long all() {
    return all;
  }

  /// What they take now, in bytes.
  public long used() {
    return used.get();
  }

  /// How many bodies were refused because there was no room.
  public long refused() {
    return refused.get();
  }
}
