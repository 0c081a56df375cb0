package dev.lanyard.protocol.accesstoken;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An access token that was judged authentic and meant for this resource.
///
/// Only [AccessTokenValidator] can make one. Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2 RFC 9068 §2.2
public final class AccessToken {
  /// The `typ` header.
  public static final String TYPE = "at+jwt";

  static final List<String> REQUIRED_CLAIMS =
      List.of("iss", "exp", "aud", "sub", "client_id", "iat", "jti");

  private final Issuer issuer;
  private final String subject;
  private final ClientId client;
  private final ResourceIndicator audience;
  private final Scopes scopes;
  private final String id;
  private final Instant issuedAt;
  private final Instant expiresAt;
  private final Optional<Instant> notBefore;
  private final Optional<String> grant;
  private final Optional<String> transaction;
  private final AuthorizationDetails authorizationDetails;
  private final Confirmation confirmation;
  private final AuthenticationContext authentication;
  private final JsonObject all;

  /// @param claims with all of [#REQUIRED_CLAIMS]
  /// @param audience the resource that `aud` was found to name
  /// @throws MalformedException if a claim has another form than RFC 9068 gives it
  AccessToken(JwtClaims claims, Issuer issuer, ResourceIndicator audience)
      throws MalformedException {
    this.all = claims.all();
    this.issuer = issuer;
    this.subject = all.nonEmptyString("sub");
    this.client = ClientId.parse(all.nonEmptyString("client_id"));
    this.audience = audience;
    this.scopes = all.has("scope") ? Scopes.parse(all.nonEmptyString("scope")) : Scopes.NONE;
    this.id = all.nonEmptyString("jti");
    this.issuedAt = claims.issuedAt().orElseThrow();
    this.expiresAt = claims.expiresAt().orElseThrow();
    this.notBefore = claims.notBefore();
    this.grant = all.string("grant_id");
    this.transaction = all.string("txn");
    this.authorizationDetails =
        AuthorizationDetails.of(all.objects("authorization_details").orElse(List.of()));
    this.confirmation = Confirmation.of(all);
    this.authentication = AuthenticationContext.of(all);
  }

  /// `iss`: the resource authorization server.
  public Issuer issuer() {
    return issuer;
  }

  /// `sub`: the person, as the issuer knows it.
  public String subject() {
    return subject;
  }

  /// `client_id`.
  public ClientId client() {
    return client;
  }

  /// The resource that judged it; `aud` may name others beside.
  public ResourceIndicator audience() {
    return audience;
  }

  /// `scope`; none if the token has none.
  public Scopes scopes() {
    return scopes;
  }

  /// `jti`, unique at the issuer.
  public String id() {
    return id;
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

  /// `grant_id`: the grant that all tokens of one redemption share, by which they die together.
  public Optional<String> grant() {
    return grant;
  }

  /// `txn`: what ties the calls to the exchange that began it (AUD-2).
  public Optional<String> transaction() {
    return transaction;
  }

  /// `authorization_details`, as granted; the resource server reads those of the types that it
  /// knows (RFC 9396 §9.1).
  public AuthorizationDetails authorizationDetails() {
    return authorizationDetails;
  }

  /// `cnf`: all but a [Confirmation.Unmet]. Whether a proof by that key came with the request, or
  /// that certificate with its connection, is not checked here (RS-9, RS-10).
  public Confirmation confirmation() {
    return confirmation;
  }

  /// `cnf.jkt`, if the token is bound to a key.
  public Optional<String> keyThumbprint() {
    return confirmation.keyThumbprint();
  }

  /// `auth_time`, `acr` and `amr`.
  public AuthenticationContext authentication() {
    return authentication;
  }

  /// Every claim.
  public JsonObject all() {
    return all;
  }

  /// Who issued it under which identifier: what may be logged.
  @Override
  public String toString() {
    return "AccessToken[" + issuer + " " + id + "]";
  }
}
