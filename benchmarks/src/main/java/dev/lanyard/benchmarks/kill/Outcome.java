package dev.lanyard.benchmarks.kill;

/// What became of a call.
enum Outcome {
  ACCEPTED,
  REFUSED,
  /// Nobody knew whether the call is allowed, so it was not.
  UNAVAILABLE
}
