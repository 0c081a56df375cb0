package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientCredentialsRequest;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Gives a client a token for itself, if a role of the library names it: an agent that runs without
/// a person. The same library decides as for people, and without such a role a client gets nothing.
///
/// No refresh token: the client has what it takes to come again.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4
final class ClientCredentialsGrant implements Grant {
  /// Short, as nobody has to sign in for the next one.
  static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

  private final Issuer self;
  private final Resources governed;
  private final Agents agents;
  private final AccessTokens tokens;
  private final DenySet denied;

  ClientCredentialsGrant(
      Issuer self, Resources governed, Agents agents, AccessTokens tokens, DenySet denied) {
    this.self = self;
    this.governed = governed;
    this.agents = agents;
    this.tokens = tokens;
    this.denied = denied;
  }

  @Override
  public String event() {
    return "token.agent";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    if (!request.client().isConfidential()) {
      return Refused.of(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "only a client that can prove who it is may have a token for itself",
          new Evidence("client", "confidential", "public", "RFC 6749 §4.4"));
    }
    return switch (ClientCredentialsRequest.parse(request.form())) {
      case ClientCredentialsRequest.Reading.Valid(var asked) -> decided(request, asked);
      case ClientCredentialsRequest.Reading.Invalid(var error, var fault) ->
          new Refused(error, Findings.of(fault));
    };
  }

  private TokenResult decided(TokenRequest request, ClientCredentialsRequest asked) {
    var named = governed.named(asked.resources().stream().map(ResourceIndicator::value).toList());
    if (named.isEmpty()) {
      return Refused.of(
          ErrorCode.INVALID_TARGET,
          "name a resource of this server",
          new Evidence("resource", "governed here", asked.resources().toString(), "AC-7"));
    }
    var decision =
        agents.decide(
            request.client().id(),
            named.get().identifiers(),
            asked.scopes().orElse(Scopes.NONE),
            asked.details(),
            request.at());
    return switch (decision) {
      case Decision.Permit permit -> narrowed(request, asked, permit);
      case Decision.Deny deny ->
          refused(new OAuthError(deny.reason().error(), "not permitted by policy"), decision);
      case Decision.StepUp _ ->
          refused(
              new OAuthError(ErrorCode.INVALID_TARGET, "this is for people who sign in"), decision);
    };
  }

  private static Refused refused(OAuthError error, Decision decision) {
    var check = JsonObject.builder().put("check", "policy").put("requirement", "POL-1").build();
    return new Refused(error, Findings.of(decision.evidence().with(check)));
  }

  /// What policy gives, as far as the resources know it.
  private TokenResult narrowed(
      TokenRequest request, ClientCredentialsRequest asked, Decision.Permit permit) {
    var resources = governed.of(permit.resources());
    var known = resources.scopes();
    var scopes = permit.scopes().intersect(known);
    if (scopes.isEmpty() && !(known.isEmpty() && asked.scopes().isEmpty())) {
      return refused(
          new OAuthError(ErrorCode.INVALID_SCOPE, "the scope cannot be granted"), permit);
    }
    var details = GrantedDetails.of(permit.details(), AuthorizationDetails.NONE, resources);
    if (details.isEmpty()) {
      return refused(
          new OAuthError(
              ErrorCode.INVALID_AUTHORIZATION_DETAILS,
              "the authorization_details cannot be granted"),
          permit);
    }
    return fault(request, resources)
        .<TokenResult>map(fault -> fault)
        .orElseGet(
            () -> unlessStopped(request, permit, new Granted(resources, scopes, details.get())));
  }

  private static Optional<Refused> fault(TokenRequest request, Resources resources) {
    if (resources.form().isEmpty()) {
      return Optional.of(
          Refused.of(
              ErrorCode.INVALID_TARGET,
              "ask for a token for each of these resources",
              new Evidence("resource", "whose tokens have one form", "several", "RAS-12")));
    }
    if (resources.all().stream()
        .anyMatch(one -> !one.signIn().equals(AuthenticationRequirement.NONE))) {
      return Optional.of(
          Refused.of(
              ErrorCode.INVALID_TARGET,
              "this is for people who sign in",
              new Evidence("sign_in", "a person's", "none", "RAS-18")));
    }
    return resources.needProof() && request.proof().isEmpty()
        ? Optional.of(
            Refused.of(
                ErrorCode.INVALID_DPOP_PROOF,
                "this resource needs a DPoP proof",
                new Evidence("DPoP", "a proof", "none", "DPOP-6")))
        : Optional.empty();
  }

  private TokenResult unlessStopped(TokenRequest request, Decision.Permit permit, Granted granted) {
    return denied.stopped(granted.identifiers()).isPresent()
        ? Unavailable.because("an administrator has stopped the connector")
        : issued(request, permit, granted);
  }

  private TokenResult issued(TokenRequest request, Decision.Permit permit, Granted granted) {
    var client = request.client().id();
    var subject = AgentSubject.of(client);
    var grant = OpaqueToken.identifier();
    var origins =
        Origins.accessToken(subject, request.at())
            .grant(Optional.of(grant))
            .client(self, client)
            .resources(granted.identifiers());
    var at = tokens.issuable(origins, request.at());
    var token =
        tokens.issue(
            new AccessTokens.Holder(subject, client, request.keyThumbprint()),
            granted,
            new AccessTokens.Ground(
                grant, request.correlationId(), Optional.empty(), JsonObject.EMPTY),
            new AccessTokens.Span(
                at, Collections.min(List.of(tokens.end(at), at.plus(LONGEST_LIFE)))));
    return Issued.of(
            token.response().toJson(),
            token.facts(),
            Findings.of(permit.evidence().with(token.evidence())))
        .unless(() -> death(request, granted, grant, token.id(), at));
  }

  /// What was recorded and nobody gets must not look alive.
  private Optional<Evidence> death(
      TokenRequest request, Granted granted, String grant, String token, Instant at) {
    var client = request.client().id();
    var origins =
        Origins.accessToken(AgentSubject.of(client), at)
            .token(token)
            .grant(Optional.of(grant))
            .client(self, client)
            .resources(granted.identifiers());
    var death =
        denied
            .denial(origins)
            .map(Denied::kind)
            .map(Object::toString)
            .or(() ->
                agents.isGiven(client, granted.identifiers(), granted.scopes(), request.at())
                    ? Optional.empty()
                    : Optional.of("the role library"))
            .map(by -> new Evidence("client", "still given this", "killed by " + by, "DPR-1"));
    if (death.isPresent()) {
      tokens.takeBack(grant, request.correlationId());
    }
    return death;
  }
}
