package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AssertionExchangeRequest;
import dev.lanyard.protocol.oauth.AssertionExchangeResponse;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.authorization.AssertionSignIn.Arrival;
import dev.lanyard.server.authorization.AssertionSignIn.Judgement;
import dev.lanyard.server.authorization.FlowRules.Demand;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.RequestedClaims;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Exchanges the SAML assertion of a sign-in for a refresh token, so that the person need not sign
/// in again when the assertion is over, minutes later (IDP-40).
///
/// If the process dies between the beginning of the session and the refresh token, the assertion is
/// used up and nothing was given: the person signs in once more.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.5
///   ID-JAG draft-04 §4.5
final class AssertionExchangeGrant implements Grant {
  private static final String REQUIREMENT = "IDP-40";

  private final AssertionSignIn assertions;
  private final RefreshTokens refreshTokens;
  private final FlowRules rules;

  AssertionExchangeGrant(AssertionSignIn assertions, RefreshTokens refreshTokens, FlowRules rules) {
    this.assertions = assertions;
    this.refreshTokens = refreshTokens;
    this.rules = rules;
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
    return switch (AssertionExchangeRequest.parse(request.form())) {
      case AssertionExchangeRequest.Reading.Valid(var exchange) -> asked(request, exchange);
      case AssertionExchangeRequest.Reading.Invalid(var error, var fault) ->
          new Refused(error, Findings.of(fault));
    };
  }

  private TokenResult asked(TokenRequest request, AssertionExchangeRequest exchange) {
    return switch (rules.demand(request.form(), request.client())) {
      case Demand.Refused(var code, var evidence) ->
          Refused.of(code, "ask for openid and offline_access", evidence);
      case Demand.Granted(_, var scopes, _) -> renewable(request, exchange, scopes);
    };
  }

  private TokenResult renewable(
      TokenRequest request, AssertionExchangeRequest exchange, Scopes scopes) {
    if (!scopes.contains("offline_access")) {
      return Refused.of(
          ErrorCode.INVALID_SCOPE,
          "ask for openid and offline_access",
          new Evidence("scope", "openid offline_access", scopes.toString(), REQUIREMENT));
    }
    if (!rules.isRenewable(request.client(), scopes)) {
      return Refused.of(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "this client may not have refresh tokens",
          new Evidence(
              "grants", "refresh_token", request.client().grantTypes().toString(), REQUIREMENT));
    }
    return switch (assertions.judge(exchange.assertion(), request)) {
      case Judgement.Good(var arrival) -> begun(request, arrival, scopes);
      case Judgement.Bad(var evidence, var person) -> {
        var refused = bad(evidence);
        yield refused.about(person);
      }
      case Judgement.Undecided(var why) -> Unavailable.because(why);
    };
  }

  private static Refused bad(Evidence evidence) {
    return Refused.of(
        ErrorCode.INVALID_GRANT, "the assertion is not good, sign in again", evidence);
  }

  private TokenResult begun(TokenRequest request, Arrival arrival, Scopes scopes) {
    var person = arrival.person();
    var session = arrival.session();
    var at = session.createdAt();
    var endsBy = refreshTokens.endOf(at, session.endsBy());
    if (!at.isBefore(endsBy)) {
      var late = new Evidence("session", "to end after " + at, endsBy.toString(), "IDP-32");
      return bad(late).about(person);
    }
    var refusal = assertions.begin(arrival, request);
    if (refusal.isPresent()) {
      return bad(refusal.get()).about(person);
    }
    var grounds =
        new Grounds(
            person,
            request.client().id(),
            session.id(),
            OpaqueToken.identifier(),
            List.of(),
            scopes,
            RequestedClaims.NONE,
            session.authentication(),
            request.keyThumbprint(),
            at,
            endsBy);
    var first = refreshTokens.first(grounds, at);
    var response =
        new AssertionExchangeResponse(
            first.token(),
            Optional.of(Duration.between(at, grounds.endsBy())),
            Optional.of(scopes));
    var evidence =
        JsonObject.builder()
            .put("session", session.id())
            .put("family", grounds.family())
            .put("scope", scopes.toString())
            .put("refresh_token", true)
            .put("bound", request.proof().isPresent())
            .build();
    return Issued.of(response.toJson(), List.of(first.row()), Findings.of(evidence).about(person));
  }
}
