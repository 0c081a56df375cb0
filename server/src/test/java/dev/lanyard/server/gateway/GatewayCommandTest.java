package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.upstream.ProcessRecord;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.stdio.StdioConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The gateway before a server that is a command")
class GatewayCommandTest {
  private static final String SERVER =
      """
      while IFS= read -r line; do
        rest=${line#*\\"id\\":}
        id=${rest%%[,\\}]*}
        case "$line" in
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"list_issues"},{"name":"unheard_of"}]}}' ;;
          *'"tools/call"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[]}}' ;;
          *'"server/discover"'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"?"}}' ;;
          *) echo '{"jsonrpc":"2.0","id":'$id',"result":{}}' ;;
        esac
      done
      """;

  private Pair pair;
  private Fronted fronted;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    pair = Pair.start(Setup.usual(folder), folder);
    var script = Files.writeString(folder.resolve("server.sh"), SERVER);
    var config =
        new StdioConfig(
            List.of("/bin/sh", script.toString()),
            Map.of(),
            folder.resolve("work"),
            StdioConfig.Limits.DEFAULT);
    fronted =
        Fronted.start(pair, folder, Fronted.With.USUAL.server(new Front.Server.Command(config)));
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private String opened(String token) {
    var answer = fronted.post(token, request("initialize"));
    assertThat(answer.status()).isEqualTo(200);
    return answer.header("Mcp-Session-Id").orElseThrow();
  }

  @Test
  @DisplayName("Each tool is decided, lists are filtered, sessions are their openers'")
  void decisions() {
    var alice = fronted.token("alice", "engineering");
    var session = opened(alice);
    assertThat(fronted.post(alice, call("list_issues"), "Mcp-Session-Id", session).body())
        .contains("\"content\":[]");
    assertThat(fronted.post(alice, call("read_salaries"), "Mcp-Session-Id", session).body())
        .contains("\"error\"", "403");
    assertThat(fronted.post(alice, request("tools/list"), "Mcp-Session-Id", session).body())
        .contains("list_issues")
        .doesNotContain("unheard_of");
    var bob = fronted.token("bob", "engineering");
    assertThat(fronted.post(bob, call("list_issues"), "Mcp-Session-Id", session).status())
        .isEqualTo(404);
    assertThat(opened(bob)).isNotEqualTo(session);
    assertThat(fronted.upstream.count()).as("nothing goes over HTTP").isZero();
  }

  @Test
  @DisplayName(
      "2026-07-28: without sessions a person has one process through a client, and the same"
          + " decisions")
  void alone() {
    var alice = fronted.token("alice", "engineering");
    for (var tool : List.of("list_issues", "read_salaries")) {
      var message = Gathered.message("tools/call", ",\"name\":\"" + tool + "\"");
      assertThat(fronted.modern(alice, message, "tools/call", Optional.of(tool)).body())
          .contains(
              tool.equals("list_issues")
                  ? "\"result\":{\"resultType\":\"complete\",\"content\":[]}"
                  : "is graded confidential");
    }
    var list =
        fronted.modern(alice, Gathered.message("tools/list", ""), "tools/list", Optional.empty());
    assertThat(list.body())
        .contains("list_issues", "\"cacheScope\":\"private\"")
        .doesNotContain("unheard_of");
    assertThat(list.header("Mcp-Session-Id")).isEmpty();
    assertThat(fronted.recorded(ProcessRecord.EVENT)).hasSize(1);
    var process = process();

    pair.happened(pair.person("alice"), Happening.DISABLED);

    assertThat(process.onExit().orTimeout(20, TimeUnit.SECONDS).join()).isNotNull();
    assertThat(last()).contains("\"its person may not go on\"");
  }

  @Test
  @DisplayName("DPR-1: the kill ends the process, and the record says for whom it ran")
  void kill() throws Exception {
    var alice = fronted.token("alice", "engineering");
    var session = opened(alice);
    var headers = Fronted.headers(alice, "2025-11-25");
    headers.put("Mcp-Session-Id", session);
    var process = process();
    assertThat(process.isAlive()).isTrue();

    pair.happened(pair.person("alice"), Happening.DISABLED);

    process.onExit().get(20, TimeUnit.SECONDS);
    assertThat(Http.delete(fronted.url(), headers).status()).isEqualTo(401);
    assertThat(last()).contains("\"its person may not go on\"");
    assertThat(fronted.recorded(ProcessRecord.EVENT).getFirst().event().person())
        .contains(pair.person("alice").id().value());
  }

  @Test
  void the_end_of_a_session_is_the_end_of_its_process() throws Exception {
    var alice = fronted.token("alice", "engineering");
    var headers = Fronted.headers(alice, "2025-11-25");
    headers.put("Mcp-Session-Id", opened(alice));
    var process = process();
    assertThat(Http.delete(fronted.url(), headers).status()).isEqualTo(204);
    process.onExit().get(20, TimeUnit.SECONDS);
    assertThat(last()).contains("\"its session was ended\"");
  }

  /// The one that was started.
  private ProcessHandle process() {
    var started = fronted.recorded(ProcessRecord.EVENT).getFirst().event().evidence();
    return ProcessHandle.of(Long.parseLong(started.text("pid").orElseThrow())).orElseThrow();
  }

  /// What the record says of its end, once it does.
  private Optional<String> last() {
    Soon.until(() -> fronted.recorded(ProcessRecord.EVENT).size() >= 2);
    return fronted.recorded(ProcessRecord.EVENT).getLast().event().evidence().text("what");
  }
}
