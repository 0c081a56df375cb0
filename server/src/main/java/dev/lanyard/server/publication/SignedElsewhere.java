package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Instant;
import java.util.Optional;

/// What somebody has signed where their key is, in a browser, and brings to be recorded. It is
/// worth what its signature is, which [Trust] judges like every other; who brings it must be whose
/// name it bears, so that nobody hands in for somebody else.
///
/// @param statement signed, in compact form
/// @param name of whoever brings it, as the approvers file has it
public record SignedElsewhere(String statement, String name) implements Speaker {
  /// What it says, whoever has signed it.
  Said unverified() throws MalformedException {
    var claims = UnverifiedJwt.parse(statement).unverifiedClaims();
    return new Said(
        claims.subject().orElse(""),
        claims.all().string("rationale").orElse(""),
        statement,
        claims.issuedAt().orElse(Instant.EPOCH));
  }

  /// Why it is not to be taken from whoever brings it now; empty if it is.
  Optional<String> strays(Said said, Instant now) {
    if (!said.by().equals(name)) {
      return Optional.of("it is signed as '%s', and you are '%s'".formatted(said.by(), name));
    }
    return Statement.stale(said.at(), now).or(() -> Statement.wordless(said.rationale()));
  }
}
