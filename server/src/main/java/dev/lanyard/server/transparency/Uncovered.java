package dev.lanyard.server.transparency;

import java.time.Instant;
import java.util.Optional;

/// Records that no checkpoint covers yet. There may be as many as an outage of every node with the
/// key was long, so they are counted and not kept.
///
/// @param since of when the first one is, if it says so
record Uncovered(long count, Optional<Instant> since) {
  static final Uncovered NOTHING = new Uncovered(0, Optional.empty());

  /// With lines behind these.
  Uncovered and(Lines more) {
    return new Uncovered(count + more.count(), count == 0 ? more.since() : since);
  }
}
