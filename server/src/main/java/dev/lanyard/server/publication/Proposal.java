package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Instant;
import java.util.Locale;
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

  /// Short enough to be typed; two proposals for one publication are told apart by their signature.
  static String name(long number, Said said) {
    var hash = OpaqueToken.hash(new Secret(said.statement()));
    return number
        + "-"
        + hash.replaceAll("[^A-Za-z0-9]", "").substring(0, 8).toLowerCase(Locale.ROOT);
  }

  String statement() {
    return proposed.statement();
  }
}
