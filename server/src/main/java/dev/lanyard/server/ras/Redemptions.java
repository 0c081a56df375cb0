package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.ras.Narrowing.Result.Granted;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.ras.organisations.SubjectDecision.Known;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Redemption;
import dev.lanyard.server.sessions.RedemptionStore;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Turns an ID-JAG into a grant and a token, as often as the replay policy of its issuer allows
/// (D-1). The use is a claim in the same unit as the grant and its audit record (RAS-8).
final class Redemptions {
  private final RedemptionStore store;
  private final AssertionLife life;
  private final AccessTokens tokens;
  private final ClockSkew skew;

  Redemptions(RedemptionStore store, AssertionLife life, AccessTokens tokens, ClockSkew skew) {
    this.store = store;
    this.life = life;
    this.tokens = tokens;
    this.skew = skew;
  }

  TokenResult redeem(
      TokenRequest request, Secret assertion, Presented<Known> presented, Granted granted) {
    var idJag = presented.idJag();
    var at =
        tokens.issuable(
            presented.origins(request.client()).resources(granted.identifiers()), request.at());
    var grant =
        new Redemption.Grant(
            OpaqueToken.identifier(),
            presented.member().organisation().name(),
            presented.whom().person().id().value(),
            request.client().id(),
            granted.identifiers(),
            granted.scopes(),
            granted.details(),
            request.keyThumbprint(),
            at,
            tokens.end(at),
            presented.origin());
    var first =
        new Redemption(
            Redemption.Assertion.of(idJag.issuer(), idJag.id(), assertion),
            0,
            grant,
            idJag.expiresAt().plus(skew.tolerance()));
    var lasting = grant.until(tokens.end(lastUse(presented, first)));
    return used(presented, first, List.of(store.granted(first.assertion(), lasting)), request);
  }

  /// Whoever judges grants anew, or counts them, must find this one as long as it can give a token.
  private static Instant lastUse(Presented<Known> presented, Redemption first) {
    return presented
        .member()
        .provider()
        .replay()
        .lastUse(first.grant().issuedAt(), first.forgetAfter());
  }

  /// Whether it was used too often already, where redeeming it would leave something behind: the
  /// claim that decides is made later.
  Optional<TokenResult> spent(Presented<?> presented, Secret assertion) {
    if (presented.whom() instanceof Known) {
      return Optional.empty();
    }
    var idJag = presented.idJag();
    int uses = store.uses(Redemption.Assertion.of(idJag.issuer(), idJag.id(), assertion));
    return uses < mostUses(presented.member().provider().replay())
        ? Optional.empty()
        : Optional.of(replayed(presented, "used " + uses + " times"));
  }

  private TokenResult used(
      Presented<Known> presented, Redemption redemption, List<Row> facts, TokenRequest request) {
    var token = tokens.issue(redemption.grant(), presented, request.correlationId());
    var evidence =
        JsonObject.builder()
            .put("grant", redemption.grant().id())
            .put("token", token.id())
            .put("use", redemption.use())
            .put("resource", redemption.grant().resources().stream().map(Object::toString).toList())
            .put("scope", redemption.grant().scopes().toString())
            .put("authorization_details", redemption.grant().details().all())
            .put("bound", redemption.grant().keyThumbprint().isPresent())
            .build();
    return Issued.claiming(
            store.claim(redemption),
            token.response().toJson(),
            Stream.concat(facts.stream(), token.facts().stream()).toList(),
            presented.findings().with(evidence),
            () -> usedBefore(presented, redemption, request))
        .unless(() -> death(presented, redemption, request));
  }

  /// A grant that was recorded and whose token nobody gets must not look alive.
  private Optional<Evidence> death(
      Presented<Known> presented, Redemption redemption, TokenRequest request) {
    var death = life.death(presented, request.client());
    if (death.isPresent()) {
      tokens.takeBack(redemption.grant(), request.correlationId());
    }
    return death;
  }

  private TokenResult usedBefore(
      Presented<Known> presented, Redemption redemption, TokenRequest request) {
    return switch (presented.member().provider().replay()) {
      case ReplayPolicy.SingleUse() -> replayed(presented, "used before");
      case ReplayPolicy.SingleUseWithGrace policy ->
          again(presented, redemption, request, Optional.of(policy));
      case ReplayPolicy.ReusableUntilExpiry _ ->
          again(presented, redemption, request, Optional.empty());
    };
  }

  /// One more token on the grant of the first use.
  private TokenResult again(
      Presented<Known> presented,
      Redemption redemption,
      TokenRequest request,
      Optional<ReplayPolicy.SingleUseWithGrace> grace) {
    var first = store.firstUse(redemption.assertion()).orElseThrow();
    if (!first.assertionHash().equals(redemption.assertion().hash())) {
      return replayed(presented, "another assertion under this jti");
    }
    if (grace.isPresent()) {
      if (!first.grant().keyThumbprint().equals(request.keyThumbprint())) {
        return replayed(presented, "used before with another key");
      }
      if (request.at().isAfter(first.at().plus(grace.get().grace()))) {
        return replayed(presented, "used before, and the grace is over");
      }
    }
    int uses = store.uses(redemption.assertion());
    if (uses >= mostUses(presented.member().provider().replay())) {
      return replayed(presented, "used " + uses + " times");
    }
    var now = redemption.grant();
    var sameGrant =
        new Redemption.Grant(
            first.grant().id(),
            now.organisation(),
            now.person(),
            now.client(),
            now.resources(),
            now.scopes(),
            now.details(),
            now.keyThumbprint(),
            now.issuedAt(),
            now.expiresAt(),
            now.origin());
    var next = new Redemption(redemption.assertion(), uses, sameGrant, redemption.forgetAfter());
    return tokens.isRevoked(sameGrant)
        ? replayed(presented, "its grant was revoked")
        : used(presented, next, List.of(), request);
  }

  private static int mostUses(ReplayPolicy policy) {
    return switch (policy) {
      case ReplayPolicy.SingleUse() -> 1;
      case ReplayPolicy.SingleUseWithGrace _ -> ReplayPolicy.SingleUseWithGrace.MOST_USES;
      case ReplayPolicy.ReusableUntilExpiry(var most) -> most;
    };
  }

  private static Refused replayed(Presented<?> presented, String actual) {
    var evidence = new Evidence("jti", "usable", actual, "RAS-8");
    var error = new OAuthError(ErrorCode.INVALID_GRANT, "the assertion is not good, get a new one");
    var refused = Refused.of(error.code(), error.description(), evidence);
    return new Refused(error, presented.findings().with(refused.findings().evidence()));
  }
}
