package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.idjag.IdJagVerdict.Accepted;
import dev.lanyard.protocol.idjag.IdJagVerdict.Rejected;
import dev.lanyard.protocol.idjag.IdJagVerdict.Undecided;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides whether an ID-JAG presented at the token endpoint may be redeemed.
///
/// **Does not check** replay, scopes, resources, the person or the possession of a bound key: those
/// are decisions of the resource authorization server. An accepted ID-JAG is authentic, not yet
/// authorized. Thread-safe. Blocks only if the issuer's [dev.lanyard.protocol.jose.KeySource] does.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.4.1
///   ID-JAG draft-04 §4.4.1
/// @spec https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3
public final class IdJagValidator {
  private final Issuer self;
  private final EnrolledIssuers enrolled;
  private final Limits limits;
  private final InstantSource clock;

  /// @param self our own issuer identifier: the only audience
  public IdJagValidator(Issuer self, EnrolledIssuers enrolled, Limits limits, InstantSource clock) {
    this.self = self;
    this.enrolled = enrolled;
    this.limits = limits;
    this.clock = clock;
  }

  /// Judges one assertion.
  ///
  /// @param assertion the `assertion` parameter as it arrived
  /// @param client the client that has authenticated: this must have happened before (RAS-2)
  public IdJagVerdict judge(String assertion, ClientId client) {
    try {
      var jwt = UnverifiedJwt.parse(assertion);
      // Before anything else: another kind of token must not even cost a look at keys.
      if (!jwt.unverifiedType().equals(Optional.of(IdJag.TYPE))) {
        return new Rejected(new Reason.WrongType(jwt.unverifiedType()));
      }
      var name = jwt.unverifiedClaims().issuer();
      if (name.isEmpty()) {
        return new Rejected(new Reason.MissingClaim("iss"));
      }
      var issuer = Issuer.parse(name.get());
      // Whatever is configured: whoever redeems what it issued itself has widened its own sign-in.
      if (issuer.equals(self)) {
        return new Rejected(new Reason.OwnIssuer(self));
      }
      var enrolment = enrolled.find(issuer);
      if (enrolment.isEmpty()) {
        return new Rejected(new Reason.UntrustedIssuer(issuer.value()));
      }
      return judge(jwt, enrolment.get(), client);
    } catch (MalformedException e) {
      return new Rejected(new Reason.Malformed(e.getMessage()));
    }
  }

  private IdJagVerdict judge(UnverifiedJwt jwt, EnrolledIssuer issuer, ClientId client)
      throws MalformedException {
    return switch (issuer.trust().verify(jwt)) {
      case Verification.Verified(var verified) -> judge(verified.claims(), issuer, client);
      case Verification.Refused(var fault) -> new Rejected(new Reason.NotAuthentic(fault));
      case Verification.Undecided(var why) -> new Undecided(why);
    };
  }

  private IdJagVerdict judge(JwtClaims claims, EnrolledIssuer issuer, ClientId client)
      throws MalformedException {
    for (var name : IdJag.REQUIRED_CLAIMS) {
      if (!claims.all().has(name)) {
        return new Rejected(new Reason.MissingClaim(name));
      }
    }
    // A second audience is refused even when we are the first: the draft allows exactly one.
    if (!claims.audience().equals(List.of(self.value()))) {
      return new Rejected(new Reason.WrongAudience(self, claims.audience()));
    }
    var idJag = new IdJag(claims, issuer.trust().issuer(), self);
    return addresseeFault(idJag, issuer, client)
        .or(() -> timeFault(idJag, clock.instant()))
        .or(() -> confirmationFault(idJag))
        .<IdJagVerdict>map(Rejected::new)
        .orElseGet(() -> new Accepted(idJag));
  }

  private static Optional<Reason> addresseeFault(
      IdJag idJag, EnrolledIssuer issuer, ClientId client) {
    if (!idJag.client().equals(client)) {
      return Optional.of(new Reason.WrongClient(client, idJag.client()));
    }
    if (!idJag.tenant().equals(issuer.tenant())) {
      return Optional.of(new Reason.WrongTenant(issuer.tenant(), idJag.tenant()));
    }
    var audienceTenant = idJag.audienceTenant();
    // Absent is fine: the issuer alone already leads to the one tenant that enrolled it.
    if (audienceTenant.isPresent() && !audienceTenant.equals(issuer.audienceTenant())) {
      return Optional.of(
          new Reason.WrongAudienceTenant(issuer.audienceTenant(), audienceTenant.get()));
    }
    return Optional.empty();
  }

  private Optional<Reason> timeFault(IdJag idJag, Instant now) {
    var skew = limits.skew();
    // exp is exclusive: at that very second the grant has expired.
    if (skew.isOver(idJag.expiresAt(), now)) {
      return Optional.of(new Reason.Expired(idJag.expiresAt(), now));
    }
    var notBefore = idJag.notBefore();
    if (notBefore.isPresent() && skew.isAhead(notBefore.get(), now)) {
      return Optional.of(new Reason.NotYetValid(notBefore.get(), now));
    }
    if (skew.isAhead(idJag.issuedAt(), now)) {
      return Optional.of(new Reason.IssuedInFuture(idJag.issuedAt(), now));
    }
    if (skew.isOlderThan(limits.maxAge(), idJag.issuedAt(), now)) {
      return Optional.of(new Reason.TooOld(idJag.issuedAt(), now, limits.maxAge()));
    }
    var life = Duration.between(idJag.issuedAt(), idJag.expiresAt());
    if (!life.isPositive() || life.compareTo(limits.maxLife()) > 0) {
      return Optional.of(new Reason.UnacceptableLife(life, limits.maxLife()));
    }
    return Optional.empty();
  }

  private static Optional<Reason> confirmationFault(IdJag idJag) {
    return switch (idJag.confirmation()) {
      case Confirmation.Unmet(var members) -> Optional.of(new Reason.UnknownConfirmation(members));
      // Who redeems is not known by a certificate.
      case Confirmation.Certificate bound ->
          Optional.of(new Reason.UnknownConfirmation(Set.of(Confirmation.CERTIFICATE)));
      case Confirmation.Bearer bearer -> Optional.empty();
      case Confirmation.DpopKey key -> Optional.empty();
    };
  }
}
