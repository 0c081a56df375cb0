package dev.lanyard.protocol.idtoken;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An ID Token that was judged authentic and issued to the client it was expected for.
///
/// Only [IdTokenValidator] can make one. Immutable.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core §2
public final class IdToken {
  /// The `typ` header that we sign ID Tokens with. On reading, none is as good.
  public static final String TYPE = "JWT";

  static final List<String> REQUIRED_CLAIMS = List.of("iss", "sub", "aud", "exp", "iat");

  private final Issuer issuer;
  private final String subject;
  private final ClientId client;
  private final Instant issuedAt;
  private final Instant expiresAt;
  private final Optional<Instant> notBefore;
  private final AuthenticationContext authentication;
  private final Optional<String> nonce;
  private final Optional<String> session;
  private final Optional<String> email;
  private final boolean emailVerified;
  private final JsonObject all;

  /// @param claims with all of [#REQUIRED_CLAIMS]
  /// @param client the client that `aud` was found to name
  /// @throws MalformedException if a claim has another form than OpenID Connect gives it
  IdToken(JwtClaims claims, Issuer issuer, ClientId client) throws MalformedException {
    this.all = claims.all();
    this.issuer = issuer;
    this.subject = all.nonEmptyString("sub");
    this.client = client;
    this.issuedAt = claims.issuedAt().orElseThrow();
    this.expiresAt = claims.expiresAt().orElseThrow();
    this.notBefore = claims.notBefore();
    this.authentication = AuthenticationContext.of(all);
    this.nonce = all.string("nonce");
    this.session = all.string("sid");
    this.email = all.string("email");
    this.emailVerified = all.bool("email_verified").orElse(false);
  }

  /// `iss`.
  public Issuer issuer() {
    return issuer;
  }

  /// `sub`: the person, in the name space of the issuer.
  public String subject() {
    return subject;
  }

  /// The client that the token was issued to: in `aud`, and `azp` if there is one.
  public ClientId client() {
    return client;
  }

  /// `iat`.
  public Instant issuedAt() {
    return issuedAt;
  }

  /// `exp`.
  public Instant expiresAt() {
    return expiresAt;
  }

  Optional<Instant> notBefore() {
    return notBefore;
  }

  /// `auth_time`, `acr` and `amr`.
  public AuthenticationContext authentication() {
    return authentication;
  }

  /// `nonce`. Already compared if one was expected.
  public Optional<String> nonce() {
    return nonce;
  }

  /// `sid`: the session at the issuer.
  public Optional<String> session() {
    return session;
  }

  /// `email`.
  public Optional<String> email() {
    return email;
  }

  /// `email_verified`; false when the issuer does not say.
  public boolean emailVerified() {
    return emailVerified;
  }

  /// Every claim.
  public JsonObject all() {
    return all;
  }

  /// Who issued it to whom: what may be logged.
  @Override
  public String toString() {
    return "IdToken[" + issuer + " to " + client + "]";
  }
}
