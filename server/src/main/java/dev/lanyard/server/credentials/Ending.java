package dev.lanyard.server.credentials;

import java.time.Instant;

/// Why grants end, and in the course of what.
///
/// @param why for the record
/// @param cuts whether what has shown their tokens ends with them, at every node
record Ending(String why, String correlationId, Instant at, boolean cuts) {
  /// They are taken back.
  Ending(String why, String correlationId, Instant at) {
    this(why, correlationId, at, true);
  }

  /// What is under way has an end of its own, or none that this would be the reason for.
  static Ending quiet(String why, String correlationId, Instant at) {
    return new Ending(why, correlationId, at, false);
  }
}
