package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.Consents;
import dev.lanyard.server.authorization.FlowRules.Issue;
import dev.lanyard.server.authorization.Grounds;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.GrantRows;
import dev.lanyard.server.sessions.Redemption;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The access tokens of the ordinary flow. They look like those of a redemption and die like them;
/// in the place of an issuer that spoke for the person they name this server itself.
///
/// Each time is looked at anew: what the person has agreed to and not taken back, what their
/// organisation lets them decide, whether they have signed in as the resource demands.
final class OrdinaryTokens {
  private final Issuer self;
  private final Resources governed;
  private final AccessTokens tokens;
  private final ConsentPolicy policy;
  private final Consents consents;
  private final DenySet denied;
  private final ClockSkew skew;

  OrdinaryTokens(
      Issuer self,
      Resources governed,
      AccessTokens tokens,
      ConsentPolicy policy,
      Consents consents,
      DenySet denied,
      ClockSkew skew) {
    this.self = self;
    this.governed = governed;
    this.tokens = tokens;
    this.policy = policy;
    this.consents = consents;
    this.denied = denied;
    this.skew = skew;
  }

  /// The first token on a code, with the grant that all later ones belong to.
  ///
  /// @param renewable whether the client can get more; then the grant lives as long as that
  Issue first(TokenRequest request, Grounds grounds, boolean renewable, Instant at) {
    return issue(request, grounds, Optional.of(renewable), at);
  }

  /// One more token.
  Issue again(TokenRequest request, Grounds grounds, Instant at) {
    return issue(request, grounds, Optional.empty(), at);
  }

  private Issue issue(
      TokenRequest request, Grounds grounds, Optional<Boolean> firstIsRenewable, Instant at) {
    var resources = narrowed(request, grounds);
    if (resources.form().isEmpty()) {
      return refused(
          ErrorCode.INVALID_TARGET,
          "resource",
          "among " + grounds.resources() + ", whose tokens have one form",
          request.form().all("resource").toString(),
          "AC-7");
    }
    var identifiers = resources.identifiers();
    if (denied.stopped(identifiers).isPresent()) {
      return new Issue.Undecided(
          Unavailable.because("an administrator has stopped the connector " + identifiers));
    }
    if (resources.needProof() && grounds.keyThumbprint().isEmpty()) {
      return refused(ErrorCode.INVALID_DPOP_PROOF, "DPoP proof", "one", "none", "DPOP-6");
    }
    var fault = death(grounds).or(() -> weakness(resources, grounds, request.at()));
    if (fault.isPresent()) {
      return new Issue.NotGiven(Refused.of(ErrorCode.INVALID_GRANT, "sign in again", fault.get()));
    }
    var scopes = scopes(resources, grounds);
    if (scopes.isEmpty()) {
      return refused(
          ErrorCode.INVALID_SCOPE,
          "scope",
          "some that the person and their organisation allow",
          grounds.scopes().toString(),
          "AC-17");
    }
    var granted = new Granted(resources, scopes.get(), AuthorizationDetails.NONE);
    return made(request, grounds, granted, firstIsRenewable, at);
  }

  /// The request may only take away; nothing, if it names what was not granted.
  private Resources narrowed(TokenRequest request, Grounds grounds) {
    var asked = Set.copyOf(request.form().all("resource"));
    var granted = grounds.resources().stream().map(ResourceIndicator::value).toList();
    if (!granted.containsAll(asked)) {
      return new Resources(List.of());
    }
    return governed.of(
        grounds.resources().stream()
            .filter(one -> asked.isEmpty() || asked.contains(one.value()))
            .toList());
  }

  /// What has made these grounds dead, beside what is denied of their person, session and client.
  Optional<Evidence> death(Grounds grounds) {
    var killed =
        denied.denial(
            Origins.signIn(grounds.person().id().value(), grounds.since())
                .provider(Optional.of(self.value()))
                .resources(grounds.resources()));
    if (killed.isPresent()) {
      return Optional.of(
          new Evidence(
              "issued",
              "after the last kill",
              grounds.since() + ", " + killed.get().kind(),
              "AC-17"));
    }
    return policy
        .refusal(grounds.person(), grounds.client())
        .or(() ->
            agreed(grounds).keySet().containsAll(grounds.resources())
                ? Optional.empty()
                : Optional.of(new Evidence("consent", "given", "taken back", "AC-19")));
  }

  private Map<ResourceIndicator, Scopes> agreed(Grounds grounds) {
    return consents.agreed(grounds.person().id(), grounds.client());
  }

  private Optional<Evidence> weakness(Resources resources, Grounds grounds, Instant now) {
    return resources.all().stream()
        .flatMap(one -> one.signIn().fault(grounds.authentication(), now, skew).stream())
        .findFirst();
  }

  /// What the resources know of what was granted, agreed to and allowed now; empty if that is
  /// nothing where there is something to be allowed.
  private Optional<Scopes> scopes(Resources resources, Grounds grounds) {
    var agreed = agreed(grounds);
    var left = Scopes.NONE;
    for (var resource : resources.all()) {
      left =
          left.union(
              resource.scopes().intersect(agreed.getOrDefault(resource.resource(), Scopes.NONE)));
    }
    var scopes = policy.within(grounds.person(), grounds.scopes().intersect(left));
    return scopes.isEmpty() && !resources.scopes().isEmpty()
        ? Optional.empty()
        : Optional.of(scopes);
  }

  private Issue made(
      TokenRequest request,
      Grounds grounds,
      Granted granted,
      Optional<Boolean> firstIsRenewable,
      Instant at) {
    var issuedAt = tokens.issuable(origins(grounds, at).resources(granted.identifiers()), at);
    var expiresAt = Collections.min(List.of(tokens.end(issuedAt), grounds.endsBy()));
    if (!expiresAt.isAfter(issuedAt)) {
      return refused(
          ErrorCode.INVALID_GRANT,
          "expires_at",
          "after " + issuedAt,
          grounds.endsBy().toString(),
          "AC-17");
    }
    var token =
        tokens.issue(
            new AccessTokens.Holder(
                grounds.person().id().value(), grounds.client(), grounds.keyThumbprint()),
            granted,
            new AccessTokens.Ground(
                grounds.family(),
                request.correlationId(),
                Optional.of(grounds.authentication()),
                from(grounds)),
            new AccessTokens.Span(issuedAt, expiresAt));
    var facts = new ArrayList<>(token.facts());
    firstIsRenewable.ifPresent(
        renewable -> facts.add(grant(grounds, issuedAt, renewable ? grounds.endsBy() : expiresAt)));
    return new Issue.Given(token.response(), facts, token.evidence());
  }

  private Origins origins(Grounds grounds, Instant at) {
    return Origins.accessToken(grounds.person().id().value(), at)
        .session(Optional.of(grounds.session()))
        .grant(Optional.of(grounds.family()))
        .provider(Optional.of(self.value()))
        .client(self, grounds.client())
        .organisation(grounds.person().organisation());
  }

  /// What else a token dies with.
  private JsonObject from(Grounds grounds) {
    return JsonObject.builder()
        .put("idp", self.value())
        .put("org", grounds.person().organisation())
        .put("sid", grounds.session())
        .build();
  }

  private Row grant(Grounds grounds, Instant issuedAt, Instant endsBy) {
    return GrantRows.onConsent(
        self,
        grounds.session(),
        new Redemption.Grant(
            grounds.family(),
            grounds.person().organisation(),
            grounds.person().id().value(),
            grounds.client(),
            grounds.resources(),
            grounds.scopes(),
            grounds.keyThumbprint(),
            issuedAt,
            endsBy,
            new Redemption.Origin(
                Optional.of(grounds.session()), Optional.empty(), Optional.of(grounds.since()))));
  }

  private static Issue refused(
      ErrorCode code, String check, String expected, String actual, String requirement) {
    return new Issue.NotGiven(
        Refused.of(
            code,
            "the " + check + " cannot be granted",
            new Evidence(check, expected, actual, requirement)));
  }
}
