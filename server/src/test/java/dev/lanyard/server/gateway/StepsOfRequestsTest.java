package dev.lanyard.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.tracing.Step;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Issue 8.3: exchange, redemption and call, step by step, from the caller to the server")
class StepsOfRequestsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";

  @TempDir private Path folder;
  private Pair pair;
  private Fronted fronted;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder);
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private List<Step> steps() {
    return pair.steps.stream().filter(step -> step.trace().equals(TRACE)).toList();
  }

  private Step step(String name) {
    return steps().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private void isWithin(String name, String around) {
    assertThat(step(name).parent()).as(name).isEqualTo(Optional.of(step(around).span()));
  }

  private void tellsNothing(Answer answer, String... more) {
    var said = steps().toString();
    assertThat(said)
        .contains(answer.header("Lanyard-Correlation-Id").orElseThrow())
        .doesNotContain("alice", "eyJ", "@")
        .doesNotContain(more);
  }

  @Test
  @DisplayName(
      "An exchange: request, grant, decision, commit; nothing that names or opens anything")
  void exchange() {
    pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var form = desk.exchangeRequest(desk.idToken("alice"), World.LINEAR).build();
    var headers = new HashMap<>(Desk.basic("desk"));
    headers.put("traceparent", PARENT);

    var answer = Http.post(pair.brokerUrl("/token"), form, headers);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(step("POST /token").parent()).contains(CALLER);
    assertThat(step("POST /token").attributes())
        .containsEntry("http.route", "/token")
        .containsEntry("http.response.status_code", "200");
    isWithin("token.exchange", "POST /token");
    isWithin("policy.decide", "token.exchange");
    isWithin("database.commit", "POST /token");
    assertThat(step("token.exchange").attributes()).containsEntry("lanyard.outcome", "issued");
    tellsNothing(answer, answer.text("access_token"));
  }

  @Test
  @DisplayName("A call: the server behind the gateway belongs to the step that calls it")
  void call() throws Exception {
    var token = fronted.token("alice", "engineering");
    var headers =
        Map.of(
            "Authorization",
            "Bearer " + token,
            "Accept",
            "application/json, text/event-stream",
            "tracestate",
            "vendor=secret",
            "traceparent",
            PARENT);

    var answer =
        Http.post(
            fronted.url(),
            "application/json",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_issues\",\"arguments\":{}}}",
            headers);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    isWithin("gateway.forward", "POST /mcp");
    var forward = step("gateway.forward");
    assertThat(forward.kind()).isEqualTo(Step.Kind.CLIENT);
    assertThat(steps()).extracting(Step::name).contains("policy.decide", "database.commit");
    var seen = fronted.upstream.next();
    assertThat(seen.headers())
        .containsEntry("traceparent", "00-" + TRACE + "-" + forward.span() + "-01")
        .doesNotContainKey("tracestate");
    tellsNothing(answer, token);
  }
}
