package dev.lanyard.client.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.flow.AuthorizationRequest.Callback;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP 2026-07-28 Authorization Response Validation")
class AuthorizationRequestTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Issuer IDP = new Issuer("https://idp.example");
  private static final URI REDIRECT = URI.create("http://127.0.0.1:1234/callback");

  @Test
  void the_authorization_request_carries_pkce_state_and_key() throws Exception {
    var request =
        request(
            metadata(), new SignInDemand(Optional.of(Duration.ofMinutes(5)), Optional.of("mfa")));
    var query = Form.parse(request.authorizationUrl().getRawQuery(), Set.of());

    assertThat(request.authorizationUrl().toString())
        .startsWith("https://idp.example/authorize?x=y&");
    assertThat(query.one("response_type")).contains("code");
    assertThat(query.one("client_id")).contains("app");
    assertThat(query.one("redirect_uri")).contains(REDIRECT.toString());
    assertThat(query.one("scope")).contains("openid");
    assertThat(query.one("code_challenge")).contains(request.verifier().challenge().value());
    assertThat(query.one("code_challenge_method")).contains("S256");
    assertThat(query.one("resource")).contains("https://mcp.example/mcp");
    assertThat(query.one("dpop_jkt")).contains("thumbprint");
    assertThat(query.has("nonce")).as("no ID token is wanted").isFalse();
    assertThat(query.one("max_age")).contains("300");
    assertThat(query.one("acr_values")).contains("mfa");
    assertThat(query.required("state")).hasSize(32);
  }

  @ParameterizedTest
  @DisplayName("CLI-11, RFC 9207 §2.4: the four rows of the iss table")
  @CsvSource({
    "true, &iss=https://idp.example, true",
    "true, '', false",
    "true, &iss=https://evil.example, false",
    "true, &iss=https://idp.example/, false",
    "false, '', true",
    "false, &iss=https://idp.example, true",
    "false, &iss=https://evil.example, false",
  })
  void the_issuer_of_the_response(boolean advertised, String iss, boolean accepted)
      throws Exception {
    var metadata = advertised ? metadata().flag(Flag.AUTHORIZATION_RESPONSE_ISS) : metadata();
    var request = request(metadata, SignInDemand.ANY);

    var success = request.judge("state=" + state(request) + "&code=abc" + iss);
    var failure = request.judge("state=" + state(request) + "&error=access_denied" + iss);

    if (accepted) {
      assertThat(success).isEqualTo(new Callback.Code(new Secret("abc")));
      assertThat(failure).isInstanceOf(Callback.Denied.class);
    } else {
      assertThat(success).isInstanceOf(Callback.Foreign.class);
      assertThat(failure).isInstanceOf(Callback.Foreign.class);
    }
  }

  @Nested
  @DisplayName("CLI-12: state")
  class State {
    private final AuthorizationRequest request = request(metadata(), SignInDemand.ANY);

    @ParameterizedTest
    @ValueSource(strings = {"code=abc", "code=abc&state=", "code=abc&state=other", ""})
    void a_response_without_ours_is_foreign(String query) {
      assertThat(request.judge(query)).isEqualTo(new Callback.Foreign("the state is not ours"));
    }

    @Test
    void a_response_with_two_codes_is_foreign() throws Exception {
      assertThat(request.judge("state=" + state(request) + "&code=a&code=b"))
          .isInstanceOf(Callback.Foreign.class);
    }

    @Test
    void a_response_with_nothing_is_foreign() throws Exception {
      assertThat(request.judge("state=" + state(request))).isInstanceOf(Callback.Foreign.class);
    }

    @Test
    void two_requests_share_nothing() throws Exception {
      var other = request(metadata(), SignInDemand.ANY);

      assertThat(state(other)).isNotEqualTo(state(request));
      assertThat(other.verifier()).isNotEqualTo(request.verifier());
    }
  }

  @ParameterizedTest
  @DisplayName("CLI-4: without S256 in the metadata the browser is not opened")
  @ValueSource(strings = {"", "plain"})
  void a_server_that_does_not_advertise_s256(String methods) {
    var metadata = metadata();
    if (methods.isEmpty()) {
      metadata.supported(Supported.CODE_CHALLENGE_METHODS);
    } else {
      metadata.supported(Supported.CODE_CHALLENGE_METHODS, methods);
    }

    assertThatThrownBy(() -> request(metadata, SignInDemand.ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("S256");
  }

  private static AuthorizationServerMetadata.Builder metadata() {
    return AuthorizationServerMetadata.builder(IDP)
        .endpoint(Endpoint.AUTHORIZATION, URI.create("https://idp.example/authorize?x=y"))
        .supported(Supported.CODE_CHALLENGE_METHODS, "S256");
  }

  private static AuthorizationRequest request(
      AuthorizationServerMetadata.Builder metadata, SignInDemand demand) {
    return new AuthorizationRequest(
        metadata.build(), question(demand), Map.of("resource", "https://mcp.example/mcp"), RANDOM);
  }

  private static AuthorizationRequest.Question question(SignInDemand demand) {
    return new AuthorizationRequest.Question(
        new ClientId("app"), REDIRECT, Scopes.of("openid"), demand, Optional.of("thumbprint"));
  }

  private static String state(AuthorizationRequest request) throws Exception {
    return Form.parse(request.authorizationUrl().getRawQuery(), Set.of()).required("state");
  }
}
