package dev.lanyard.benchmarks.kill;

import java.util.Arrays;

/// When people were killed, by the monotonic clock of this process. Thread-safe as far as each
/// person is written by one thread and read when the threads have ended.
final class Kills {
  /// Not killed, or not known.
  static final long NEVER = Long.MAX_VALUE;

  private final long[] sent;
  private final long[] answered;
  private final long[] takenIn;
  private final long[][] refusedBy;
  private final long[] receipt;

  Kills(int people) {
    this.sent = never(people);
    this.answered = never(people);
    this.takenIn = never(people);
    this.receipt = never(people);
    this.refusedBy = new long[Place.values().length][];
    Arrays.setAll(refusedBy, _ -> never(people));
  }

  private static long[] never(int people) {
    var times = new long[people];
    Arrays.fill(times, NEVER);
    return times;
  }

  void sent(int person, long at) {
    sent[person] = at;
  }

  void answered(int person, long at) {
    answered[person] = at;
  }

  void takenIn(int person, long at) {
    takenIn[person] = at;
  }

  void refusedBy(int person, Place place, long at) {
    refusedBy[place.ordinal()][person] = at;
  }

  void receipt(int person, long at) {
    receipt[person] = at;
  }

  boolean isKilled(int person) {
    return sent[person] != NEVER;
  }

  long sent(int person) {
    return sent[person];
  }

  long answered(int person) {
    return answered[person];
  }

  /// When the node that was asked began to act, as the receipt says.
  long takenIn(int person) {
    return takenIn[person];
  }

  /// When a place says that it refused, as the receipt says.
  long refusedBy(int person, Place place) {
    return refusedBy[place.ordinal()][person];
  }

  /// From when on no call may succeed there: the first of what anybody has promised.
  long promised(int person, Place place) {
    // The node that was asked has answered: from then on it refuses.
    long answer = place == Place.NODE_1 ? answered[person] : NEVER;
    return Math.min(answer, Math.min(receipt[person], refusedBy[place.ordinal()][person]));
  }

  /// How many of these people have a receipt.
  int receipts(int from, int to) {
    return (int) Arrays.stream(receipt, from, to).filter(at -> at != NEVER).count();
  }
}
