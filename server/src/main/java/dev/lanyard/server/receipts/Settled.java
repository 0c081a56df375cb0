package dev.lanyard.server.receipts;

import dev.lanyard.server.delivery.Acknowledged;
import dev.lanyard.server.delivery.EnforcementPoints;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How far everybody is who refuses from a memory of their own.
///
/// @param points all who lived when the kill was committed, or began since
/// @param isComplete whether each of them refuses the person
record Settled(List<Point> points, boolean isComplete) {
  /// Longer than two signs of life are apart.
  private static final Duration LIVES = Duration.ofMinutes(2);

  /// By so much the clocks of nodes may differ.
  private static final Duration MARGIN = Duration.ofSeconds(1);

  Settled {
    points = List.copyOf(points);
  }

  /// @param refusesBy when it refused the person at the latest: by its own word, or because whoever
  ///   has heard nothing for so long refuses everybody
  /// @param hasSaidSo whether it said so itself
  record Point(Acknowledged acknowledged, Instant refusesBy, boolean hasSaidSo) {}

  static Settled of(Asked asked, EnforcementPoints points, Instant now) {
    var all =
        points.of(asked.sequence(), asked.at().minus(LIVES)).stream()
            .map(one -> point(one, asked.seenAt()))
            .toList();
    return new Settled(all, all.stream().noneMatch(one -> one.refusesBy().isAfter(now)));
  }

  /// Since the kill was seen committed nobody could renew without learning of it; see
  /// [EnforcementPoints].
  private static Point point(Acknowledged one, Instant seenAt) {
    return one.at()
        .map(at -> new Point(one, at, true))
        .orElseGet(() -> new Point(one, seenAt.plus(one.point().staleAfter()).plus(MARGIN), false));
  }

  /// When the last of them refused.
  Instant refusedBy(Instant atLeast) {
    return points.stream()
        .map(Point::refusesBy)
        .filter(atLeast::isBefore)
        .max(Instant::compareTo)
        .orElse(atLeast);
  }
}
