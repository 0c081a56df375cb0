package dev.lanyard.resourceserver.status;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/// From marks to what is denied under them, in flat arrays: some 60 bytes each, where objects would
/// take 200. Readers never wait for each other, and for a writer only in its part. Thread-safe.
final class MarkTable {
  private static final int PARTS = 64;

  private final Part[] parts = new Part[PARTS];
  private volatile boolean used;

  MarkTable() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /// What is denied under a mark; times in milliseconds since the epoch.
  record Entry(long before, long forgetAfter, long sequence) {}

  /// Which of two entries counts.
  @FunctionalInterface
  interface Choice {
    Entry of(Entry old, Entry fresh);
  }

  private Part part(Mark mark) {
    return parts[(int) (mark.high() >>> 58)];
  }

  /// @return `null` if there is none: this is asked at every call, and an answer costs no object
  ///   then
  @Nullable Entry find(Mark mark) {
    return part(mark).find(mark);
  }

  void put(Mark mark, Entry entry, Choice choice) {
    used = true;
    part(mark).put(mark, entry, choice);
  }

  /// Drops what nobody needs after this moment.
  void forget(long now) {
    for (var part : parts) {
      part.forget(now);
    }
  }

  /// Asked at every call, for every kind.
  boolean isEmpty() {
    return !used;
  }

  int size() {
    return Arrays.stream(parts).mapToInt(part -> part.size).sum();
  }

  /// One part: open addressing, next free place.
  private static final class Part {
    private static final int WIDTH = 5;
    private static final int SMALLEST = 8;

    private final StampedLock lock = new StampedLock();
    private long[] cells = {};
    private volatile int size;

    @Nullable Entry find(Mark mark) {
      if (size == 0) {
        return null;
      }
      long stamp = lock.tryOptimisticRead();
      if (stamp != 0) {
        var found = look(cells, mark);
        if (lock.validate(stamp)) {
          return found;
        }
      }
      stamp = lock.readLock();
      try {
        return look(cells, mark);
      } finally {
        lock.unlockRead(stamp);
      }
    }

    /// Ends also if the cells change meanwhile: it looks at each once at most.
    private static @Nullable Entry look(long[] cells, Mark mark) {
      int places = cells.length / WIDTH;
      for (int tries = 0, place = first(mark, places); tries < places; tries++) {
        int at = place * WIDTH;
        if (cells[at] == 0 && cells[at + 1] == 0) {
          return null;
        }
        if (cells[at] == mark.high() && cells[at + 1] == mark.low()) {
          return new Entry(cells[at + 2], cells[at + 3], cells[at + 4]);
        }
        place = place + 1 == places ? 0 : place + 1;
      }
      return null;
    }

    /// The lower half is free: the upper one has chosen the part.
    private static int first(Mark mark, int places) {
      return (int) Math.unsignedMultiplyHigh(mark.low(), places);
    }

    void put(Mark mark, Entry entry, Choice choice) {
      long stamp = lock.writeLock();
      try {
        var old = look(cells, mark);
        if (old != null) {
          write(cells, mark, choice.of(old, entry));
          return;
        }
        // At most four fifths full, and never much less: this is all the memory there is.
        if ((size + 1) * 5L > cells.length / WIDTH * 4L) {
          cells = copied(cells, Math.max(SMALLEST, (size + 1) * 3 / 2), Long.MIN_VALUE);
        }
        write(cells, mark, entry);
        int more = size + 1;
        size = more;
      } finally {
        lock.unlockWrite(stamp);
      }
    }

    void forget(long now) {
      long stamp = lock.writeLock();
      try {
        int kept = 0;
        for (int at = 0; at < cells.length; at += WIDTH) {
          boolean taken = cells[at] != 0 || cells[at + 1] != 0;
          kept += taken && cells[at + 3] >= now ? 1 : 0;
        }
        if (kept < size) {
          cells = copied(cells, kept == 0 ? 0 : Math.max(SMALLEST, kept * 3 / 2), now);
          size = kept;
        }
      } finally {
        lock.unlockWrite(stamp);
      }
    }

    private static long[] copied(long[] old, int places, long now) {
      var fresh = new long[places * WIDTH];
      for (int at = 0; at < old.length; at += WIDTH) {
        if ((old[at] != 0 || old[at + 1] != 0) && old[at + 3] >= now) {
          write(
              fresh,
              new Mark(old[at], old[at + 1]),
              new Entry(old[at + 2], old[at + 3], old[at + 4]));
        }
      }
      return fresh;
    }

    private static void write(long[] cells, Mark mark, Entry entry) {
      int places = cells.length / WIDTH;
      int place = first(mark, places);
      int at = place * WIDTH;
      while ((cells[at] != 0 || cells[at + 1] != 0)
          && (cells[at] != mark.high() || cells[at + 1] != mark.low())) {
        place = place + 1 == places ? 0 : place + 1;
        at = place * WIDTH;
      }
      cells[at] = mark.high();
      cells[at + 1] = mark.low();
      cells[at + 2] = entry.before();
      cells[at + 3] = entry.forgetAfter();
      cells[at + 4] = entry.sequence();
    }
  }
}
