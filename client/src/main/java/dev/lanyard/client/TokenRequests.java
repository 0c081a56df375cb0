package dev.lanyard.client;

import dev.lanyard.client.ClientAuthentication.AssertionAudience;
import dev.lanyard.client.ClientAuthentication.None;
import dev.lanyard.client.ClientAuthentication.PrivateKeyJwt;
import dev.lanyard.client.ClientAuthentication.SecretBasic;
import dev.lanyard.client.ClientAuthentication.SecretPost;
import dev.lanyard.client.ClientAuthentication.SharedSecret;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.AssertionExchangeRequest;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/// Builds the requests of one client to one authorization server, authenticated and ready to send.
/// Sends nothing. Thread-safe.
public final class TokenRequests {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration ASSERTION_LIFE = Duration.ofSeconds(60);

  private final AuthorizationServerMetadata server;
  private final URI tokenEndpoint;
  private final ClientRegistration client;
  private final InstantSource clock;
  private final SecureRandom random;

  /// @throws IllegalArgumentException if the server has no token endpoint
  public TokenRequests(
      AuthorizationServerMetadata server,
      ClientRegistration client,
      InstantSource clock,
      SecureRandom random) {
    this.server = server;
    this.tokenEndpoint =
        server
            .endpoint(Endpoint.TOKEN)
            .orElseThrow(() -> new IllegalArgumentException(server + " has no token endpoint"));
    this.client = client;
    this.clock = clock;
    this.random = random;
  }

  /// Who asks.
  public ClientRegistration client() {
    return client;
  }

  /// Asks an identity provider for an ID-JAG (CLI-31).
  public EgressRequest exchange(TokenExchangeRequest request) {
    return authenticated(tokenEndpoint, request.toForm());
  }

  /// Asks an identity provider for a refresh token for a SAML assertion (CLI-42).
  public EgressRequest exchange(AssertionExchangeRequest request) {
    return authenticated(tokenEndpoint, request.toForm());
  }

  /// Redeems an ID-JAG at a resource authorization server (CLI-32).
  public EgressRequest redeem(JwtBearerRequest request) {
    return authenticated(tokenEndpoint, request.toForm());
  }

  /// Renews a session at an identity provider.
  public EgressRequest refresh(Secret refreshToken) {
    return authenticated(tokenEndpoint, refreshForm(refreshToken));
  }

  /// Renews access to a resource (CLI-8).
  public EgressRequest refresh(Secret refreshToken, ResourceIndicator resource) {
    return authenticated(
        tokenEndpoint, refreshForm(refreshToken).add("resource", resource.value()));
  }

  private static Form.Builder refreshForm(Secret refreshToken) {
    return Form.builder()
        .add("grant_type", GrantType.REFRESH_TOKEN.value())
        .add("refresh_token", refreshToken.reveal());
  }

  /// Redeems the code of a sign-in.
  public EgressRequest code(Secret code, Pkce.Verifier verifier, URI redirectUri) {
    return authenticated(tokenEndpoint, codeForm(code, verifier, redirectUri));
  }

  /// Redeems the code that a person has granted for a resource (CLI-8).
  public EgressRequest code(
      Secret code, Pkce.Verifier verifier, URI redirectUri, ResourceIndicator resource) {
    return authenticated(
        tokenEndpoint, codeForm(code, verifier, redirectUri).add("resource", resource.value()));
  }

  private static Form.Builder codeForm(Secret code, Pkce.Verifier verifier, URI redirectUri) {
    return Form.builder()
        .add("grant_type", GrantType.AUTHORIZATION_CODE.value())
        .add("code", code.reveal())
        .add("code_verifier", verifier.secret().reveal())
        .add("redirect_uri", redirectUri.toString());
  }

  /// Asks for access to a resource in this client's own name.
  ///
  /// @param scopes to ask for; none leaves them to policy
  /// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4.2 RFC 6749 §4.4.2
  public EgressRequest clientCredentials(ResourceIndicator resource, Scopes scopes) {
    var form =
        Form.builder()
            .add("grant_type", GrantType.CLIENT_CREDENTIALS.value())
            .add("resource", resource.value())
            .addIfPresent("scope", Optional.of(scopes.toString()).filter(text -> !text.isEmpty()));
    return authenticated(tokenEndpoint, form);
  }

  /// Ends a token before its time; empty if the server has no endpoint for it.
  ///
  /// @param hint `access_token` or `refresh_token`
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 RFC 7009 §2.1
  public Optional<EgressRequest> revoke(Secret token, String hint) {
    var form = Form.builder().add("token", token.reveal()).add("token_type_hint", hint);
    return server.endpoint(Endpoint.REVOCATION).map(endpoint -> authenticated(endpoint, form));
  }

  private EgressRequest authenticated(URI endpoint, Form.Builder form) {
    return switch (client.authentication()) {
      case SharedSecret(var secret) when takesBodyOnly() -> inBody(endpoint, form, secret);
      case SharedSecret(var secret) -> inHeader(endpoint, form, secret);
      case SecretBasic(var secret) -> inHeader(endpoint, form, secret);
      case SecretPost(var secret) -> inBody(endpoint, form, secret);
      case None() -> post(endpoint, form.add("client_id", client.id().value()));
      case PrivateKeyJwt key ->
          post(
              endpoint,
              form.add("client_id", client.id().value())
                  .add("client_assertion_type", ASSERTION_TYPE)
                  .add("client_assertion", assertion(key)));
    };
  }

  private boolean takesBodyOnly() {
    var methods = server.supported(Supported.TOKEN_AUTH_METHODS);
    return methods.contains("client_secret_post") && !methods.contains("client_secret_basic");
  }

  private EgressRequest inHeader(URI endpoint, Form.Builder form, Secret secret) {
    var credentials = new BasicCredentials(client.id(), secret);
    return post(endpoint, form).with("Authorization", credentials.toHeader());
  }

  private EgressRequest inBody(URI endpoint, Form.Builder form, Secret secret) {
    return post(
        endpoint, form.add("client_id", client.id().value()).add("client_secret", secret.reveal()));
  }

  private static EgressRequest post(URI endpoint, Form.Builder form) {
    return EgressRequest.post(endpoint, form.build());
  }

  /// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-rfc7523bis-11#section-3
  ///   rfc7523bis draft-11
  private String assertion(PrivateKeyJwt key) {
    var id = new byte[16];
    random.nextBytes(id);
    var now = clock.instant();
    var audience =
        key.audience() == AssertionAudience.ISSUER
            ? server.issuer().value()
            : tokenEndpoint.toString();
    return new JwtSigner(key.key(), "client-authentication+jwt")
        .sign(
            JsonObject.builder()
                .put("iss", client.id().value())
                .put("sub", client.id().value())
                .put("aud", audience)
                .put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(id))
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(ASSERTION_LIFE).getEpochSecond())
                .build());
  }
}
