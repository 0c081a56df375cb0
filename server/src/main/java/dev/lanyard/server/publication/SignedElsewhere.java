package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What somebody has signed where their key is, in a browser, and brings to be recorded. It is
/// worth what its signature is, which [Trust] judges like every other; who brings it must be whose
/// name it bears, so that nobody hands in for somebody else.
///
/// @param statement signed, in compact form
/// @param name of whoever brings it, as the approvers file has it
public record SignedElsewhere(String statement, String name) implements Speaker {
  /// How long there is from reading what is signed to sending it; an older one may have been kept.
  static final Duration FRESH = Duration.ofMinutes(10);

  static final Duration SKEW = Duration.ofSeconds(30);

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
    if (said.at().isBefore(now.minus(FRESH)) || said.at().isAfter(now.plus(SKEW))) {
      return Optional.of(
          "it was signed at %s, and it is %s here: open the page again".formatted(said.at(), now));
    }
    return said.rationale().isBlank() || said.rationale().length() > Statement.LONGEST_RATIONALE
        ? Optional.of("a rationale has 1 to " + Statement.LONGEST_RATIONALE + " characters")
        : Optional.empty();
  }
}
