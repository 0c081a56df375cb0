package dev.lanyard.server.governance.review;

import java.time.Instant;
import java.util.List;

/// Finds what a review is about.
@FunctionalInterface
public interface Evidence {
  /// @param period of which it is asked
  List<Item> of(Period period);

  /// @param since the review before this one was opened, or the quarter began
  /// @param until this one was opened
  record Period(Instant since, Instant until) {
    public boolean has(Instant at) {
      return !at.isBefore(since) && at.isBefore(until);
    }
  }
}
