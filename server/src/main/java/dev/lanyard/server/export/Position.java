package dev.lanyard.server.export;

import dev.lanyard.server.database.Horizon;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How far a place has got: everything up to a number, but for gaps. Transactions end in another
/// order than they begin, so a record can turn up below a number that was sent long ago; a gap is
/// given up only when every transaction that was running while it was seen has ended. Immutable.
///
/// @param sequence the largest number that was sent
/// @param gaps numbers below it that no record had yet, in their order
record Position(long sequence, List<Gap> gaps) {
  static final Position BEGINNING = new Position(0, List.of());

  /// Not known yet: at the next look it will be.
  private static final long UNKNOWN = -1;

  Position {
    gaps = List.copyOf(gaps);
  }

  /// Neighbouring numbers without a record.
  ///
  /// @param horizon the first transaction that began too late to have one of them; empty if it was
  ///   seen only once
  record Gap(long first, long last, long horizon) {
    private boolean mayStillFill(Horizon now) {
      return horizon == UNKNOWN || now.oldestRunning() < horizon;
    }

    private Stream<Gap> without(Collection<Long> found) {
      var left = new ArrayList<Gap>();
      long from = first;
      for (long number : new TreeSet<>(found).subSet(first, true, last, true)) {
        if (number > from) {
          left.add(new Gap(from, number - 1, horizon));
        }
        from = number + 1;
      }
      if (from <= last) {
        left.add(new Gap(from, last, horizon));
      }
      return left.stream();
    }

    private Gap seenAt(Horizon now) {
      return horizon == UNKNOWN ? new Gap(first, last, now.next()) : this;
    }
  }

  /// The position after a look.
  ///
  /// @param now as the database was just before the look: only gaps that were seen before it are
  ///   given up
  /// @param late numbers that were found in gaps
  /// @param fresh numbers that were found after all others, in their order
  Position after(Horizon now, List<Long> late, List<Long> fresh) {
    var kept =
        gaps.stream()
            .filter(gap -> gap.mayStillFill(now))
            .flatMap(gap -> gap.without(late))
            .map(gap -> gap.seenAt(now));
    if (fresh.isEmpty()) {
      return new Position(sequence, kept.toList());
    }
    long last = fresh.getLast();
    var come = new Gap(sequence + 1, last, UNKNOWN).without(fresh);
    return new Position(last, Stream.concat(kept, come).toList());
  }

  /// As it is kept.
  String printedGaps() {
    return gaps.stream()
        .map(gap -> gap.first() + "-" + gap.last() + "@" + gap.horizon())
        .collect(Collectors.joining(" "));
  }

  static Position of(long sequence, String gaps) {
    return new Position(
        sequence,
        Stream.of(gaps.split(" ")).filter(text -> !text.isEmpty()).map(Position::gap).toList());
  }

  private static Gap gap(String text) {
    int dash = text.indexOf('-');
    int at = text.indexOf('@');
    return new Gap(
        Long.parseLong(text.substring(0, dash)),
        Long.parseLong(text.substring(dash + 1, at)),
        Long.parseLong(text.substring(at + 1)));
  }
}
