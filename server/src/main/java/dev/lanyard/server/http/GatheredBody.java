package dev.lanyard.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// The body of one request while it arrives and is handled. What it takes of the budget is what it
/// really occupies, and goes back exactly once, whoever ends the request. Thread-safe: a timeout
/// ends it while more arrives.
final class GatheredBody {
  private static final byte[] NOTHING = {};

  private final BodyBudget budget;
  private final int most;
  private byte[] bytes = NOTHING;
  private int size;
  private long taken;
  private boolean over;

  /// @param most the largest body that the route takes
  GatheredBody(BodyBudget budget, int most) {
    this.budget = budget;
    this.most = most;
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
    if (!budget.take(capacity - taken, kind(capacity, isWhole))) {
      return false;
    }
    taken = capacity;
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  private static BodyBudget.Kind kind(int capacity, boolean isWhole) {
    if (capacity > Route.DEFAULT_BODY_LIMIT) {
      return BodyBudget.Kind.LARGE;
    }
    return isWhole ? BodyBudget.Kind.AT_ONCE : BodyBudget.Kind.IN_PIECES;
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
      budget.giveBack(taken);
    }
  }
}
