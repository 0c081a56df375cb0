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
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.Grounds;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Paths;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes what a sign-in gives a client: an ID Token, and an access token for `/userinfo`, or for
/// the JSON API of administrators, and for nothing else.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OpenID Connect Core
///   §3.1.3.3
final class TokenIssue {
  /// In our access tokens: what `/userinfo` tells beside what the scopes tell.
  static final String CLAIMS = "claims";

  /// How long a token for the JSON API of administrators lives: as a session of the console.
  private static final Duration ADMINISTRATION = Duration.ofHours(1);

  /// What each scope tells.
  private static final Map<String, Set<String>> SCOPE_CLAIMS =
      Map.of(
          "email", Set.of("email", "email_verified"),
          "profile", Set.of("name", "preferred_username"),
          "groups", Set.of("groups"));

  private final BrokerConfig config;
  private final KeyRing keys;
  private final ClientNames names;

  /// @param names what people and sessions are called in the tokens
  TokenIssue(BrokerConfig config, KeyRing keys, ClientNames names) {
    this.config = config;
    this.keys = keys;
    this.names = names;
  }

  /// The answer, without a refresh token.
  ///
  /// @param client whose ID Tokens may live another time than those of others, be signed otherwise,
  ///   and call people by other names
  /// @param at when it counts as issued
  TokenResponse tokens(Client client, Grounds grounds, Optional<String> nonce, Instant at) {
    var byItself = at.plus(client.openId().idTokenLife().orElse(config.lives().idToken()));
    var expiresAt = byItself.isBefore(grounds.endsBy()) ? byItself : grounds.endsBy();
    var accessEnds = accessEnds(grounds, at, expiresAt);
    var accessToken = accessToken(client, grounds, at, accessEnds);
    return TokenResponse.granted(
            accessToken,
            grounds.keyThumbprint().isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER,
            Duration.between(at, accessEnds),
            grounds.scopes(),
            List.of())
        .withIdToken(idToken(client, grounds, nonce, accessToken, at, expiresAt));
  }

  private static Instant accessEnds(Grounds grounds, Instant at, Instant byItself) {
    var administration = at.plus(ADMINISTRATION);
    return grounds.resources().isEmpty() || byItself.isBefore(administration)
        ? byItself
        : administration;
  }

  private Secret accessToken(Client client, Grounds grounds, Instant at, Instant expiresAt) {
    var audience = grounds.resources().isEmpty() ? List.of(userInfo()) : grounds.resources();
    var claims =
        new AccessTokenClaims(
                config.issuer(),
                names.subject(client, grounds.person().id()),
                grounds.client(),
                audience)
            .scopes(grounds.scopes())
            .grant(grounds.family())
            .authentication(grounds.authentication());
    grounds.keyThumbprint().ifPresent(claims::boundTo);
    // TOK-8: from every token the session that it descends from can be found.
    var all =
        claims
            .build(OpaqueToken.identifier(), at, expiresAt)
            .with(
                JsonObject.builder()
                    .put("sid", names.session(client, grounds.session()))
                    .put(CLAIMS, grounds.claims().userInfo().stream().sorted().toList())
                    .build());
    var signer = new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE);
    return new Secret(signer.sign(all));
  }

  /// The audience of our access tokens.
  ResourceIndicator userInfo() {
    return new ResourceIndicator(Paths.at(config.issuer(), Paths.USERINFO).toString());
  }

  private Secret idToken(
      Client client,
      Grounds grounds,
      Optional<String> nonce,
      Secret accessToken,
      Instant at,
      Instant expiresAt) {
    var key =
        client
            .openId()
            .idTokenAlgorithm()
            .map(algorithm -> keys.active(Purpose.ID_TOKEN, algorithm))
            .orElseGet(() -> keys.active(Purpose.ID_TOKEN));
    var claims =
        JsonObject.builder()
            .put("iss", config.issuer().value())
            .put("sub", names.subject(client, grounds.person().id()))
            .put("aud", grounds.client().value())
            .put("iat", at.getEpochSecond())
            .put("exp", expiresAt.getEpochSecond())
            .put("sid", names.session(client, grounds.session()))
            .put("grant_id", grounds.family())
            .putIfPresent("nonce", nonce)
            .put("at_hash", HalfHash.of(accessToken, key.algorithm()))
            .build()
            .with(grounds.authentication().toJson())
            .with(about(grounds.person(), grounds.scopes(), grounds.claims().idToken()));
    return new Secret(new JwtSigner(key, IdToken.TYPE).sign(claims));
  }

  /// What the scopes tell of a person, and what was asked for by name.
  ///
  /// @spec https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OpenID Connect Core
  ///   §5.4
  static JsonObject about(Person person, Scopes scopes, Set<String> named) {
    var told = new HashSet<>(named);
    SCOPE_CLAIMS.forEach((scope, claims) -> {
      if (scopes.contains(scope)) {
        told.addAll(claims);
      }
    });
    var all = JsonObject.builder();
    if (told.contains("email")) {
      all.putIfPresent("email", person.email());
    }
    if (told.contains("email_verified") && person.email().isPresent()) {
      all.put("email_verified", person.emailVerified());
    }
    if (told.contains("name")) {
      all.put("name", person.displayName());
    }
    if (told.contains("preferred_username")) {
      all.put("preferred_username", person.userName());
    }
    if (told.contains("groups")) {
      all.put("groups", person.groups().stream().sorted().toList());
    }
    return all.build();
  }
}
