package dev.lanyard.server.delivery;

import java.time.Instant;

/// What a call as a killed person met.
///
/// @param connector which connector, by its resource identifier
/// @param by who answered: `introspection`, or `http` for the connector itself
/// @param outcome what it means
/// @param answer in words, e.g. `401`
public record ProbeResult(String connector, String by, Outcome outcome, String answer, Instant at) {
  /// Whether something took a token that must be dead.
  public boolean gotIn() {
    return outcome == Outcome.NOT_REFUSED;
  }

  /// What an answer means.
  public enum Outcome {
    /// The call was refused.
    REFUSED,
    /// The call was not refused as one with a dead token must be.
    NOT_REFUSED,
    /// There was no answer that says anything.
    UNKNOWN
  }
}
