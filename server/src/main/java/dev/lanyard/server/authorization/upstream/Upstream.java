package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.IssuerDiscovery.Discovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/// One upstream OpenID Provider, seen from its client: us.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OpenID Connect Core
///   §3.1
public final class Upstream implements UpstreamProvider {
  /// It comes straight from the provider.
  private static final Duration FRESH = Duration.ofMinutes(10);

  /// What a provider says when it cannot, and not that it will not (RFC 6749 §4.1.2.1).
  private static final Set<String> OUTAGES = Set.of("server_error", "temporarily_unavailable");

  private static final int LONGEST_WORD = 200;

  /// Its tokens come from itself, so nobody can make us ask for keys without end: a new key is
  /// fetched nearly at once (KEY-3).
  private static final Refresh REFRESH =
      new Refresh(
          Refresh.DEFAULT.after(),
          Duration.ofSeconds(5),
          Refresh.DEFAULT.retry(),
          Refresh.DEFAULT.staleFor());

  private final UpstreamConfig config;
  private final URI redirectUri;
  private final IssuerDiscovery discovery;
  private final UpstreamEndpoints endpoints;
  private final IdTokenValidator validator;
  private final UpstreamClaims claims;

  /// @param addresses which its people may have
  /// @param redirectUri where the browser comes back to
  public Upstream(
      UpstreamConfig config,
      AddressRule addresses,
      URI redirectUri,
      EgressClient egress,
      ClockSkew skew,
      InstantSource clock) {
    this.config = config;
    this.redirectUri = redirectUri;
    this.discovery = new IssuerDiscovery(egress, config.issuer(), REFRESH, clock);
    var calls = new Circuit(egress, clock);
    this.endpoints = new UpstreamEndpoints(config, redirectUri, calls);
    this.validator =
        new IdTokenValidator(
            new TrustedIssuer(config.issuer(), discovery.keys(), config.algorithms()),
            new Limits(skew, FRESH),
            clock);
    this.claims =
        new UpstreamClaims(
            config,
            addresses,
            config
                .graph()
                .map(graph ->
                    new MicrosoftGraph(
                        graph,
                        calls,
                        config.clientId(),
                        config.clientSecret(),
                        this::tokenEndpoint,
                        clock)));
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes) {
    return endpoint(Endpoint.AUTHORIZATION).map(endpoint -> url(endpoint, state, signIn, wishes));
  }

  private Answer<URI> tokenEndpoint() {
    return endpoint(Endpoint.TOKEN);
  }

  private Answer<URI> endpoint(Endpoint name) {
    return metadata()
        .then(metadata ->
            metadata
                .endpoint(name)
                .<Answer<URI>>map(Answer.Given::new)
                .orElseGet(() -> new Answer.Unavailable<>(config.issuer() + " names no " + name)));
  }

  private Answer<AuthorizationServerMetadata> metadata() {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Answer.Unavailable<>(why);
      case Discovery.Found(var metadata) -> new Answer.Given<>(metadata);
    };
  }

  private URI url(URI endpoint, Secret state, UpstreamSignIn signIn, Wishes wishes) {
    var request =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", config.clientId().value())
            .add("redirect_uri", redirectUri.toString())
            .add("scope", config.scopes().toString())
            .add("state", state.reveal())
            .add("nonce", signIn.nonce())
            .add("code_challenge", signIn.verifier().challenge().value())
            .add("code_challenge_method", "S256")
            .addIfPresent("login_hint", wishes.loginHint());
    config.domainHint().ifPresent(parameter -> request.addIfPresent(parameter, wishes.domain()));
    new SignInDemands(wishes).tell(request);
    var query = request.build().encode();
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + query);
  }

  /// Turns the code that the browser brought into what the provider says of somebody.
  @Override
  public Answer<Introduction> redeem(Form answer, UpstreamSignIn signIn) {
    return identified(answer, signIn).map(Identified::introduction);
  }

  /// Whom the provider means, and what it said of them in its own words.
  record Identified(Introduction introduction, JsonObject claims) {}

  /// The same with the provider's own words.
  Answer<Identified> identified(Form answer, UpstreamSignIn signIn) {
    return metadata()
        .then(metadata ->
            code(answer, metadata)
                .then(code -> endpoints.redeem(metadata, code, signIn))
                .then(tokens -> identified(tokens, metadata, signIn)));
  }

  private Answer<String> code(Form answer, AuthorizationServerMetadata metadata) {
    var issuer = answer.one("iss");
    // RFC 9207 §2.4: whoever announces `iss` must send it, and whoever sends it must be right.
    if (issuer.isPresent()
        ? !issuer.get().equals(config.issuer().value())
        : metadata.has(Flag.AUTHORIZATION_RESPONSE_ISS)) {
      return refused("iss", issuer.orElse("none"));
    }
    if (answer.has("error")) {
      var error = answer.one("error").orElseThrow();
      var told = shortened(error + ": " + answer.one("error_description").orElse("no description"));
      return OUTAGES.contains(error)
          ? new Answer.Unavailable<>(config.issuer() + " answers " + told)
          : refused("error", told);
    }
    return answer
        .one("code")
        .<Answer<String>>map(Answer.Given::new)
        .orElseGet(() -> refused("code", "none"));
  }

  private Answer<Identified> identified(
      TokenResponse tokens, AuthorizationServerMetadata metadata, UpstreamSignIn signIn) {
    if (tokens.idToken().isEmpty()) {
      return refused("id_token", "none");
    }
    var verdict =
        validator.judge(tokens.idToken().get().reveal(), config.clientId(), signIn.nonce());
    return switch (verdict) {
      case IdTokenVerdict.Accepted(var idToken) ->
          completed(idToken, tokens, metadata)
              .then(all ->
                  claims.of(idToken, all).map(introduction -> new Identified(introduction, all)));
      case IdTokenVerdict.Rejected(var reason) ->
          refused("id_token " + reason.evidence().check(), reason.evidence().actual());
      case IdTokenVerdict.Undecided(var why) -> new Answer.Unavailable<>(why);
    };
  }

  /// Some providers keep what they know of a person out of the ID Token as long as UserInfo tells
  /// it. What the ID Token says stands.
  private Answer<JsonObject> completed(
      IdToken idToken, TokenResponse tokens, AuthorizationServerMetadata metadata) {
    var userInfo = metadata.endpoint(Endpoint.USERINFO);
    return userInfo.isEmpty() || !claims.isLacking(idToken.all())
        ? new Answer.Given<>(idToken.all())
        : endpoints
            .userInfo(userInfo.get(), tokens.accessToken(), idToken.subject())
            .map(more -> more.with(idToken.all()));
  }

  private static String shortened(String text) {
    return Excerpt.marked(text, LONGEST_WORD);
  }

  private static <T> Answer<T> refused(String check, String actual) {
    return new Answer.Refused<>(new Evidence(check, "of this sign-in", actual, "IDP-43"));
  }
}
