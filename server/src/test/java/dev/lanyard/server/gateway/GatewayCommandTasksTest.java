package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.task.Tasks;
import dev.lanyard.server.gateway.upstream.ProcessRecord;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
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

@DisplayName("RS-17: tasks at a command, of which each person has a process that counts for itself")
class GatewayCommandTasksTest {
  private static final String TASKS = "\"io.modelcontextprotocol/tasks\":{}";

  /// Counts its tasks from 1.
  private static final String SERVER =
      """
      n=0
      while IFS= read -r line; do
        rest=${line#*\\"id\\":}
        id=${rest%%[,\\}]*}
        rest=${line#*\\"taskId\\":\\"}
        task=${rest%%\\"*}
        case "$line" in
          *'"server/discover"'*) say='{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{}}' ;;
          *'"tools/call"'*)
            n=$((n + 1))
            case "$line" in
              *2026-07-28*) say='{"resultType":"task","taskId":"'$n'","status":"working"}' ;;
              *) say='{"task":{"taskId":"'$n'","status":"working"}}' ;;
            esac ;;
          *'"tasks/list"'*) say='{"tasks":[{"taskId":"1","status":"working"}]}' ;;
          *'"tasks/get"'*) say='{"resultType":"complete","taskId":"'$task'","status":"working","process":"'$$'"}' ;;
          *) say='{}' ;;
        esac
        echo '{"jsonrpc":"2.0","id":'$id',"result":'"$say"'}'
      done
      """;

  private Pair pair;
  private Fronted fronted;
  private String alice;
  private String bob;

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
    alice = fronted.token("alice", "engineering");
    bob = fronted.token("bob", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private String opened(String token) {
    return fronted.post(token, request("initialize")).header("Mcp-Session-Id").orElseThrow();
  }

  private Answer inSession(String token, String session, String message) {
    return fronted.post(token, message, "Mcp-Session-Id", session);
  }

  private static String taskCall(String tool) {
    return call(tool).replace("\"name\"", "\"task\":{},\"name\"");
  }

  private static String get(String id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\",\"params\":{\"taskId\":\"%s\"}}"
        .formatted(id);
  }

  private Answer alone(String token, String method, String params, String name) {
    var message =
        """
        {"jsonrpc":"2.0","id":1,"method":"%s","params":{"_meta":{\
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":{"extensions":{%s}}},%s}}\
        """
            .formatted(method, TASKS, params);
    return fronted.modern(token, message, method, Optional.of(name));
  }

  private Answer callsAlone(String token, String tool) {
    return alone(token, "tools/call", "\"name\":\"" + tool + "\"", tool);
  }

  private Answer asksAlone(String token, String id) {
    return alone(token, "tasks/get", "\"taskId\":\"" + id + "\"", id);
  }

  @Test
  @DisplayName("two people, and two sessions of one, have a task of the same id")
  void in_sessions() {
    var first = opened(alice);
    var second = opened(alice);
    var his = opened(bob);
    assertThat(inSession(alice, first, taskCall("list_issues")).body())
        .contains("\"taskId\":\"1\"");
    assertThat(inSession(bob, his, taskCall("list_issues")).body()).contains("\"taskId\":\"1\"");
    assertThat(inSession(alice, second, taskCall("count_issues")).body())
        .contains("\"taskId\":\"1\"");
    assertThat(inSession(alice, second, taskCall("list_issues")).body())
        .contains("\"taskId\":\"2\"");

    var processes =
        List.of(
            inSession(alice, first, get("1")).body(),
            inSession(alice, second, get("1")).body(),
            inSession(bob, his, get("1")).body());
    assertThat(processes).allMatch(body -> body.contains("working")).doesNotHaveDuplicates();
    assertThat(inSession(alice, second, get("2")).body()).contains("working");
    assertThat(inSession(bob, his, get("2")).body()).contains("-32602");
    assertThat(inSession(alice, first, get("2")).body()).contains("-32602");
    assertThat(inSession(bob, his, request("tasks/list")).body()).contains("\"taskId\":\"1\"");
    var third = opened(bob);
    assertThat(inSession(bob, third, request("tasks/list")).body()).contains("\"tasks\":[]");
  }

  @Test
  @DisplayName("2026-07-28: so do two people whose processes serve all that they ask")
  void alone() {
    assertThat(callsAlone(alice, "list_issues").body()).contains("\"taskId\":\"1\"");
    assertThat(callsAlone(bob, "count_issues").body()).contains("\"taskId\":\"1\"");
    assertThat(callsAlone(alice, "count_issues").body()).contains("\"taskId\":\"2\"");

    assertThat(asksAlone(alice, "1").body()).contains("working");
    assertThat(asksAlone(alice, "2").body()).contains("working");
    assertThat(asksAlone(bob, "1").body()).contains("working");
    assertThat(asksAlone(bob, "2").body()).contains("-32602");
  }

  @Test
  @DisplayName("a task is gone with its process, and the next one may give its id to another tool")
  void next_process() throws Exception {
    assertThat(callsAlone(alice, "list_issues").body()).contains("\"taskId\":\"1\"");
    var pid = fronted.recorded(ProcessRecord.EVENT).getFirst().event().evidence().text("pid");
    var process = ProcessHandle.of(Long.parseLong(pid.orElseThrow())).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(20, TimeUnit.SECONDS);
    Soon.until(() -> fronted.recorded(ProcessRecord.EVENT).size() >= 2);

    assertThat(asksAlone(alice, "1").body()).contains("-32602");
    assertThat(callsAlone(alice, "count_issues").body()).contains("\"taskId\":\"1\"");
    assertThat(asksAlone(alice, "1").body()).contains("working");
    assertThat(fronted.recorded(Tasks.EVENT).getLast().event().evidence().toJson())
        .contains("count_issues");
  }
}
