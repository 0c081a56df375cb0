package dev.lanyard.server.transparency;

import java.time.Duration;
import java.time.Instant;

/// How far the tree has grown.
///
/// @param version changes with every step
/// @param size how many records are in it
/// @param lookedAt the largest number of a record that was seen
/// @param checkpoint the signed note on it
/// @param heldBy the node that made the last step
/// @param heldUntil until then no other node makes one
record LogState(
    long version,
    String origin,
    long size,
    long lookedAt,
    String checkpoint,
    Instant signedAt,
    String heldBy,
    Instant heldUntil) {

  /// The same tree in another version, so that no step goes on that has seen this one.
  LogState overtaken() {
    return new LogState(
        version + 1, origin, size, lookedAt, checkpoint, signedAt, heldBy, heldUntil);
  }

  /// Only spares the others the same work: what keeps two nodes apart is the version. An end that
  /// is further away than anybody may hold it comes from a wrong clock and counts for nothing.
  boolean isFree(String node, Instant now, Duration turn) {
    return heldBy.equals(node) || !heldUntil.isAfter(now) || heldUntil.isAfter(now.plus(turn));
  }
}
