package dev.lanyard.protocol.idtoken;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Accepted;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Rejected;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Undecided;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Decides whether an ID Token tells the truth about a person to one client: at a client after
/// sign-in, at a broker for its upstream, and at an identity provider for a subject token (IDP-13).
///
/// **Does not check** `at_hash` and `c_hash` (the code flow delivers tokens directly), nor whether
/// `acr` and `auth_time` are good enough. Thread-safe. Blocks only if the issuer's keys must be
/// fetched.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect
///   Core §3.1.3.7
public final class IdTokenValidator {
  private final TrustedIssuer issuer;
  private final Limits limits;
  private final InstantSource clock;

  public IdTokenValidator(TrustedIssuer issuer, Limits limits, InstantSource clock) {
    this.issuer = issuer;
    this.limits = limits;
    this.clock = clock;
  }

  /// Judges an ID Token that answers no sign-in of ours, such as a subject token: any `nonce` will
  /// do.
  ///
  /// @param client the client that it must have been issued to
  public IdTokenVerdict judge(String idToken, ClientId client) {
    return judge(idToken, client, Optional.empty());
  }

  /// Judges the ID Token that answers a sign-in.
  ///
  /// @param client the client that it must have been issued to
  /// @param nonce the one that was sent with the sign-in
  public IdTokenVerdict judge(String idToken, ClientId client, String nonce) {
    return judge(idToken, client, Optional.of(nonce));
  }

  private IdTokenVerdict judge(String idToken, ClientId client, Optional<String> nonce) {
    try {
      var jwt = UnverifiedJwt.parse(idToken);
      var type = jwt.unverifiedType();
      // An allow-list: of the kinds of token to come, too, none may pass for an ID Token.
      if (type.isPresent() && !type.get().equalsIgnoreCase(IdToken.TYPE)) {
        return new Rejected(new Reason.WrongType(type.get()));
      }
      var name = jwt.unverifiedClaims().issuer();
      if (name.isEmpty()) {
        return new Rejected(new Reason.MissingClaim("iss"));
      }
      if (!name.get().equals(issuer.issuer().value())) {
        return new Rejected(new Reason.WrongIssuer(issuer.issuer(), name.get()));
      }
      return switch (issuer.verify(jwt)) {
        case Verification.Verified(var verified) -> judge(verified.claims(), client, nonce);
        case Verification.Refused(var fault) -> new Rejected(new Reason.NotAuthentic(fault));
        case Verification.Undecided(var why) -> new Undecided(why);
      };
    } catch (MalformedException e) {
      return new Rejected(new Reason.Malformed(e.getMessage()));
    }
  }

  private IdTokenVerdict judge(JwtClaims claims, ClientId client, Optional<String> nonce)
      throws MalformedException {
    for (var name : IdToken.REQUIRED_CLAIMS) {
      if (!claims.all().has(name)) {
        return new Rejected(new Reason.MissingClaim(name));
      }
    }
    var otherKind = markOfOtherKind(claims.all());
    if (otherKind.isPresent()) {
      return new Rejected(new Reason.OtherToken(otherKind.get()));
    }
    var audience = claims.audience();
    if (!audience.contains(client.value())) {
      return new Rejected(new Reason.WrongAudience(client, audience));
    }
    var idToken = new IdToken(claims, issuer.issuer(), client);
    return authorizedPartyFault(claims, audience, client)
        .or(() -> timeFault(idToken, clock.instant()))
        .or(() -> nonceFault(idToken, nonce))
        .<IdTokenVerdict>map(Rejected::new)
        .orElseGet(() -> new Accepted(idToken));
  }

  /// Tokens of other kinds that carry no `typ` header, or `JWT`, are known by what an ID Token
  /// never has: logout tokens and security events by `events`, and those of Keycloak by a claim
  /// `typ`.
  private static Optional<String> markOfOtherKind(JsonObject claims) throws MalformedException {
    if (claims.has("events")) {
      return Optional.of("events");
    }
    var kind = claims.string("typ");
    return kind.isPresent() && !kind.get().equals("ID") ? Optional.of("typ") : Optional.empty();
  }

  private static Optional<Reason> authorizedPartyFault(
      JwtClaims claims, List<String> audience, ClientId client) throws MalformedException {
    var party = claims.all().string("azp");
    boolean named = party.isPresent() ? party.get().equals(client.value()) : audience.size() == 1;
    return named ? Optional.empty() : Optional.of(new Reason.WrongAuthorizedParty(client, party));
  }

  private Optional<Reason> timeFault(IdToken idToken, Instant now) {
    var skew = limits.skew();
    // exp is exclusive: at that very second the token has expired.
    if (skew.isOver(idToken.expiresAt(), now)) {
      return Optional.of(new Reason.Expired(idToken.expiresAt(), now));
    }
    var notBefore = idToken.notBefore();
    if (notBefore.isPresent() && skew.isAhead(notBefore.get(), now)) {
      return Optional.of(new Reason.NotYetValid(notBefore.get(), now));
    }
    if (skew.isAhead(idToken.issuedAt(), now)) {
      return Optional.of(new Reason.IssuedInFuture(idToken.issuedAt(), now));
    }
    if (skew.isOlderThan(limits.maxAge(), idToken.issuedAt(), now)) {
      return Optional.of(new Reason.TooOld(idToken.issuedAt(), now, limits.maxAge()));
    }
    return Optional.empty();
  }

  private static Optional<Reason> nonceFault(IdToken idToken, Optional<String> expected) {
    if (expected.isEmpty()) {
      return Optional.empty();
    }
    var actual = idToken.nonce();
    if (actual.isPresent() && MessageDigest.isEqual(bytes(expected.get()), bytes(actual.get()))) {
      return Optional.empty();
    }
    return Optional.of(new Reason.WrongNonce(actual.isPresent()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
