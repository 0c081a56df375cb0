package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
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
    return used(
        new Use(request, presented, granted, first),
        List.of(store.granted(first.assertion(), lasting)));
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

  /// One use of an assertion, while it is decided.
  private record Use(
      TokenRequest request, Presented<Known> presented, Granted granted, Redemption redemption) {
    Use with(Redemption other) {
      return new Use(request, presented, granted, other);
    }

    ReplayPolicy replay() {
      return presented.member().provider().replay();
    }

    Refused replayed(String actual) {
      return Redemptions.replayed(presented, actual);
    }
  }

  private TokenResult used(Use use, List<Row> facts) {
    var presented = use.presented();
    var grant = use.redemption().grant();
    var token =
        tokens.issue(
            new AccessTokens.Holder(grant.person(), grant.client(), grant.keyThumbprint()),
            use.granted(),
            new AccessTokens.Ground(
                grant.id(),
                // The ID-JAG may tie the token to no exchange.
                presented.transaction().orElse(use.request().correlationId()),
                Optional.of(presented.idJag().authentication()),
                presented.claims()),
            new AccessTokens.Span(grant.issuedAt(), grant.expiresAt()));
    var count = JsonObject.builder().put("use", use.redemption().use()).build();
    return Issued.claiming(
            store.claim(use.redemption()),
            token.response().toJson(),
            Stream.concat(facts.stream(), token.facts().stream()).toList(),
            presented.findings().with(token.evidence().with(count)),
            () -> usedBefore(use))
        .unless(() -> death(use));
  }

  /// A grant that was recorded and whose token nobody gets must not look alive.
  private Optional<Evidence> death(Use use) {
    var death = life.death(use.presented(), use.request().client());
    if (death.isPresent()) {
      tokens.takeBack(use.redemption().grant().id(), use.request().correlationId());
    }
    return death;
  }

  private TokenResult usedBefore(Use use) {
    return switch (use.replay()) {
      case ReplayPolicy.SingleUse() -> use.replayed("used before");
      case ReplayPolicy.SingleUseWithGrace policy -> again(use, Optional.of(policy));
      case ReplayPolicy.ReusableUntilExpiry _ -> again(use, Optional.empty());
    };
  }

  /// One more token on the grant of the first use, for no more than that was for.
  private TokenResult again(Use use, Optional<ReplayPolicy.SingleUseWithGrace> grace) {
    var redemption = use.redemption();
    var first = store.firstUse(redemption.assertion()).orElseThrow();
    if (!first.assertionHash().equals(redemption.assertion().hash())) {
      return use.replayed("another assertion under this jti");
    }
    if (grace.isPresent()) {
      if (!first.grant().keyThumbprint().equals(use.request().keyThumbprint())) {
        return use.replayed("used before with another key");
      }
      if (use.request().at().isAfter(first.at().plus(grace.get().grace()))) {
        return use.replayed("used before, and the grace is over");
      }
    }
    int uses = store.uses(redemption.assertion());
    if (uses >= mostUses(use.replay())) {
      return use.replayed("used " + uses + " times");
    }
    var now = redemption.grant();
    // Whoever looks at the grant must find in it whatever a token of it allows.
    if (!isWithin(now, first.grant())) {
      return use.replayed("used before for less than " + now.scopes());
    }
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
        ? use.replayed("its grant was revoked")
        : used(use.with(next), List.of());
  }

  private static boolean isWithin(Redemption.Grant asked, Redemption.Grant first) {
    return first.resources().containsAll(asked.resources())
        && first.scopes().containsAll(asked.scopes())
        && asked.details().all().stream()
            .allMatch(detail ->
                first.details().all().stream()
                    .anyMatch(given -> AuthorizationDetailType.covers(given, detail)));
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
