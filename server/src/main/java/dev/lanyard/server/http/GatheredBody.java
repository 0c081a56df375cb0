package dev.lanyard.server.http;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/// The body of one request while it arrives and is handled. What it takes of the budget is what it
/// really occupies, and goes back exactly once, whoever ends the request. Thread-safe: a timeout
/// ends it while more arrives.
final class GatheredBody {
  private static final byte[] NOTHING = {};

  private final BodyBudget budget;
  private final int most;
  private final Supplier<InetAddress> network;
  private byte[] bytes = NOTHING;
  private int size;
  private long atOnce;
  private long ofShare;
  private boolean over;

  /// @param most the largest body that the route takes
  /// @param network whose share it takes of
  GatheredBody(BodyBudget budget, int most, Supplier<InetAddress> network) {
    this.budget = budget;
    this.most = most;
    this.network = network;
  }

  /// What became of a piece.
  enum Kept {
    KEPT,
    TOO_LARGE,
    NO_ROOM
  }

  /// The largest body that can be kept, in bytes: that of the route, or less on a small heap.
  int most() {
    return (int) Math.min(most, budget.largest());
  }

  /// Keeps the next piece.
  ///
  /// @param declared the length of the whole body; negative if nobody has said it
  /// @param isLast whether nothing follows
  synchronized Kept add(ByteBuffer piece, long declared, boolean isLast) {
    int next = size + piece.remaining();
    if (next > most() || next < size) {
      return Kept.TOO_LARGE;
    }
    boolean isWhole = isLast || next == declared;
    if (over || (next > bytes.length && !grow(next, declared, isWhole))) {
      return Kept.NO_ROOM;
    }
    piece.get(bytes, size, piece.remaining());
    size = next;
    return Kept.KEPT;
  }

  /// Doubles, so that a peer that sends byte by byte costs no copies; but never beyond what it
  /// wants to send.
  private boolean grow(int needed, long declared, boolean isWhole) {
    long end = declared < 0 ? most() : Math.min(declared, most());
    int capacity = isWhole ? needed : (int) Math.max(needed, Math.min(2L * bytes.length, end));
    boolean isLarge = capacity > Route.DEFAULT_BODY_LIMIT;
    int more = capacity - bytes.length;
    if (isWhole && !isLarge) {
      if (!budget.takeAtOnce(more)) {
        return false;
      }
      atOnce += more;
    } else {
      var kind = isLarge ? BodyBudget.Kind.LARGE : BodyBudget.Kind.IN_PIECES;
      if (!budget.takeShare(more, kind, network.get())) {
        return false;
      }
      ofShare += more;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  /// Whether what has come is so long, in bytes.
  synchronized boolean isOf(long length) {
    return size == length;
  }

  /// The whole body; the array is the caller's, and counts until [#release]. Empty if that was
  /// called before.
  synchronized Optional<byte[]> whole() {
    if (over) {
      return Optional.empty();
    }
    var whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    bytes = NOTHING;
    return Optional.of(whole);
  }

  /// Gives back what it took. Further calls do nothing, and nothing more is kept.
  synchronized void release() {
    if (!over) {
      over = true;
      bytes = NOTHING;
      budget.giveBack(atOnce);
      if (ofShare > 0) {
        budget.giveBackShare(ofShare, network.get());
      }
    }
  }
}
