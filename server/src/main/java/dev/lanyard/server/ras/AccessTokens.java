package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Redemption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the access tokens of the resource authorization server, of every grant (TOK-6 to TOK-8).
final class AccessTokens {
  private final RasConfig config;
  private final TokenForms forms;
  private final Revocation revocation;
  private final DenySet denied;

  AccessTokens(RasConfig config, TokenForms forms, Revocation revocation) {
    this.config = config;
    this.forms = forms;
    this.revocation = revocation;
    this.denied = revocation.denied();
  }

  /// Who holds a token.
  ///
  /// @param subject whom it is about
  /// @param client who may use it
  /// @param keyThumbprint the key that it is bound to
  record Holder(String subject, ClientId client, Optional<String> keyThumbprint) {}

  /// What a token stands on.
  ///
  /// @param grant the id that all tokens on the same ground name, and die with
  /// @param transaction ties it to the exchange before it and the calls after it (AUD-2)
  /// @param signIn how the person has signed in; empty of a client that acts for itself
  /// @param claims what else it says of where it comes from, to die with it
  record Ground(
      String grant,
      String transaction,
      Optional<AuthenticationContext> signIn,
      JsonObject claims) {}

  /// When a token counts.
  ///
  /// @param from see [#issuable]
  /// @param until exclusive
  record Span(Instant from, Instant until) {}

  /// @param id its `jti`, which may be seen
  /// @param facts what must be durable before the response leaves
  /// @param evidence what the audit record says of it
  record Token(String id, TokenResponse response, List<Row> facts, JsonObject evidence) {}

  /// The instant from which a token of these origins counts; see [DenySet].
  Instant issuable(Origins origins, Instant now) {
    return denied.issuable(origins, now);
  }

  /// When a token that is issued at this instant ends.
  Instant end(Instant at) {
    return at.plus(config.accessTokenLife());
  }

  boolean isRevoked(Redemption.Grant grant) {
    return denied
        .denial(
            Origins.accessToken(grant.person(), grant.issuedAt()).grant(Optional.of(grant.id())))
        .isPresent();
  }

  /// Makes a grant dead whose token was not answered, because it was killed meanwhile.
  void takeBack(String grant, String correlationId) {
    revocation.takeBack(grant, correlationId);
  }

  Token issue(Holder holder, Granted granted, Ground ground, Span span) {
    var id = OpaqueToken.identifier();
    var form = granted.resources().form().orElseThrow();
    boolean bound = holder.keyThumbprint().isPresent();
    var minted = forms.mint(claims(id, holder, granted, ground, span), span.until(), form);
    var response =
        TokenResponse.granted(
                minted.token(),
                bound ? AccessTokenType.DPOP : AccessTokenType.BEARER,
                Duration.between(span.from(), span.until()),
                granted.scopes(),
                granted.identifiers())
            .withDetails(granted.details());
    var evidence =
        JsonObject.builder()
            .put("grant", ground.grant())
            .put("token", id)
            .put("resource", granted.identifiers().stream().map(Object::toString).toList())
            .put("scope", granted.scopes().toString())
            .put("authorization_details", granted.details().all())
            .put("bound", bound)
            .build();
    return new Token(id, response, minted.facts(), evidence);
  }

  private JsonObject claims(String id, Holder holder, Granted granted, Ground ground, Span span) {
    var claims =
        new AccessTokenClaims(
                config.issuer(), holder.subject(), holder.client(), granted.identifiers())
            .scopes(granted.scopes())
            .authorizationDetails(granted.details().all())
            .grant(ground.grant())
            .transaction(ground.transaction());
    ground.signIn().ifPresent(claims::authentication);
    holder.keyThumbprint().ifPresent(claims::boundTo);
    return claims.build(id, span.from(), span.until()).with(ground.claims());
  }
}
