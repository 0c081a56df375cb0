package dev.lanyard.server.credentials;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.IssuerDiscovery.Discovery;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An authorization server of others, as its client sees it. It is asked by an [EgressClient] only,
/// at the addresses that its own metadata name.
///
/// What only its administrator or ours can mend (silence, nonsense, a secret that is not accepted)
/// is an outage; a grant or code that is no good is a refusal.
final class ForeignServer {
  /// What servers call a grant or code that is no good: RFC 6749 §5.2, and GitHub for a code and
  /// for a refresh token. The status varies (400, 403, 200); the name says enough.
  private static final Set<String> NO_GOOD =
      Set.of("invalid_grant", "bad_verification_code", "bad_refresh_token");

  private final IssuerDiscovery discovery;
  private final EgressClient egress;

  ForeignServer(IssuerDiscovery discovery, EgressClient egress) {
    this.discovery = discovery;
    this.egress = egress;
  }

  /// What it says to a request for tokens.
  sealed interface Answer {
    record Granted(TokenResponse tokens) implements Answer {}

    /// The code or the grant is no good.
    record Refused(String error) implements Answer {}

    record Unavailable(String why) implements Answer {}
  }

  /// Who we are there.
  record Self(ClientId client, Optional<Secret> secret) {
    static Self of(Vendor vendor) {
      return new Self(vendor.client(), vendor.secret());
    }
  }

  /// The way to its consent page.
  sealed interface Way {
    record At(URI url) implements Way {}

    record Unavailable(String why) implements Way {}
  }

  Way consent(Vendor vendor, URI redirectUri, Secret state, Pkce.Verifier verifier) {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Way.Unavailable(why);
      case Discovery.Found(var metadata) ->
          metadata
              .endpoint(Endpoint.AUTHORIZATION)
              .<Way>map(endpoint -> new Way.At(url(endpoint, vendor, redirectUri, state, verifier)))
              .orElseGet(
                  () -> new Way.Unavailable(vendor.issuer() + " names no authorization_endpoint"));
    };
  }

  private static URI url(
      URI endpoint, Vendor vendor, URI redirectUri, Secret state, Pkce.Verifier verifier) {
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", vendor.client().value())
            .add("redirect_uri", redirectUri.toString())
            .add("state", state.reveal())
            .add("code_challenge", verifier.challenge().value())
            .add("code_challenge_method", "S256");
    if (!vendor.scopes().isEmpty()) {
      query.add("scope", vendor.scopes().toString());
    }
    vendor
        .resource()
        .map(ResourceIndicator::value)
        .ifPresent(value -> query.add("resource", value));
    var separator = endpoint.getRawQuery() == null ? "?" : "&";
    return URI.create(endpoint + separator + query.build().encode());
  }

  /// Whether its metadata says that it does PKCE: without that a stolen code could be redeemed, and
  /// clients must not go on (META-4).
  boolean advertisesPkce() {
    return discovery.discover() instanceof Discovery.Found(var metadata)
        && metadata.supported(Supported.CODE_CHALLENGE_METHODS).contains("S256");
  }

  /// Whether its answers name it (RFC 9207): then one that does not is not its.
  boolean namesItself() {
    return discovery.discover() instanceof Discovery.Found(var metadata)
        && metadata.has(Flag.AUTHORIZATION_RESPONSE_ISS);
  }

  Answer redeem(Vendor vendor, String code, URI redirectUri, Pkce.Verifier verifier) {
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", code)
            .add("redirect_uri", redirectUri.toString())
            .add("code_verifier", verifier.secret().reveal());
    vendor.resource().map(ResourceIndicator::value).ifPresent(value -> form.add("resource", value));
    return tokens(Self.of(vendor), form);
  }

  Answer renew(Vendor vendor, Secret refreshToken) {
    var form =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", refreshToken.reveal());
    vendor.resource().map(ResourceIndicator::value).ifPresent(value -> form.add("resource", value));
    return tokens(Self.of(vendor), form);
  }

  /// Asks its token endpoint for something in which policy has a part: an ID-JAG, or a token for
  /// one.
  Asked ask(Self self, Form.Builder form) {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Asked.Unavailable(why);
      case Discovery.Found(var metadata) ->
          metadata
              .endpoint(Endpoint.TOKEN)
              .map(endpoint -> Asked.of(egress.send(post(endpoint, metadata, self, form))))
              .orElseGet(
                  () -> new Asked.Unavailable(metadata.issuer() + " names no token_endpoint"));
    };
  }

  private Answer tokens(Self self, Form.Builder form) {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Answer.Unavailable(why);
      case Discovery.Found(var metadata) ->
          metadata
              .endpoint(Endpoint.TOKEN)
              .map(endpoint -> tokens(egress.send(post(endpoint, metadata, self, form))))
              .orElseGet(
                  () -> new Answer.Unavailable(metadata.issuer() + " names no token_endpoint"));
    };
  }

  private static Answer tokens(EgressResult result) {
    return switch (result) {
      case EgressResult.Unanswered none -> new Answer.Unavailable(none.reason());
      case EgressResult.Answered answered when answered.status() == 200 -> good(answered);
      case EgressResult.Answered answered -> refused(answered);
    };
  }

  private static Answer good(EgressResult.Answered answered) {
    try {
      var json = answered.json();
      return isRefusal(json) ? refused(answered) : new Answer.Granted(TokenResponse.parse(json));
    } catch (MalformedException e) {
      return new Answer.Unavailable("its token endpoint answers nonsense: " + e.getMessage());
    }
  }

  /// Whether an answer with status 200 is a refusal all the same: GitHub's have that status.
  static boolean isRefusal(JsonObject body) {
    return body.has("error") && !body.has("access_token");
  }

  private static Answer refused(EgressResult.Answered answered) {
    var error = error(answered);
    return answered.status() < 500 && NO_GOOD.contains(error)
        ? new Answer.Refused(error)
        : new Answer.Unavailable("its token endpoint answered " + answered.status() + " " + error);
  }

  static String error(EgressResult.Answered answered) {
    try {
      return answered
          .json()
          .string("error")
          .filter(text -> text.matches("[a-z_]{1,60}"))
          .orElse("");
    } catch (MalformedException e) {
      return "";
    }
  }

  /// What became of a revocation.
  sealed interface Revocation {
    record Done() implements Revocation {}

    /// It offers none.
    record Impossible() implements Revocation {}

    record Failed(String why) implements Revocation {}
  }

  /// Revokes a token there. What it does not know, or knows no more, is revoked.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
  Revocation revoke(Self self, Secret token, String hint) {
    return switch (discovery.discover()) {
      case Discovery.Unavailable(var why) -> new Revocation.Failed(why);
      case Discovery.Found(var metadata) ->
          metadata
              .endpoint(Endpoint.REVOCATION)
              .map(endpoint -> {
                var form = Form.builder().add("token", token.reveal()).add("token_type_hint", hint);
                return revoked(egress.send(post(endpoint, metadata, self, form)));
              })
              .orElseGet(Revocation.Impossible::new);
    };
  }

  private static Revocation revoked(EgressResult result) {
    return switch (result) {
      case EgressResult.Unanswered none -> new Revocation.Failed(none.reason());
      case EgressResult.Answered answered when answered.status() == 200 -> new Revocation.Done();
      // It revokes tokens of the other kind only, and with them those of this kind.
      case EgressResult.Answered answered
          when answered.status() == 400 && error(answered).equals("unsupported_token_type") ->
          new Revocation.Done();
      case EgressResult.Answered answered ->
          new Revocation.Failed(
              "its revocation endpoint answered " + answered.status() + " " + error(answered));
    };
  }

  /// Basic unless the server says that it takes only the body; RFC 8414 makes Basic the default.
  private static EgressRequest post(
      URI endpoint, AuthorizationServerMetadata metadata, Self self, Form.Builder form) {
    if (self.secret().isEmpty()) {
      return EgressRequest.post(endpoint, form.add("client_id", self.client().value()).build());
    }
    List<String> methods = metadata.supported(Supported.TOKEN_AUTH_METHODS);
    if (methods.isEmpty() || methods.contains("client_secret_basic")) {
      return EgressRequest.post(endpoint, form.build())
          .with(
              "Authorization", new BasicCredentials(self.client(), self.secret().get()).toHeader());
    }
    return EgressRequest.post(
        endpoint,
        form.add("client_id", self.client().value())
            .add("client_secret", self.secret().get().reveal())
            .build());
  }
}
