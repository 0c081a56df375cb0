package dev.lanyard.protocol.statuslist;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.statuslist.StatusListVerdict.Accepted;
import dev.lanyard.protocol.statuslist.StatusListVerdict.Rejected;
import dev.lanyard.protocol.statuslist.StatusListVerdict.Undecided;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Decides whether a status list token may be believed (TSL-3).
///
/// **Does not check** what it says about any token, nor whether it was kept longer than its `ttl`.
/// Thread-safe. Blocks only if the issuer's keys must be fetched.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20#section-8.3 Token
///   Status List draft-20 §8.3
public final class StatusListValidator {
  /// A list of four million bytes in the worst case, which compresses to nothing less, is refused.
  private static final int MOST_CHARACTERS = 1024 * 1024;

  private final ClockSkew skew;
  private final InstantSource clock;

  public StatusListValidator(ClockSkew skew, InstantSource clock) {
    this.skew = skew;
    this.clock = clock;
  }

  /// Judges one token.
  ///
  /// @param issuer who issued the token whose status is asked for: nobody else may say that it died
  /// @param expected the URI in that token, which the list must have as its `sub`
  public StatusListVerdict judge(String compact, TrustedIssuer issuer, URI expected) {
    try {
      var jwt = UnverifiedJwt.parse(compact, MOST_CHARACTERS);
      if (!jwt.unverifiedType().equals(Optional.of(StatusListToken.TYPE))) {
        return rejected("typ", StatusListToken.TYPE, jwt.unverifiedType().orElse("none"));
      }
      return switch (issuer.verify(jwt)) {
        case Verification.Verified(var verified) -> judge(verified.claims(), expected);
        case Verification.Refused(var fault) ->
            rejected("signature", "by a key of the issuer", fault.describe());
        case Verification.Undecided(var why) -> new Undecided(why);
      };
    } catch (MalformedException e) {
      return rejected("form", "a status list token", String.valueOf(e.getMessage()));
    }
  }

  private StatusListVerdict judge(JwtClaims claims, URI expected) throws MalformedException {
    if (!claims.subject().equals(Optional.of(expected.toString()))) {
      return rejected("sub", expected.toString(), claims.subject().orElse("none"));
    }
    var now = clock.instant();
    var issuedAt = claims.issuedAt();
    if (issuedAt.isEmpty() || skew.isAhead(issuedAt.get(), now)) {
      return rejected("iat", "not after " + now, issuedAt.map(Object::toString).orElse("none"));
    }
    // exp is exclusive, and has no skew: a list tells at the latest by then who has died since.
    if (claims.expiresAt().isPresent() && !now.isBefore(claims.expiresAt().get())) {
      return rejected("exp", "after " + now, claims.expiresAt().get().toString());
    }
    var ttl = claims.all().seconds("ttl");
    if (ttl.isPresent() && ttl.get() <= 0) {
      return rejected("ttl", "positive", String.valueOf(ttl.get()));
    }
    var list = claims.all().object("status_list");
    if (list.isEmpty()) {
      return rejected("status_list", "present", "absent");
    }
    return new Accepted(
        new StatusListToken(
            expected,
            issuedAt.get(),
            claims.expiresAt(),
            ttl.map(Duration::ofSeconds),
            StatusList.parse(list.get())));
  }

  private static Rejected rejected(String check, String expected, String actual) {
    return new Rejected(new Evidence(check, expected, actual, "TSL-3"));
  }
}
