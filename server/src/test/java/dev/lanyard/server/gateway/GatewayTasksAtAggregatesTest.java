package dev.lanyard.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Decision 120: there are no tasks at an aggregate, and nothing is lost by that")
class GatewayTasksAtAggregatesTest {
  private static final String TASKS = "\"io.modelcontextprotocol/tasks\":{}";

  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered = new Gathered(pair, folder);
    alice = gathered.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  /// A server of the older revisions with tools that can be tasks, or must be.
  private static Upstream.Script tasks() {
    var others = Gathered.serves("s", "list_issues");
    return (request, wire) -> {
      if (request.body().contains("\"tools/list\"")) {
        wire.json(
            Gathered.result(
                Gathered.id(request),
                "{\"tools\":[{\"name\":\"list_issues\",\"execution\":{\"taskSupport\":\"optional\"}},"
                    + "{\"name\":\"write_issue\",\"execution\":{\"taskSupport\":\"required\"}}]}"));
      } else {
        others.answer(request, wire);
      }
    };
  }

  @Test
  @DisplayName("none is promised, wanted or fetched in 2025-11-25")
  void in_sessions() throws MalformedException {
    gathered.linear.answers(tasks());
    gathered.notion.answers(Gathered.serves("n"));
    var opened = gathered.initialize(alice);
    var session = opened.header("Mcp-Session-Id").orElseThrow();

    assertThat(opened.body()).doesNotContain("tasks");
    assertThat(asked(session, "tools/list", "{}"))
        .contains("linear__list_issues")
        .doesNotContain("taskSupport", "linear__write_issue");
    assertThat(asked(session, "tools/call", "{\"name\":\"linear__list_issues\",\"task\":{}}"))
        .contains("-32602", "ask without 'task'");
    for (var method : List.of("tasks/get", "tasks/result", "tasks/list", "tasks/cancel")) {
      assertThat(asked(session, method, "{\"taskId\":\"t\"}")).contains("-32601");
    }
    while (gathered.linear.count() > 0) {
      var seen = gathered.linear.next();
      if (seen.method().equals("POST")) {
        assertThat(JsonObject.parse(seen.body()).nonEmptyString("method"))
            .doesNotStartWith("tasks")
            .isNotEqualTo("tools/call");
      }
    }
  }

  private String asked(String session, String method, String params) {
    return gathered
        .post(
            alice,
            session,
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}"
                .formatted(method, params))
        .body();
  }

  @Test
  @DisplayName("nor in 2026-07-28, and no server learns that the client could ask for them")
  void alone() {
    gathered.linear.answers(Gathered.servesAlone("list_issues"));
    gathered.notion.answers(Gathered.servesAlone());
    var call =
        Gathered.message("tools/call", ",\"name\":\"linear__list_issues\"")
            .replace("{\"elicitation\":{}}", "{\"extensions\":{%s,\"x\":{}}}".formatted(TASKS));
    var headers = Gathered.alone(alice, "tools/call");
    headers.put("Mcp-Name", "linear__list_issues");

    assertThat(Http.post(gathered.url(), "application/json", call, headers).body())
        .contains("\"here\":true");

    var seen = gathered.linear.next();
    while (!seen.body().contains("tools/call")) {
      seen = gathered.linear.next();
    }
    assertThat(seen.body()).contains("\"x\":{}").doesNotContain("modelcontextprotocol/tasks");
    for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      var about = Gathered.alone(alice, method);
      about.put("Mcp-Name", "t");
      var message = Gathered.message(method, ",\"taskId\":\"t\"");
      assertThat(Http.post(gathered.url(), "application/json", message, about).body())
          .contains("-32601");
    }
  }
}
