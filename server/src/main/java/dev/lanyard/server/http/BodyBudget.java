package dev.lanyard.server.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that all request bodies of this process may take together, while they arrive and
/// while they are handled: bodies are read before anybody has proved anything, so that without a
/// common bound a few thousand connections fill the heap.
///
/// Who has to wait longest is refused first. Large bodies may fill three quarters, those that
/// arrive in pieces seven eighths. The last eighth is for small ones that arrive at once, as
/// requests for tokens do: whoever sends half of a body and stops takes nothing from them.
///
/// Of what large bodies and those in pieces may take, one network has at most twice what it leaves
/// to others: two thirds while it is alone. However many networks fill it, there is room for one
/// more. Thread-safe.
public final class BodyBudget {
  private static final int SHARE_OF_HEAP = 4;

  /// How often what it leaves to others one network may have.
  private static final int TIMES_WHAT_IS_LEFT = 2;

  private final long all;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /// What each network takes that is large or comes in pieces, in bytes.
  private final Map<InetAddress, Long> shares = new HashMap<>();

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

  /// How a body comes that is not small and here.
  enum Kind {
    /// Small, and the peer still has to send some of it.
    IN_PIECES,
    /// Larger than what a route takes by default.
    LARGE
  }

  /// Takes bytes for a body that is small and here, whoever sends it; false, and it is counted, if
  /// there are none.
  boolean takeAtOnce(long bytes) {
    return counted(fits(bytes, all));
  }

  /// Takes bytes of a network's share for another body; false, and it is counted, if there are
  /// none.
  synchronized boolean takeShare(long bytes, Kind kind, InetAddress network) {
    long share = shares.getOrDefault(network, 0L) + bytes;
    if (!counted(fits(bytes, most(kind) - share / TIMES_WHAT_IS_LEFT))) {
      return false;
    }
    shares.put(network, share);
    return true;
  }

  private boolean fits(long bytes, long most) {
    while (true) {
      long now = used.get();
      if (now + bytes > most) {
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  private boolean counted(boolean taken) {
    if (!taken) {
      refused.incrementAndGet();
    }
    return taken;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  /// Gives back what was taken of a share.
  synchronized void giveBackShare(long bytes, InetAddress network) {
    giveBack(bytes);
    shares.computeIfPresent(network, (_, share) -> share > bytes ? share - bytes : null);
  }

  private long most(Kind kind) {
    return switch (kind) {
      case IN_PIECES -> all / 8 * 7;
      case LARGE -> all / 4 * 3;
    };
  }

  /// The largest body, in bytes, that can ever be taken: what one network may have of large ones.
  long largest() {
    return most(Kind.LARGE) / (1 + TIMES_WHAT_IS_LEFT) * TIMES_WHAT_IS_LEFT;
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
