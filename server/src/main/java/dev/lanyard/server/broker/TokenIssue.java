package dev.lanyard.server.broker;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.authorization.Grounds;
import dev.lanyard.server.authorization.Paths;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes what a sign-in gives a client: an ID Token, and an access token for `/userinfo` and
/// nothing else.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OpenID Connect Core
///   §3.1.3.3
final class TokenIssue {
  private final BrokerConfig config;
  private final KeyRing keys;

  TokenIssue(BrokerConfig config, KeyRing keys) {
    this.config = config;
    this.keys = keys;
  }

  /// The answer, without a refresh token.
  ///
  /// @param at when it counts as issued
  TokenResponse tokens(Grounds grounds, Optional<String> nonce, Instant at) {
    var byItself = at.plus(config.lives().idToken());
    var expiresAt = byItself.isBefore(grounds.endsBy()) ? byItself : grounds.endsBy();
    return TokenResponse.granted(
            accessToken(grounds, at, expiresAt),
            grounds.keyThumbprint().isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER,
            Duration.between(at, expiresAt),
            grounds.scopes(),
            List.of())
        .withIdToken(idToken(grounds, nonce, at, expiresAt));
  }

  private Secret accessToken(Grounds grounds, Instant at, Instant expiresAt) {
    var claims =
        new AccessTokenClaims(
                config.issuer(),
                grounds.person().id().value(),
                grounds.client(),
                List.of(userInfo()))
            .scopes(grounds.scopes())
            .grant(grounds.family())
            .authentication(grounds.authentication());
    grounds.keyThumbprint().ifPresent(claims::boundTo);
    // TOK-8: from every token the session that it descends from can be found.
    var all =
        claims
            .build(OpaqueToken.identifier(), at, expiresAt)
            .with(JsonObject.builder().put("sid", grounds.session()).build());
    var signer = new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE);
    return new Secret(signer.sign(all));
  }

  /// The audience of our access tokens.
  ResourceIndicator userInfo() {
    return new ResourceIndicator(Paths.at(config.issuer(), Paths.USERINFO).toString());
  }

  private Secret idToken(Grounds grounds, Optional<String> nonce, Instant at, Instant expiresAt) {
    var claims =
        JsonObject.builder()
            .put("iss", config.issuer().value())
            .put("sub", grounds.person().id().value())
            .put("aud", grounds.client().value())
            .put("iat", at.getEpochSecond())
            .put("exp", expiresAt.getEpochSecond())
            .put("sid", grounds.session())
            .put("grant_id", grounds.family())
            .putIfPresent("nonce", nonce)
            .build()
            .with(grounds.authentication().toJson())
            .with(about(grounds.person(), grounds.scopes()));
    var signer = new JwtSigner(keys.active(Purpose.ID_TOKEN), IdToken.TYPE);
    return new Secret(signer.sign(claims));
  }

  /// What the scopes tell of a person.
  ///
  /// @spec https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OpenID Connect Core
  ///   §5.4
  static JsonObject about(Person person, Scopes scopes) {
    var claims = JsonObject.builder();
    if (scopes.contains("email") && person.email().isPresent()) {
      claims.put("email", person.email().get()).put("email_verified", true);
    }
    if (scopes.contains("profile")) {
      claims.put("name", person.displayName()).put("preferred_username", person.userName());
    }
    return claims.build();
  }
}
