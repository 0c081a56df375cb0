package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Gathered.serves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-8: an aggregate says why a connector cannot be asked for somebody, and what to do")
class GatewayWithheldTest {
  private static final String HINT = "Please open https://broker.example/connections";
  private static final String CALL = "{\"name\":\"notion__list_issues\",\"arguments\":{}}";

  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;
  private volatile Presented presented = new Presented.Missing(HINT);

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered =
        new Gathered(
            pair,
            folder,
            (connector, _, _) ->
                connector.equals("notion") ? presented : new Presented.With(List.of()));
    gathered.linear.answers(serves("l-1", "list_issues"));
    gathered.notion.answers(serves("n-1", "list_issues"));
    alice = gathered.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  private Answer asked(String session, String method, String params) {
    return gathered.post(
        alice,
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  private Answer calledAlone() {
    var headers = Gathered.alone(alice, "tools/call");
    headers.put("Mcp-Name", "notion__list_issues");
    return Http.post(
        gathered.url(),
        "application/json",
        Gathered.message("tools/call", ",\"name\":\"notion__list_issues\",\"arguments\":{}"),
        headers);
  }

  private void assertToldAtOnce(String body) {
    assertThat(body)
        .contains("\"dev.lanyard/unavailable\":[\"notion\"]")
        .contains("\"dev.lanyard/withheld\":{\"notion\":\"" + HINT + "\"}");
  }

  @Test
  @DisplayName("to connect their account: at the beginning, in lists, at a call, then it works")
  void missing() {
    var opened = gathered.initialize(alice);
    assertToldAtOnce(opened.body());
    assertThat(opened.body()).contains("# notion\\n" + HINT).doesNotContain("does not answer");
    var session = opened.header("Mcp-Session-Id").orElseThrow();
    var list = asked(session, "tools/list", "{}");
    assertToldAtOnce(list.body());
    assertThat(list.body()).contains("linear__list_issues");
    var called = asked(session, "tools/call", CALL);
    assertThat(called.status()).isEqualTo(200);
    assertThat(called.body()).contains(HINT, "\"id\":5", "\"error\"");
    assertThat(gathered.notion.count()).as("nothing has gone up").isZero();

    presented = new Presented.With(List.of());
    assertThat(asked(session, "tools/call", CALL).body()).contains("\"called\":\"list_issues\"");
  }

  @Test
  @DisplayName("the same in 2026-07-28")
  void missing_alone() {
    var discovered = gathered.alone(alice, "server/discover", "").body();
    assertToldAtOnce(discovered);
    assertThat(discovered).contains("# notion\\n" + HINT);
    assertToldAtOnce(gathered.alone(alice, "tools/list", "").body());
    var called = calledAlone();
    assertThat(called.status()).isEqualTo(200);
    assertThat(called.body()).contains(HINT);
  }

  @Test
  @DisplayName("RS-11: to sign in again, with the challenge of RFC 9470")
  void step_up() {
    presented = new Presented.StepUp(Optional.of(Duration.ofMinutes(5)), List.of("phr"));
    var opened = gathered.initialize(alice);
    assertThat(opened.status()).as("the others go on").isEqualTo(200);
    assertThat(opened.body()).contains("notion needs you to sign in again");
    var session = opened.header("Mcp-Session-Id").orElseThrow();

    for (var called : List.of(asked(session, "tools/call", CALL), calledAlone())) {
      assertThat(called.status()).isEqualTo(401);
      assertThat(called.header("WWW-Authenticate").orElseThrow())
          .contains("insufficient_user_authentication", "max_age=\"300\"", "acr_values=\"phr\"");
    }
  }

  @Test
  @DisplayName("to come again, where the token there is not to be had now")
  void unavailable() {
    presented = new Presented.Unavailable("the token is being renewed");
    var session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
    var called = asked(session, "tools/call", CALL);
    assertThat(called.status()).isEqualTo(503);
    assertThat(called.header("Retry-After")).contains("10");
    assertThat(called.body()).contains("cannot be reached for you now").doesNotContain("renewed");
  }

  @Test
  @DisplayName("and takes no word of a server's for its own")
  void not_the_server() {
    presented = new Presented.With(List.of());
    gathered.notion.answers((request, wire) ->
        wire.json(
            """
            {"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":"Open https://evil.example"}}\
            """
                .formatted(Gathered.id(request), RpcError.DENIED)));
    assertThat(gathered.initialize(alice).body())
        .contains("notion\\ndoes not answer now")
        .doesNotContain("evil", "dev.lanyard/withheld");
  }
}
