package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.IssuerDiscovery.Discovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.authorization.AuthorizationRequest.Wishes;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One upstream OpenID Provider, seen from its client: us.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OpenID Connect Core
///   §3.1
final class Upstream implements UpstreamProvider {
  /// It comes straight from the provider.
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final UpstreamConfig config;
  private final URI redirectUri;
  private final EgressClient egress;
  private final IssuerDiscovery discovery;
  private final IdTokenValidator validator;

  Upstream(UpstreamConfig config, Issuer self, Platform platform) {
    this.config = config;
    this.redirectUri = Paths.at(self, Paths.CALLBACK + "/" + config.id());
    this.egress = platform.egress();
    this.discovery =
        new IssuerDiscovery(platform.egress(), config.issuer(), Refresh.DEFAULT, platform.clock());
    this.validator =
        new IdTokenValidator(
            new TrustedIssuer(config.issuer(), discovery.keys(), config.algorithms()),
            new Limits(platform.skew(), FRESH),
            platform.clock());
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes) {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Answer.Unavailable<>(why);
      case Discovery.Found(var metadata) ->
          metadata
              .endpoint(Endpoint.AUTHORIZATION)
              .<Answer<URI>>map(
                  endpoint -> new Answer.Given<>(url(endpoint, state, signIn, wishes)))
              .orElseGet(() -> new Answer.Unavailable<>("no authorization_endpoint"));
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
    new SignInDemands(wishes).tell(request);
    var query = request.build().encode();
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + query);
  }

  /// Turns the code that the browser brought into an ID Token that answers this very sign-in.
  @Override
  public Answer<Introduction> redeem(Form answer, UpstreamSignIn signIn) {
    var redeemed =
        switch (discovery.discover()) {
          case Discovery.Unavailable(var why) -> new Answer.Unavailable<IdToken>(why);
          case Discovery.Found(var metadata) -> redeem(answer, signIn, metadata);
        };
    return switch (redeemed) {
      case Answer.Given<IdToken>(var idToken) -> introduction(idToken);
      case Answer.Refused<IdToken>(var evidence, var told) -> new Answer.Refused<>(evidence, told);
      case Answer.Unavailable<IdToken>(var why) -> new Answer.Unavailable<>(why);
    };
  }

  private Answer<Introduction> introduction(IdToken idToken) {
    try {
      var claims = idToken.all();
      var userName =
          claims.string("preferred_username").or(idToken::email).orElse(idToken.subject());
      return new Answer.Given<>(
          new Introduction(
              idToken.issuer(),
              subject(idToken),
              new Introduction.Profile(
                  userName, idToken.email(), claims.string("name").orElse(userName)),
              groups(idToken),
              idToken.issuedAt(),
              idToken.authentication(),
              new Session.Upstream(
                  config.id(), idToken.session(), Optional.of(idToken.subject()))));
    } catch (MalformedException e) {
      return new Answer.Refused<>(
          new Evidence("id_token", "claims of their types", e.getMessage(), "IDP-43"));
    }
  }

  private String subject(IdToken idToken) throws MalformedException {
    return config.subjectClaim().equals(UpstreamConfig.SUB)
        ? idToken.subject()
        : idToken.all().nonEmptyString(config.subjectClaim());
  }

  /// The groups that the provider says; empty if it is not configured to say any.
  private Optional<Set<String>> groups(IdToken idToken) throws MalformedException {
    return config.groupsClaim().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new HashSet<>(
                idToken.all().stringOrStrings(config.groupsClaim().get()).orElse(List.of())));
  }

  private Answer<IdToken> redeem(
      Form answer, UpstreamSignIn signIn, AuthorizationServerMetadata metadata) {
    var issuer = answer.one("iss");
    // RFC 9207 §2.4: whoever announces `iss` must send it, and whoever sends it must be right.
    if (issuer.isPresent()
        ? !issuer.get().equals(config.issuer().value())
        : metadata.has(Flag.AUTHORIZATION_RESPONSE_ISS)) {
      return refused("iss", issuer.orElse("none"));
    }
    if (answer.has("error")) {
      return refused("error", answer.one("error").orElseThrow());
    }
    var code = answer.one("code");
    var endpoint = metadata.endpoint(Endpoint.TOKEN);
    if (code.isEmpty()) {
      return refused("code", "none");
    }
    return endpoint.isEmpty()
        ? new Answer.Unavailable<>("no token_endpoint")
        : tokens(egress.send(tokenRequest(endpoint.get(), metadata, code.get(), signIn)), signIn);
  }

  /// Basic unless the provider says it takes only the body; RFC 8414 makes Basic the default.
  private EgressRequest tokenRequest(
      URI endpoint, AuthorizationServerMetadata metadata, String code, UpstreamSignIn signIn) {
    var methods = metadata.supported(Supported.TOKEN_AUTH_METHODS);
    boolean basic = methods.isEmpty() || methods.contains("client_secret_basic");
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", code)
            .add("redirect_uri", redirectUri.toString())
            .add("code_verifier", signIn.verifier().secret().reveal());
    if (basic) {
      var credentials = new BasicCredentials(config.clientId(), config.clientSecret());
      return EgressRequest.post(endpoint, form.build())
          .with("Authorization", credentials.toHeader());
    }
    form.add("client_id", config.clientId().value());
    form.add("client_secret", config.clientSecret().reveal());
    return EgressRequest.post(endpoint, form.build());
  }

  private Answer<IdToken> tokens(EgressResult result, UpstreamSignIn signIn) {
    return switch (result) {
      case EgressResult.Answered answered when answered.status() == 200 ->
          idToken(answered, signIn);
      case EgressResult.Answered answered when answered.status() >= 500 ->
          new Answer.Unavailable<>("token endpoint answered " + answered.status());
      case EgressResult.Answered answered ->
          refused("token endpoint", "status " + answered.status());
      case EgressResult.Refused(var why) -> new Answer.Unavailable<>(why);
      case EgressResult.Failed(var why) -> new Answer.Unavailable<>(why);
    };
  }

  private Answer<IdToken> idToken(EgressResult.Answered answered, UpstreamSignIn signIn) {
    try {
      var idToken = TokenResponse.parse(answered.json()).idToken();
      if (idToken.isEmpty()) {
        return refused("id_token", "none");
      }
      return switch (validator.judge(idToken.get().reveal(), config.clientId(), signIn.nonce())) {
        case IdTokenVerdict.Accepted(var accepted) -> new Answer.Given<>(accepted);
        case IdTokenVerdict.Rejected(var reason) ->
            refused("id_token " + reason.evidence().check(), reason.evidence().actual());
        case IdTokenVerdict.Undecided(var why) -> new Answer.Unavailable<>(why);
      };
    } catch (MalformedException e) {
      return refused("token response", e.getMessage());
    }
  }

  private static <T> Answer<T> refused(String check, String actual) {
    return new Answer.Refused<>(new Evidence(check, "of this sign-in", actual, "IDP-43"));
  }
}
