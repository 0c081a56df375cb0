package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.mcp.EmaExtension;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CLI-10, CLI-34, CLI-38: a request that the MCP server refuses, with any HTTP client")
class RefusedRequestTest {
  private static final URI SERVER = URI.create("https://mcp.example/mcp");
  private static final Optional<String> NO_NONCE = Optional.empty();

  private final List<Hint> hints = new ArrayList<>();
  private final List<String> nonces = new ArrayList<>();
  private Access answer =
      new Access.Granted(
          new HeldToken(
              new Secret("new"),
              AccessTokenType.BEARER,
              new Issuer("https://ras.example"),
              new ResourceIndicator(SERVER.toString()),
              Scopes.of("read"),
              Instant.MAX));

  private final AccessSource source =
      new AccessSource() {
        @Override
        public Access accessTo(URI server, Hint hint) {
          hints.add(hint);
          return answer;
        }

        @Override
        public Map<String, String> headersFor(URI server, String method, URI url) {
          return Map.of();
        }

        @Override
        public void useNonce(URI server, String nonce) {
          nonces.add(nonce);
        }
      };

  private Optional<Access> overcome(
      String challenge, Optional<String> nonce, Optional<String> authorization) {
    return overcome(401, challenge, nonce, authorization);
  }

  private Optional<Access> overcome(
      int status, String challenge, Optional<String> nonce, Optional<String> authorization) {
    return RefusedRequest.of(status, List.of(challenge), nonce, authorization)
        .overcome(source, SERVER);
  }

  @Test
  void without_a_token_one_is_obtained() {
    assertThat(overcome("Bearer scope=\"read\"", NO_NONCE, Optional.empty())).isEmpty();

    assertThat(hints.getFirst().suggested()).isEqualTo(Scopes.of("read"));
    assertThat(hints.getFirst().refused()).isEmpty();
  }

  @Test
  void the_refused_token_is_named_so_that_it_is_replaced() {
    assertThat(
            overcome("DPoP error=\"invalid_token\"", Optional.of("n-1"), Optional.of("DPoP old")))
        .isEmpty();

    assertThat(hints.getFirst().refused()).contains(new Secret("old"));
    assertThat(nonces).containsExactly("n-1");
  }

  @Test
  @DisplayName("RFC 9449 §9: a nonce alone needs no other token")
  void a_nonce() {
    var challenge = "DPoP error=\"use_dpop_nonce\"";

    assertThat(overcome(challenge, Optional.of("n-1"), Optional.of("DPoP good"))).isEmpty();

    assertThat(nonces).containsExactly("n-1");
    assertThat(hints).isEmpty();
  }

  @Test
  @DisplayName("CLI-34: what cannot be had is said, and the request is not sent again")
  void no_access() {
    answer =
        new Access.Denied(
            new Issuer("https://idp.example"), Denial.of("insufficient_scope", Optional.empty()));

    assertThat(overcome("Bearer error=\"insufficient_scope\", scope=\"admin\"", NO_NONCE, NO_NONCE))
        .contains(answer);
  }

  @ParameterizedTest
  @DisplayName("RFC 6750 §3.1: 403 for a token, without a way to a better one, is final")
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer error=\"insufficient_scope\"",
        "Bearer error=\"access_denied\", error_description=\"closed\"",
        "nonsense,,=",
      })
  void forbidden(String challenge) {
    overcome(403, challenge, NO_NONCE, Optional.of("Bearer good"));

    assertThat(hints.getFirst().forbidden()).isTrue();
  }

  @ParameterizedTest
  @DisplayName("A status alone decides nothing where scopes, a sign-in or another token would help")
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | Bearer error=\"insufficient_scope\"",
        "401 | Bearer",
        "403 | Bearer error=\"insufficient_scope\", scope=\"admin\"",
        "403 | Bearer scope=\"admin\"",
        "403 | Bearer error=\"insufficient_user_authentication\", max_age=\"60\"",
        "403 | Bearer error=\"invalid_token\"",
      })
  void not_forbidden(int status, String challenge) {
    overcome(status, challenge, NO_NONCE, Optional.of("Bearer good"));

    assertThat(hints.getFirst().forbidden()).isFalse();
  }

  @Test
  void whoever_has_shown_no_token_may_be_let_in_with_one() {
    overcome(403, "Bearer", NO_NONCE, Optional.empty());

    assertThat(hints.getFirst().forbidden()).isFalse();
  }

  @Test
  @DisplayName("CLI-10: 403 that names scopes demands them, also where it names no error")
  void named_scopes() {
    overcome(403, "Bearer scope=\"admin\"", NO_NONCE, Optional.of("Bearer good"));

    assertThat(hints.getFirst().needed()).isEqualTo(Scopes.of("admin"));
  }

  @Test
  @DisplayName("SEC-10: no token shows in any text")
  void texts_hold_no_tokens() {
    assertThat(RefusedRequest.of(403, List.of(), NO_NONCE, Optional.of("Bearer at-1")).toString())
        .doesNotContain("at-1");
  }

  @Test
  @DisplayName("CLI-30: the extension as capabilities carry it")
  void extension() {
    assertThat(EmaExtension.extensions().toJson())
        .isEqualTo("{\"io.modelcontextprotocol/enterprise-managed-authorization\":{}}");
  }
}
