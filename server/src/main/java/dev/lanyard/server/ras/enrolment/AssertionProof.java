package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import java.time.InstantSource;
import java.util.Optional;

/// An ID-JAG as proof that its issuer belongs to somebody: it must be as good as for redemption,
/// for this server alone, and carry the one-time value in `nonce` or `jti`.
///
/// No ID Token will do: every relying party of an identity provider can have one with a `nonce` of
/// its choice. That an ID-JAG names this server as its audience is for the provider's administrator
/// to allow.
final class AssertionProof {
  private final Issuer self;
  private final EgressClient egress;
  private final ClockSkew skew;
  private final InstantSource clock;

  AssertionProof(Issuer self, EgressClient egress, ClockSkew skew, InstantSource clock) {
    this.self = self;
    this.egress = egress;
    this.skew = skew;
    this.clock = clock;
  }

  /// Why an assertion proves nothing; empty if it does.
  Optional<String> missing(IssuerEnrolment claim, String assertion) {
    try {
      var client = client(assertion);
      return switch (validator(claim).judge(assertion, client)) {
        case IdJagVerdict.Accepted(var idJag) -> missing(claim, idJag);
        case IdJagVerdict.Rejected(var reason) ->
            Optional.of(
                "the assertion is not good: %s must be %s, and is %s"
                    .formatted(
                        reason.evidence().check(),
                        reason.evidence().expected(),
                        reason.evidence().actual()));
        case IdJagVerdict.Undecided(var why) -> Optional.of(why);
      };
    } catch (MalformedException e) {
      return Optional.of("that is not an ID-JAG: " + e.getMessage());
    }
  }

  /// Which client it is for does not matter here: nobody gets anything for it.
  private static ClientId client(String assertion) throws MalformedException {
    return ClientId.parse(
        UnverifiedJwt.parse(assertion).unverifiedClaims().all().nonEmptyString("client_id"));
  }

  private IdJagValidator validator(IssuerEnrolment claim) {
    var discovery = new IssuerDiscovery(egress, claim.issuer(), Refresh.DEFAULT, clock);
    var trust = new TrustedIssuer(claim.issuer(), discovery.keys(), claim.rules().algorithms());
    var enrolled = new EnrolledIssuer(trust, claim.rules().tenant(), Optional.empty());
    return new IdJagValidator(
        self,
        issuer -> issuer.equals(claim.issuer()) ? Optional.of(enrolled) : Optional.empty(),
        new Limits(skew, Limits.MAX, Limits.MAX),
        clock);
  }

  private static Optional<String> missing(IssuerEnrolment claim, IdJag idJag)
      throws MalformedException {
    var value = Optional.of(claim.challenge());
    return idJag.id().equals(claim.challenge()) || idJag.all().string("nonce").equals(value)
        ? Optional.empty()
        : Optional.of("the assertion carries the one-time value neither in nonce nor in jti");
  }
}
