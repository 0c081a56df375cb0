package dev.lanyard.server.clients.authentication;

import static dev.lanyard.server.clients.authentication.ClientRequests.SECRET;
import static dev.lanyard.server.clients.authentication.ClientRequests.assertFailed;
import static dev.lanyard.server.clients.authentication.ClientRequests.assertIs;
import static dev.lanyard.server.clients.authentication.ClientRequests.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Failed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §2.3 Client Authentication")
class ClientAuthenticatorTest {
  private ClientRequests requests;

  @BeforeEach
  void readClients(@TempDir Path folder) {
    requests = new ClientRequests(folder);
  }

  @Nested
  @DisplayName("TOK-2: client_secret_basic and body credentials, for one client both")
  class Secrets {
    @Test
    void claude_code_uses_basic_at_one_endpoint_and_post_at_another() {
      assertIs("claude-code", requests.withHeader(basic("claude-code", SECRET), "grant_type=x"));
      assertIs("claude-code", requests.withBody("client_id=claude-code&client_secret=" + SECRET));
    }

    @Test
    void basic_with_the_same_client_id_in_the_body_is_one_identity() {
      assertIs(
          "claude-code",
          requests.withHeader(basic("claude-code", SECRET), "client_id=claude-code"));
    }

    @Test
    void the_parts_of_basic_are_form_decoded() {
      var joined = "claude%2Dcode:" + SECRET.replace("-", "%2D").replace("_", "%5F");
      var header =
          "basic " + Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.US_ASCII));
      assertIs("claude-code", requests.withHeader(header, ""));
    }

    @Test
    void a_wrong_secret_fails() {
      assertFailed(
          requests.withHeader(basic("claude-code", "wrong"), ""),
          ErrorCode.INVALID_CLIENT,
          "client_secret");
      assertFailed(
          requests.withBody("client_id=claude-code&client_secret=wrong"),
          ErrorCode.INVALID_CLIENT,
          "client_secret");
    }

    @Test
    void an_unknown_client_gets_the_answer_of_a_wrong_secret() {
      var unknown = (Failed) requests.withHeader(basic("nobody", SECRET), "");
      var wrong = (Failed) requests.withHeader(basic("claude-code", "wrong"), "");
      assertThat(unknown.error()).isEqualTo(wrong.error());
      assertThat(unknown.evidence().check()).isEqualTo("client");
      assertThat(unknown.claimed()).contains(new ClientId("nobody"));
    }

    @Test
    void a_method_that_is_not_registered_fails_even_with_the_right_secret() {
      assertFailed(
          requests.withBody("client_id=basic-only&client_secret=" + SECRET),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Basic %%%", "Basic", "Basic Y29sb25sZXNz", "Bearer abc", "DPoP abc", ""})
    void a_header_that_is_not_basic_credentials_fails(String header) {
      assertFailed(
          requests.withHeader(header, ""), ErrorCode.INVALID_CLIENT, "client-authentication");
    }
  }

  @Nested
  @DisplayName("The client MUST NOT use more than one authentication method in each request")
  class SeveralMethods {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_secret=x",
          "client_id=claude-code&client_secret=x",
          "client_assertion=x",
          "client_assertion_type=x"
        })
    void refuses_header_and_body(String body) {
      assertFailed(
          requests.withHeader(basic("claude-code", SECRET), body),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_secret_and_assertion() {
      assertFailed(
          requests.withBody(
              "client_id=claude-code&client_secret=" + SECRET + "&client_assertion=x"),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_two_headers() {
      var header = basic("claude-code", SECRET);
      assertFailed(
          requests.authenticate(List.of(header, header), "", "192.0.2.1"),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_basic_with_another_client_id_in_the_body() {
      assertFailed(
          requests.withHeader(basic("claude-code", SECRET), "client_id=signer"),
          ErrorCode.INVALID_REQUEST,
          "client_id");
    }
  }

  @Nested
  @DisplayName("none: only where the client is registered so")
  class PublicClients {
    @Test
    void accepts_a_public_client_by_its_id() {
      assertIs("public", requests.withBody("client_id=public"));
    }

    @Test
    void refuses_a_confidential_client_that_shows_nothing() {
      assertFailed(
          requests.withBody("client_id=claude-code"),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @Test
    void refuses_a_public_client_that_shows_a_secret() {
      assertFailed(
          requests.withBody("client_id=public&client_secret=x"),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @Test
    void refuses_a_request_without_any_client() {
      assertFailed(requests.withBody(""), ErrorCode.INVALID_CLIENT, "client_id");
    }
  }

  @Nested
  @DisplayName("TOK-14: repeated failures of one client from one address are slowed down")
  class Failures {
    private final String good = basic("claude-code", SECRET);
    private final String wrong = basic("claude-code", "wrong");

    private void failTenTimes(String from) {
      for (int i = 0; i < 10; i++) {
        assertFailed(
            requests.authenticate(List.of(wrong), "", from),
            ErrorCode.INVALID_CLIENT,
            "client_secret");
      }
    }

    @Test
    void whoever_fails_too_often_is_told_to_wait_and_why_is_on_record() {
      failTenTimes("192.0.2.1");
      assertFailed(
          requests.withHeader(wrong, ""), ErrorCode.TEMPORARILY_UNAVAILABLE, "client_secret");
      requests.now = requests.now.plusSeconds(6);
      assertFailed(requests.withHeader(wrong, ""), ErrorCode.INVALID_CLIENT, "client_secret");
      assertFailed(
          requests.withHeader(wrong, ""), ErrorCode.TEMPORARILY_UNAVAILABLE, "client_secret");
    }

    @Test
    void a_whole_company_behind_one_address_is_not_locked_out_by_one_of_them() {
      failTenTimes("192.0.2.1");
      for (int i = 0; i < 20; i++) {
        requests.withHeader(wrong, "");
        assertIs("claude-code", requests.withHeader(good, ""));
      }
    }

    @Test
    void other_addresses_are_not_counted_with_it() {
      failTenTimes("192.0.2.1");
      assertFailed(
          requests.authenticate(List.of(wrong), "", "192.0.2.2"),
          ErrorCode.INVALID_CLIENT,
          "client_secret");
    }

    @Test
    void an_ipv6_network_counts_as_one_address() {
      failTenTimes("2001:db8::1");
      assertFailed(
          requests.authenticate(List.of(wrong), "", "2001:db8::2"),
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "client_secret");
      assertFailed(
          requests.authenticate(List.of(wrong), "", "2001:db8:0:1::1"),
          ErrorCode.INVALID_CLIENT,
          "client_secret");
    }

    @Test
    void successes_cost_nothing() {
      for (int i = 0; i < 50; i++) {
        assertIs("claude-code", requests.withHeader(good, ""));
      }
    }
  }
}
