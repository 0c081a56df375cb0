package dev.lanyard.server.delivery;

import java.time.Instant;
import java.util.Optional;

/// What has not arrived.
///
/// @param waiting how many messages are still tried
/// @param oldest since when the oldest of them waits
/// @param dead how many were given up
public record Backlog(int waiting, Optional<Instant> oldest, int dead) {
  static final Backlog NONE = new Backlog(0, Optional.empty(), 0);
}
