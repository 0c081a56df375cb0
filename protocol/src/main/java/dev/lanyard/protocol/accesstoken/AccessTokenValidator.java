package dev.lanyard.protocol.accesstoken;

import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Accepted;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Rejected;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Undecided;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Decides whether an access token opens one resource.
///
/// **Does not check** scopes, revocation or the possession of a bound key: an accepted token that
/// has a [Confirmation.DpopKey] is worth nothing without a proof. Thread-safe. Blocks only if the
/// issuer's keys must be fetched.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4
public final class AccessTokenValidator {
  private final TrustedIssuers issuers;
  private final ResourceIndicator self;
  private final ClockSkew skew;
  private final InstantSource clock;
  private final boolean certificatesAreCompared;

  /// One that takes no token that is bound to a certificate.
  ///
  /// @param issuers the authorization servers of this resource
  /// @param self the identifier of this resource: it must be in `aud`
  public AccessTokenValidator(
      TrustedIssuers issuers, ResourceIndicator self, ClockSkew skew, InstantSource clock) {
    this(issuers, self, skew, clock, false);
  }

  private AccessTokenValidator(
      TrustedIssuers issuers,
      ResourceIndicator self,
      ClockSkew skew,
      InstantSource clock,
      boolean certificatesAreCompared) {
    this.issuers = issuers;
    this.self = self;
    this.skew = skew;
    this.clock = clock;
    this.certificatesAreCompared = certificatesAreCompared;
  }

  /// The same, which takes tokens that are bound to a certificate as well. Whoever asks for this
  /// compares the [Confirmation.Certificate] of each with the client's of the TLS connection: a
  /// token that is taken without is worth no more than one that anybody may have stolen.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc8705.html#section-3 RFC 8705 §3
  public AccessTokenValidator comparingCertificates() {
    return new AccessTokenValidator(issuers, self, skew, clock, true);
  }

  /// Judges one token.
  ///
  /// @param accessToken what followed the scheme in the `Authorization` header
  public AccessTokenVerdict judge(String accessToken) {
    try {
      var jwt = UnverifiedJwt.parse(accessToken);
      if (!jwt.unverifiedType().equals(Optional.of(AccessToken.TYPE))) {
        return new Rejected(new Reason.WrongType(jwt.unverifiedType()));
      }
      var name = jwt.unverifiedClaims().issuer();
      if (name.isEmpty()) {
        return new Rejected(new Reason.MissingClaim("iss"));
      }
      var issuer = issuers.find(Issuer.parse(name.get()));
      if (issuer.isEmpty()) {
        return new Rejected(new Reason.UntrustedIssuer(name.get()));
      }
      return judge(jwt, issuer.get());
    } catch (MalformedException e) {
      return new Rejected(new Reason.Malformed(e.getMessage()));
    }
  }

  /// Judges what the issuer itself says about a token that says nothing: the members of an
  /// introspection response, or the claims that the issuer keeps behind an opaque token.
  ///
  /// **Does not check** who says so: the caller has asked the issuer, over a channel that nobody
  /// else can answer on. Everything else is judged as for a JWT.
  ///
  /// @param claims with every claim that a JWT would have
  /// @spec https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 RFC 7662 §2.2
  public AccessTokenVerdict judgeVouched(JsonObject claims) {
    try {
      var vouched = JwtClaims.of(claims);
      if (vouched.issuer().isEmpty()) {
        return new Rejected(new Reason.MissingClaim("iss"));
      }
      var issuer = issuers.find(Issuer.parse(vouched.issuer().get()));
      return issuer.isEmpty()
          ? new Rejected(new Reason.UntrustedIssuer(vouched.issuer().get()))
          : judge(vouched, issuer.get().issuer());
    } catch (MalformedException e) {
      return new Rejected(new Reason.Malformed(e.getMessage()));
    }
  }

  private AccessTokenVerdict judge(UnverifiedJwt jwt, TrustedIssuer issuer)
      throws MalformedException {
    return switch (issuer.verify(jwt)) {
      case Verification.Verified(var verified) -> judge(verified.claims(), issuer.issuer());
      case Verification.Refused(var fault) -> new Rejected(new Reason.NotAuthentic(fault));
      case Verification.Undecided(var why) -> new Undecided(why);
    };
  }

  private AccessTokenVerdict judge(JwtClaims claims, Issuer issuer) throws MalformedException {
    for (var name : AccessToken.REQUIRED_CLAIMS) {
      if (!claims.all().has(name)) {
        return new Rejected(new Reason.MissingClaim(name));
      }
    }
    if (!claims.audience().contains(self.value())) {
      return new Rejected(new Reason.WrongAudience(self, claims.audience()));
    }
    var accessToken = new AccessToken(claims, issuer, self);
    return timeFault(accessToken, clock.instant())
        .or(() -> confirmationFault(accessToken))
        .<AccessTokenVerdict>map(Rejected::new)
        .orElseGet(() -> new Accepted(accessToken));
  }

  private Optional<Reason> timeFault(AccessToken token, Instant now) {
    // exp is exclusive: at that very second the token has expired.
    if (skew.isOver(token.expiresAt(), now)) {
      return Optional.of(new Reason.Expired(token.expiresAt(), now));
    }
    var notBefore = token.notBefore();
    if (notBefore.isPresent() && skew.isAhead(notBefore.get(), now)) {
      return Optional.of(new Reason.NotYetValid(notBefore.get(), now));
    }
    if (skew.isAhead(token.issuedAt(), now)) {
      return Optional.of(new Reason.IssuedInFuture(token.issuedAt(), now));
    }
    return Optional.empty();
  }

  private Optional<Reason> confirmationFault(AccessToken token) {
    return switch (token.confirmation()) {
      case Confirmation.Unmet(var members) -> Optional.of(new Reason.UnknownConfirmation(members));
      case Confirmation.Certificate bound ->
          certificatesAreCompared
              ? Optional.empty()
              : Optional.of(new Reason.UnknownConfirmation(Set.of(Confirmation.CERTIFICATE)));
      case Confirmation.Bearer bearer -> Optional.empty();
      case Confirmation.DpopKey key -> Optional.empty();
    };
  }
}
