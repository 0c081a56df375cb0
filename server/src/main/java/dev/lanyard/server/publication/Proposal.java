package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/// A version that somebody wants in force.
///
/// @param number of the publication that it would be
/// @param base the version that was in force when it was proposed
/// @param version the version that would be
/// @param proposed by whom and why, signed by them
/// @param effect what it would change, as it was shown to the proposer
/// @param answer what a second person said to it
public record Proposal(
    String id,
    long number,
    String base,
    String version,
    Said proposed,
    JsonObject effect,
    Optional<Answer> answer) {

  /// What somebody said.
  public record Said(String by, String rationale, String statement, Instant at) {}

  String statement() {
    return proposed.statement();
  }
}
