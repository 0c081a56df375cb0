package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.ras.organisations.SubjectDecision.Known;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Redemption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the access tokens of the resource authorization server (TOK-6 to TOK-8).
final class AccessTokens {
  private static final int LONGEST_TRANSACTION = 256;

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

  /// @param id its `jti`, which may be seen
  /// @param facts what must be durable before the response leaves
  record Token(String id, TokenResponse response, List<Row> facts) {}

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

  /// Makes a grant dead whose first token was not answered, because its person was killed
  /// meanwhile.
  void takeBack(Redemption.Grant grant, String correlationId) {
    var _ =
        revocation.report(
            Source.of(Source.Kind.SERVER),
            new Subject.Grant(grant.id()),
            Happening.TOKENS_REVOKED,
            "killed while it was being recorded",
            correlationId);
  }

  /// @param correlationId ties the token to this redemption where the ID-JAG ties it to no exchange
  Token issue(Redemption.Grant grant, Presented<Known> presented, String correlationId) {
    var idJag = presented.idJag();
    var id = OpaqueToken.identifier();
    var claims =
        new AccessTokenClaims(config.issuer(), grant.person(), grant.client(), grant.resources())
            .scopes(grant.scopes())
            .authorizationDetails(grant.details().all())
            .grant(grant.id())
            .transaction(transaction(idJag).orElse(correlationId))
            .authentication(idJag.authentication());
    grant.keyThumbprint().ifPresent(claims::boundTo);
    var minted =
        forms.mint(
            claims.build(id, grant.issuedAt(), grant.expiresAt()).with(from(grant, presented)),
            grant.expiresAt(),
            form(grant.resources()));
    var response =
        TokenResponse.granted(
                minted.token(),
                grant.keyThumbprint().isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER,
                Duration.between(grant.issuedAt(), grant.expiresAt()),
                grant.scopes(),
                grant.resources())
            .withDetails(grant.details());
    return new Token(id, response, minted.facts());
  }

  /// One for all of them: see [Narrowing].
  private TokenForm form(List<ResourceIndicator> resources) {
    return config.tokensOf(resources.getFirst());
  }

  /// What else it dies with: the issuer that spoke for the person, and the session there. And who
  /// acts for the person by that issuer's word, where its organisation wants that known (RAS-19).
  private static JsonObject from(Redemption.Grant grant, Presented<Known> presented) {
    var from =
        JsonObject.builder()
            .put("idp", presented.idJag().issuer().value())
            .put("org", grant.organisation())
            .putIfPresent("sid", grant.origin().session());
    presented.actor().ifPresent(actor -> from.put("act", actor));
    return from.build();
  }

  /// What ties a redemption to the exchange before it and to the calls after it (AUD-2).
  static Optional<String> transaction(IdJag idJag) {
    try {
      return idJag.all().string("txn").filter(txn -> txn.length() <= LONGEST_TRANSACTION);
    } catch (MalformedException e) {
      // An odd `txn` is no reason to refuse: it only fails to tie the records together.
      return Optional.empty();
    }
  }
}
