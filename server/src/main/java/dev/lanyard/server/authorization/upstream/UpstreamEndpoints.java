package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;

/// What we ask a provider ourselves, after the browser has come back.
///
/// What only the provider or its administrator can mend is an outage, whatever the status says:
/// silence, nonsense, a secret that is not accepted any more. Only a code that is no good is the
/// sign-in's own fault.
final class UpstreamEndpoints {
  private final UpstreamConfig config;
  private final URI redirectUri;
  private final Circuit calls;

  UpstreamEndpoints(UpstreamConfig config, URI redirectUri, Circuit calls) {
    this.config = config;
    this.redirectUri = redirectUri;
    this.calls = calls;
  }

  Answer<TokenResponse> redeem(
      AuthorizationServerMetadata metadata, String code, UpstreamSignIn signIn) {
    var endpoint = metadata.endpoint(Endpoint.TOKEN);
    if (endpoint.isEmpty()) {
      return new Answer.Unavailable<>(config.issuer() + " names no token_endpoint");
    }
    return switch (calls.send(request(endpoint.get(), metadata, code, signIn))) {
      case EgressResult.Answered answered when answered.status() == 200 -> tokens(answered);
      case EgressResult.Answered answered -> refusal(answered);
      case EgressResult.Unanswered none -> new Answer.Unavailable<>(none.reason());
    };
  }

  /// Basic unless the provider says it takes only the body; RFC 8414 makes Basic the default.
  private EgressRequest request(
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

  private static Answer<TokenResponse> tokens(EgressResult.Answered answered) {
    try {
      return new Answer.Given<>(TokenResponse.parse(answered.json()));
    } catch (MalformedException e) {
      return new Answer.Unavailable<>("the token endpoint answers nonsense: " + e.getMessage());
    }
  }

  private static Answer<TokenResponse> refusal(EgressResult.Answered answered) {
    var error = error(answered);
    return error.equals("invalid_grant")
        ? new Answer.Refused<>(
            new Evidence("token endpoint", "200", answered.status() + " " + error, "IDP-43"))
        : new Answer.Unavailable<>(
            "the token endpoint answered " + answered.status() + " " + error);
  }

  private static String error(EgressResult.Answered answered) {
    try {
      return answered.json().string("error").filter(error -> error.length() < 80).orElse("");
    } catch (MalformedException e) {
      return "";
    }
  }

  /// What UserInfo says of the person of an ID Token.
  ///
  /// @param subject whom it must be about
  /// @spec https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse OpenID Connect
  ///   Core §5.3.2
  Answer<JsonObject> userInfo(URI endpoint, Secret accessToken, String subject) {
    var request =
        EgressRequest.get(endpoint).with("Authorization", "Bearer " + accessToken.reveal());
    return switch (calls.send(request)) {
      case EgressResult.Answered answered when answered.status() == 200 -> about(answered, subject);
      case EgressResult.Answered answered ->
          new Answer.Unavailable<>("UserInfo answered " + answered.status());
      case EgressResult.Unanswered none -> new Answer.Unavailable<>(none.reason());
    };
  }

  private static Answer<JsonObject> about(EgressResult.Answered answered, String subject) {
    try {
      var told = answered.json();
      var actual = told.string("sub").orElse("none");
      return actual.equals(subject)
          ? new Answer.Given<>(told)
          : new Answer.Refused<>(
              new Evidence("userinfo sub", "the one of the ID Token", actual, "IDP-43"));
    } catch (MalformedException e) {
      return new Answer.Unavailable<>("UserInfo answers nonsense: " + e.getMessage());
    }
  }
}
