package dev.lanyard.benchmarks.kill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Every call that was made: when it began and ended by the monotonic clock of this process, where,
/// for whom, and what became of it. Thread-safe; each caller writes into a part of its own.
final class History {
  private final List<Part> parts = new CopyOnWriteArrayList<>();

  Part part() {
    var part = new Part();
    parts.add(part);
    return part;
  }

  List<Part> parts() {
    return new ArrayList<>(parts);
  }

  long size() {
    return parts.stream().mapToLong(part -> part.size).sum();
  }

  /// The calls of one caller, in their order. For one thread, until it has ended.
  static final class Part {
    private static final int FIRST = 1 << 14;

    private long[] began = new long[FIRST];
    private long[] ended = new long[FIRST];
    private int[] what = new int[FIRST];
    private volatile int size;

    void add(long from, long to, int person, Point point, Outcome outcome) {
      int at = size;
      if (at == began.length) {
        began = Arrays.copyOf(began, at * 2);
        ended = Arrays.copyOf(ended, at * 2);
        what = Arrays.copyOf(what, at * 2);
      }
      began[at] = from;
      ended[at] = to;
      what[at] = person << 5 | point.ordinal() << 2 | outcome.ordinal();
      size = at + 1;
    }

    int size() {
      return size;
    }

    long began(int call) {
      return began[call];
    }

    long ended(int call) {
      return ended[call];
    }

    int person(int call) {
      return what[call] >>> 5;
    }

    Point point(int call) {
      return Point.ALL[what[call] >> 2 & 7];
    }

    Outcome outcome(int call) {
      return Outcome.values()[what[call] & 3];
    }
  }
}
