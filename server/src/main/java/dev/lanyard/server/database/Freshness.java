package dev.lanyard.server.database;

import java.time.Instant;

/// Whether this node knows what has changed.
public sealed interface Freshness {
  record Fresh() implements Freshness {}

  /// The node may have missed a change: it must not grant or confirm anything.
  ///
  /// @param since when it last knew everything
  record Stale(Instant since) implements Freshness {}
}
