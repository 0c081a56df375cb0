package dev.lanyard.protocol.accesstoken;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.List;

/// Builds the claims of an access token, to be signed with the type [AccessToken#TYPE]. Not
/// thread-safe. Requirements TOK-6, TOK-7 and TOK-8.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2 RFC 9068 §2.2
public final class AccessTokenClaims {
  private final JsonObject.Builder claims = JsonObject.builder();

  /// @param issuer the authorization server that signs
  /// @param subject the person, as this server knows it
  /// @param client the client that it is for
  /// @param audience the resources that it opens
  /// @throws IllegalArgumentException if it would open nothing
  public AccessTokenClaims(
      Issuer issuer, String subject, ClientId client, List<ResourceIndicator> audience) {
    if (audience.isEmpty()) {
      throw new IllegalArgumentException("an access token needs an audience");
    }
    claims
        .put("iss", issuer.value())
        .put("sub", subject)
        .putOneOrMany("aud", audience.stream().map(ResourceIndicator::value).toList())
        .put("client_id", client.value());
  }

  /// `scope`; left out if there are none.
  public AccessTokenClaims scopes(Scopes scopes) {
    if (!scopes.isEmpty()) {
      claims.put("scope", scopes.toString());
    }
    return this;
  }

  /// `authorization_details`, as granted; left out if there are none.
  public AccessTokenClaims authorizationDetails(List<JsonObject> details) {
    claims.put("authorization_details", details);
    return this;
  }

  /// `grant_id`: the grant by which this token can be revoked with its siblings.
  public AccessTokenClaims grant(String grantId) {
    claims.put("grant_id", grantId);
    return this;
  }

  /// `txn`: what ties the calls to the exchange that began it.
  public AccessTokenClaims transaction(String transaction) {
    claims.put("txn", transaction);
    return this;
  }

  /// `cnf.jkt`: only a holder of the key of this thumbprint may use the token.
  public AccessTokenClaims boundTo(String keyThumbprint) {
    claims.put("cnf", new Confirmation.DpopKey(keyThumbprint).toJson());
    return this;
  }

  /// `auth_time`, `acr` and `amr` of the sign-in behind the grant.
  public AccessTokenClaims authentication(AuthenticationContext authentication) {
    claims.putAll(authentication.toJson());
    return this;
  }

  /// The claims.
  ///
  /// @param id `jti`, never used before
  /// @param issuedAt `iat`
  /// @param expiresAt `exp`
  /// @throws IllegalArgumentException if it would have expired when issued
  public JsonObject build(String id, Instant issuedAt, Instant expiresAt) {
    if (!expiresAt.isAfter(issuedAt)) {
      throw new IllegalArgumentException("an access token must expire after it was issued");
    }
    return claims
        .put("jti", id)
        .put("iat", issuedAt.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond())
        .build();
  }
}
