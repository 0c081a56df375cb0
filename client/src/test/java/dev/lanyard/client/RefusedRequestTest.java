package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;

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

@DisplayName("CLI-10, CLI-34, CLI-38: a request that the MCP server refuses, with any HTTP client")
class RefusedRequestTest {
  private static final URI SERVER = URI.create("https://mcp.example/mcp");
  private static final Optional<String> NO_NONCE = Optional.empty();

  private final List<Hint> hints = new ArrayList<>();
  private final List<String> nonces = new ArrayList<>();
  private Access answer =
      new Access.Granted(
          new AccessGrant(
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
    return RefusedRequest.of(List.of(challenge), nonce, authorization).overcome(source, SERVER);
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
    answer = new Access.Denied(new Issuer("https://idp.example"), Denial.insufficientScope());

    assertThat(overcome("Bearer error=\"insufficient_scope\", scope=\"admin\"", NO_NONCE, NO_NONCE))
        .contains(answer);
  }

  @Test
  @DisplayName("SEC-10: no token shows in any text")
  void texts_hold_no_tokens() {
    assertThat(RefusedRequest.of(List.of(), NO_NONCE, Optional.of("Bearer at-1")).toString())
        .doesNotContain("at-1");
  }

  @Test
  @DisplayName("CLI-30: the extension as capabilities carry it")
  void extension() {
    assertThat(EmaExtension.extensions().toJson())
        .isEqualTo("{\"io.modelcontextprotocol/enterprise-managed-authorization\":{}}");
  }
}
