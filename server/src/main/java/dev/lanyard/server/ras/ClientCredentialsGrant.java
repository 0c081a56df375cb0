package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientCredentialsRequest;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
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

  private final RasConfig config;
  private final Agents agents;
  private final TokenForms forms;
  private final Revocation revocation;

  ClientCredentialsGrant(RasConfig config, Agents agents, TokenForms forms, Revocation revocation) {
    this.config = config;
    this.agents = agents;
    this.forms = forms;
    this.revocation = revocation;
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
    var governed = config.resources().stream().map(Resource::resource).toList();
    // Only where there is nothing to choose may the client leave the choice out (D-2).
    var named = asked.resources().isEmpty() && governed.size() == 1 ? governed : asked.resources();
    if (named.isEmpty() || !governed.containsAll(named)) {
      return Refused.of(
          ErrorCode.INVALID_TARGET,
          "name a resource of this server",
          new Evidence("resource", "governed here", named.toString(), "AC-7"));
    }
    var decision =
        agents.decide(
            request.client().id(),
            named,
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
    var resources =
        config.resources().stream()
            .filter(one -> permit.resources().contains(one.resource()))
            .toList();
    var known = resources.stream().map(Resource::scopes).reduce(Scopes.NONE, Scopes::union);
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
        .orElseGet(() -> unlessStopped(request, permit, resources, scopes, details.get()));
  }

  private static Optional<Refused> fault(TokenRequest request, List<Resource> resources) {
    if (resources.stream().map(Resource::tokens).distinct().count() > 1) {
      return Optional.of(
          Refused.of(
              ErrorCode.INVALID_TARGET,
              "ask for a token for each of these resources",
              new Evidence("resource", "whose tokens have one form", "several", "RAS-12")));
    }
    if (resources.stream().anyMatch(one -> !one.signIn().equals(AuthenticationDemand.NONE))) {
      return Optional.of(
          Refused.of(
              ErrorCode.INVALID_TARGET,
              "this is for people who sign in",
              new Evidence("sign_in", "a person's", "none", "RAS-18")));
    }
    return resources.stream().anyMatch(Resource::dpopRequired) && request.proof().isEmpty()
        ? Optional.of(
            Refused.of(
                ErrorCode.INVALID_DPOP_PROOF,
                "this resource needs a DPoP proof",
                new Evidence("DPoP", "a proof", "none", "DPOP-6")))
        : Optional.empty();
  }

  private TokenResult unlessStopped(
      TokenRequest request,
      Decision.Permit permit,
      List<Resource> resources,
      Scopes scopes,
      AuthorizationDetails details) {
    var identifiers = resources.stream().map(Resource::resource).toList();
    if (revocation.denied().stopped(identifiers).isPresent()) {
      return Unavailable.because("an administrator has stopped the connector");
    }
    return issued(request, permit, new Given(identifiers, scopes, details));
  }

  private record Given(
      List<ResourceIndicator> resources, Scopes scopes, AuthorizationDetails details) {}

  private TokenResult issued(TokenRequest request, Decision.Permit permit, Given given) {
    var client = request.client().id();
    var grant = OpaqueToken.identifier();
    var id = OpaqueToken.identifier();
    var at =
        revocation
            .denied()
            .issuable(origins(request, given, grant, id, request.at()), request.at());
    var end = at.plus(life());
    var claims =
        new AccessTokenClaims(config.issuer(), AgentSubject.of(client), client, given.resources())
            .scopes(given.scopes())
            .authorizationDetails(given.details().all())
            .grant(grant)
            .transaction(request.correlationId());
    request.keyThumbprint().ifPresent(claims::boundTo);
    var minted =
        forms.mint(claims.build(id, at, end), end, config.tokensOf(given.resources().getFirst()));
    var response =
        TokenResponse.granted(
                minted.token(),
                request.keyThumbprint().isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER,
                Duration.between(at, end),
                given.scopes(),
                given.resources())
            .withDetails(given.details());
    var evidence =
        permit
            .evidence()
            .with(
                JsonObject.builder()
                    .put("grant", grant)
                    .put("token", id)
                    .put("resource", given.resources().stream().map(Object::toString).toList())
                    .put("scope", given.scopes().toString())
                    .put("bound", request.keyThumbprint().isPresent())
                    .build());
    return Issued.of(response.toJson(), minted.facts(), Findings.of(evidence))
        .unless(() -> death(request, given, grant, id, at));
  }

  private Duration life() {
    return config.accessTokenLife().compareTo(LONGEST_LIFE) < 0
        ? config.accessTokenLife()
        : LONGEST_LIFE;
  }

  private Origins origins(
      TokenRequest request, Given given, String grant, String token, Instant at) {
    var client = request.client().id();
    return Origins.accessToken(AgentSubject.of(client), at)
        .token(token)
        .grant(Optional.of(grant))
        .client(config.issuer(), client)
        .resources(given.resources());
  }

  /// What was recorded and nobody gets must not look alive.
  private Optional<Evidence> death(
      TokenRequest request, Given given, String grant, String token, Instant at) {
    var client = request.client().id();
    var death =
        revocation
            .denied()
            .denial(origins(request, given, grant, token, at))
            .map(Denied::kind)
            .map(Object::toString)
            .or(() ->
                agents.isGiven(client, given.resources(), given.scopes(), request.at())
                    ? Optional.empty()
                    : Optional.of("the role library"))
            .map(by -> new Evidence("client", "still given this", "killed by " + by, "DPR-1"));
    if (death.isPresent()) {
      var _ =
          revocation.report(
              Source.of(Source.Kind.SERVER),
              new Subject.Grant(grant),
              Happening.TOKENS_REVOKED,
              "killed while it was being recorded",
              request.correlationId());
    }
    return death;
  }
}
