package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.AssertionAudience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides whether a client assertion proves that the sender is the client. An assertion counts
/// once. Thread-safe.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-rfc7523bis-11#section-3
///   rfc7523bis-11 §3 (TOK-3)
final class AssertionValidator {
  private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");
  private static final Set<SigningAlgorithm> ALGORITHMS = EnumSet.allOf(SigningAlgorithm.class);
  private static final int LONGEST_ID = 256;

  /// Nobody needs more, and each use has to be remembered for as long.
  private static final Duration LONGEST_LIFE = Duration.ofHours(1);

  private final AssertionRules rules;

  AssertionValidator(AssertionRules rules) {
    this.rules = rules;
  }

  sealed interface Verdict {
    record Authentic() implements Verdict {}

    record Rejected(Evidence evidence) implements Verdict {}

    /// The client's keys could not be had.
    record Undecided(String reason) implements Verdict {}
  }

  /// Judges an assertion, and marks it as used if everything else is right.
  ///
  /// @param audience to whom this client may address it
  /// @throws dev.lanyard.server.database.DatabaseException if its use could not be recorded
  Verdict judge(String assertion, ClientId client, KeySource keys, AssertionAudience audience) {
    UnverifiedJwt jwt;
    try {
      jwt = UnverifiedJwt.parse(assertion);
    } catch (MalformedException e) {
      return rejected("client_assertion", "a JWT", e.getMessage());
    }
    return switch (new JwtVerifier(keys, ALGORITHMS).verify(jwt)) {
      case Verification.Verified(var verified) -> judge(verified, client, audience);
      case Verification.Refused(var fault) ->
          rejected("signature", "of a key of the client", fault.toString());
      case Verification.Undecided(var reason) -> new Verdict.Undecided(reason);
    };
  }

  private Verdict judge(VerifiedJwt jwt, ClientId client, AssertionAudience audience) {
    var claims = jwt.claims();
    var fault =
        typeFault(jwt)
            .or(() -> identityFault(claims, client, audience))
            .or(() -> timeFault(claims))
            .or(() -> idFault(claims));
    return fault.<Verdict>map(Verdict.Rejected::new).orElseGet(() -> use(claims, client));
  }

  private static Optional<Evidence> typeFault(VerifiedJwt jwt) {
    return jwt.type()
        .filter(type -> !TYPES.contains(type))
        .map(type -> new Evidence("typ", "client-authentication+jwt or none", type, "TOK-3"));
  }

  private Optional<Evidence> identityFault(
      JwtClaims claims, ClientId client, AssertionAudience audience) {
    if (!claims.issuer().equals(Optional.of(client.value()))) {
      return fault("iss", client.value(), claims.issuer().orElse("absent"));
    }
    if (!claims.subject().equals(Optional.of(client.value()))) {
      return fault("sub", client.value(), claims.subject().orElse("absent"));
    }
    boolean isGood =
        claims.audience().equals(List.of(rules.self().value()))
            || (audience == AssertionAudience.TOKEN_ENDPOINT && isLegacy(claims));
    return isGood
        ? Optional.empty()
        : fault("aud", rules.self().value() + " alone", String.join(" ", claims.audience()));
  }

  private boolean isLegacy(JwtClaims claims) {
    return claims.audience().equals(List.of(rules.tokenEndpoint().toString()));
  }

  private Optional<Evidence> timeFault(JwtClaims claims) {
    var now = rules.clock().instant();
    var expiry = claims.expiresAt();
    if (expiry.isEmpty() || rules.skew().isOver(expiry.get(), now)) {
      return fault("exp", "after " + now, expiry.map(Object::toString).orElse("absent"));
    }
    if (rules.skew().isAhead(expiry.get(), now.plus(LONGEST_LIFE))) {
      return fault("exp", "within " + LONGEST_LIFE, expiry.get().toString());
    }
    if (claims.notBefore().filter(start -> rules.skew().isAhead(start, now)).isPresent()) {
      return fault("nbf", "not after " + now, claims.notBefore().get().toString());
    }
    return claims
        .issuedAt()
        .filter(issued -> rules.skew().isAhead(issued, now))
        .flatMap(issued -> fault("iat", "not after " + now, issued.toString()));
  }

  private static Optional<Evidence> idFault(JwtClaims claims) {
    var id = claims.id();
    return id.isEmpty() || id.get().isEmpty() || id.get().length() > LONGEST_ID
        ? fault("jti", "1 to 256 characters", id.isEmpty() ? "absent" : "another length")
        : Optional.empty();
  }

  private Verdict use(JwtClaims claims, ClientId client) {
    var id = claims.id().orElseThrow();
    var forgetAfter = claims.expiresAt().orElseThrow().plus(rules.skew().tolerance());
    if (!rules.used().recordFirst(client, id, forgetAfter)) {
      return rejected("jti", "used once", "used before");
    }
    if (isLegacy(claims)) {
      rules.legacy().accept(client);
    }
    return new Verdict.Authentic();
  }

  private static Optional<Evidence> fault(String check, String expected, String actual) {
    return Optional.of(new Evidence(check, expected, actual, "TOK-3"));
  }

  private static Verdict rejected(String check, String expected, String actual) {
    return new Verdict.Rejected(new Evidence(check, expected, actual, "TOK-3"));
  }
}
