package dev.lanyard.server.broker;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.protocol.oauth.TokenType;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.broker.SubjectTokens.Subject;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Decision.StepUp;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.IdJagUses;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.IdJagRevision;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Exchanges a person's token for an ID-JAG: for whom, to which server, through which client, and
/// whether policy allows it *now* (IDP-17).
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.3
///   ID-JAG draft-04 §4.3
final class TokenExchangeGrant implements Grant {
  private final BrokerConfig config;
  private final SubjectTokens subjects;
  private final Policy policy;
  private final WhosePeople people;
  private final Catalog catalog;
  private final IdJags idJags;
  private final DenySet denied;
  private final Optional<Quota> quota;
  private final IdJagRevision revision;

  TokenExchangeGrant(
      BrokerConfig config,
      SubjectTokens subjects,
      Rulebook rulebook,
      IdJags idJags,
      DenySet denied,
      Optional<Quota> quota,
      IdJagRevision revision) {
    this.config = config;
    this.subjects = subjects;
    this.policy = rulebook.policy();
    this.people = WhosePeople.of(config.organisation());
    this.catalog = rulebook.catalog();
    this.idJags = idJags;
    this.denied = denied;
    this.quota = quota;
    this.revision = revision;
  }

  @Override
  public String event() {
    return ExchangeRecord.TYPE;
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    if (!request.client().isConfidential()) {
      return Refused.publicExchange();
    }
    return switch (TokenExchangeRequest.parse(request.form())) {
      case TokenExchangeRequest.Reading.Valid(var exchange)
          when exchange.subjectTokenType() == TokenType.ACCESS_TOKEN
              && request.client().mayExchangeFor().isEmpty() ->
          Refused.of(
              ErrorCode.INVALID_REQUEST,
              "this client may not exchange access tokens",
              new Evidence(
                  "subject_token_type",
                  "id_token, refresh_token or saml2",
                  "access_token, of a client without exchanges_tokens_for",
                  "IDP-12"));
      case TokenExchangeRequest.Reading.Valid(var exchange) -> addressed(request, exchange);
      case TokenExchangeRequest.Reading.Invalid(var error, var fault) ->
          new Refused(error, Findings.of(fault));
    };
  }

  /// To whom, and as whom the client will come there.
  private TokenResult addressed(TokenRequest request, TokenExchangeRequest exchange) {
    var audience = catalog.authorizationServer(exchange.audience());
    if (audience.isEmpty()) {
      return Refused.of(
          ErrorCode.INVALID_TARGET,
          "this audience is not known here",
          new Evidence("audience", "a registered issuer", exchange.audience(), "IDP-4"));
    }
    var tenant = config.exchange().tenantAt(audience.get());
    var clientThere = request.client().idAt(audience.get(), tenant);
    if (clientThere.isEmpty()) {
      return Refused.of(
          ErrorCode.INVALID_TARGET,
          "this client is not registered at the audience",
          new Evidence(
              "ids_at",
              audience.get() + tenant.map(one -> " in the tenant " + one).orElse(""),
              request.client().idsAt().toString(),
              "IDP-34"));
    }
    return switch (subjects.of(exchange, request)) {
      case Subject.Known known ->
          decided(request, exchange, new Target(audience.get(), clientThere.get()), known);
      case Subject.Refused(var evidence, var person) -> {
        var refused =
            Refused.of(ErrorCode.INVALID_GRANT, "the subject token is not good", evidence);
        yield refused.about(person);
      }
      case Subject.Undecided(var why) -> Unavailable.because(why);
    };
  }

  /// @param client what the client is called there
  private record Target(Issuer audience, ClientId client) {}

  private TokenResult decided(
      TokenRequest request, TokenExchangeRequest exchange, Target target, Subject.Known subject) {
    var access =
        new AccessRequest(
            people.member(subject.person()),
            request.client().id(),
            target.audience(),
            exchange.resources(),
            exchange.scopes().orElse(Scopes.NONE),
            exchange.details(),
            subject.authentication(),
            request.at());
    var decision = Span.of("policy.decide", Kind.INTERNAL, () -> policy.decide(access));
    var findings =
        Findings.of(
                JsonObject.builder()
                    .put("audience", target.audience().value())
                    .put("resource", exchange.resources().stream().map(Object::toString).toList())
                    .put("asked_scope", access.scopes().toString())
                    .put("asked_authorization_details", access.details().all())
                    .putIfPresent("session", subject.session())
                    .build()
                    .with(decision.evidence()))
            .about(subject.person());
    return switch (decision) {
      case Permit permit -> issued(request, target, subject, permit, findings);
      case Deny deny ->
          refused(
              revision.notPermitted(deny.reason().error(), "not permitted by policy"), findings);
      case StepUp(var needed, _, _) ->
          refused(
              OAuthError.insufficientUserAuthentication(needed.maxAge(), needed.acrValues()),
              findings);
    };
  }

  private static Refused refused(OAuthError error, Findings findings) {
    return new Refused(
        error,
        findings.with(
            JsonObject.builder().put("check", "policy").put("requirement", "IDP-17").build()));
  }

  private TokenResult issued(
      TokenRequest request,
      Target target,
      Subject.Known subject,
      Permit permit,
      Findings findings) {
    var stopped = denied.stopped(permit.resources());
    if (stopped.isPresent()) {
      // Not a refusal: on 4xx clients throw the sign-in away, and with it every other connector.
      var why = "an administrator has stopped the connector " + stopped.get();
      return new Unavailable(why, findings.with(JsonObject.builder().put("outage", why).build()));
    }
    var person = subject.person();
    var id = OpaqueToken.identifier();
    var origins =
        Origins.assertion(person.id().value(), request.at())
            .client(target.audience(), target.client())
            .resources(permit.resources())
            .organisation(person.organisation());
    var at = denied.issuable(origins, request.at());
    var expiresAt = Collections.min(List.of(at.plus(config.lives().idJag()), subject.endsBy()));
    if (!expiresAt.isAfter(at)) {
      // Within the skew an expired ID Token is still accepted; nothing can be issued on it.
      return Refused.of(
          ErrorCode.INVALID_GRANT,
          "the subject token is not good",
          new Evidence("exp", "in the future", subject.endsBy().toString(), "IDP-32"));
    }
    var refusal = subject.start().begin();
    if (refusal.isPresent()) {
      return Refused.of(ErrorCode.INVALID_GRANT, "the subject token is not good", refusal.get())
          .about(person);
    }
    var wanted = new IdJags.Wanted(request, target.client(), permit, subject);
    var response =
        new TokenExchangeResponse(
            idJags.signed(wanted, id, at, expiresAt),
            Optional.of(Duration.between(at, expiresAt)),
            Optional.of(permit.scopes()),
            permit.details());
    var issued =
        JsonObject.builder()
            .put("jti", id)
            .put("client_at_audience", target.client().value())
            .put("bound", request.proof().isPresent())
            .build();
    var counted =
        counted(
            new IdJagUses.Use(
                person.id().value(), at, id, permit.resources(), request.client().id()),
            response.toJson(),
            findings.with(issued),
            () -> issued(request, target, subject, permit, findings));
    return counted instanceof Issued one ? one.unless(subject.death()) : counted;
  }

  private TokenResult counted(
      IdJagUses.Use use, JsonObject response, Findings findings, Supplier<TokenResult> again) {
    if (quota.isEmpty()) {
      return Issued.of(response, List.of(), findings);
    }
    return switch (quota.get().of(use)) {
      case Quota.Verdict.Counted(var fact) -> Issued.of(response, List.of(fact), findings);
      case Quota.Verdict.Claimed(var claim) ->
          Issued.claiming(claim, response, List.of(), findings, again);
      case Quota.Verdict.Exhausted(var resource, int limit) -> {
        // Not a refusal, although a rule says it: on 4xx clients throw the sign-in away, and with
        // it every connector whose quota is not used up.
        var why =
            "the person has had all %d ID-JAGs of the month for %s".formatted(limit, resource);
        yield new Unavailable(why, findings.with(JsonObject.builder().put("quota", why).build()));
      }
    };
  }
}
