package dev.lanyard.server.tracing;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A step of a request that has ended.
///
/// @param parent the step that it is a part of, here or at the caller
/// @param name one of few: never a path, a person or anything else that was sent
/// @param attributes words and numbers of ours, and the correlation id
/// @param failed by a fault; a refusal is none
public record Step(
    String trace,
    String span,
    Optional<String> parent,
    String name,
    Kind kind,
    Instant begin,
    long nanos,
    Map<String, String> attributes,
    boolean failed) {
  public Step {
    attributes = Map.copyOf(attributes);
  }

  /// Who does it.
  public enum Kind {
    /// We, for a caller.
    SERVER,
    /// We alone.
    INTERNAL,
    /// Somebody whom we have asked.
    CLIENT
  }
}
