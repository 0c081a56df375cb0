package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Public MCP servers that speak over standard input and output, as the gateway starts them, and
/// the TypeScript SDK before it.
@Tag("foreign")
@DisplayName("Servers of npm that are commands, behind the gateway")
class CommandServersForeignTest {
  private static final String CLIENT = "mcp-client";

  private static String upstream(String script, String more) {
    return "{command: [\"%s\", \"%s\"%s], work_folder: data/stdio}"
        .formatted(Npm.node(), Npm.installed(script), more);
  }

  @Test
  @DisplayName("server-everything: graded tools, progress, and the kill, which leaves no process")
  void everything() throws Exception {
    var script = "@modelcontextprotocol/server-everything/dist/index.js";
    try (var lanyard = Installation.startBefore(upstream(script, ", stdio"));
        var sdk = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs")) {
      var person = lanyard.engineer();
      var connected = sdk.step(connect(lanyard, person));
      assertThat(connected.error()).isEmpty();
      assertThat(connected.answer().strings("tools").orElseThrow())
          .contains("echo", "get-sum")
          .doesNotContain("get-env");
      assertThat(text(sdk.step(call("echo", "{\"message\":\"hello\"}")))).contains("hello");
      assertThat(
              text(
                  sdk.step(call("trigger-long-running-operation", "{\"duration\":1,\"steps\":2}"))))
          .contains("completed");
      assertThat(sdk.step(call("get-env", "{}")).error()).contains("has no grade yet");
      assertThat(processes(script)).isEqualTo(1);

      lanyard.disable(person);
      assertThat(sdk.step(call("echo", "{\"message\":\"hello\"}")).error()).isNotEmpty();
      assertThat(comesToNone(script)).isTrue();
    }
  }

  /// None of the servers of npm speaks it yet.
  @Test
  @DisplayName(
      "server-everything before a client that speaks 2026-07-28 alone: the same, without sessions")
  void alone() throws Exception {
    var script = "@modelcontextprotocol/server-everything/dist/index.js";
    try (var lanyard = Installation.startBefore(upstream(script, ", stdio"));
        var sdk = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs")) {
      var person = lanyard.engineer();
      var connected = sdk.step(connect(lanyard, person, Optional.of("2026-07-28")));
      assertThat(connected.error()).isEmpty();
      assertThat(connected.answer().strings("tools").orElseThrow())
          .contains("echo", "get-sum")
          .doesNotContain("get-env");
      assertThat(text(sdk.step(call("echo", "{\"message\":\"hello\"}")))).contains("hello");
      assertThat(
              text(
                  sdk.step(call("trigger-long-running-operation", "{\"duration\":1,\"steps\":2}"))))
          .contains("completed");
      assertThat(sdk.step(call("get-env", "{}")).error()).contains("has no grade yet");

      lanyard.disable(person);
      assertThat(sdk.step(call("echo", "{\"message\":\"hello\"}")).error()).isNotEmpty();
      assertThat(comesToNone(script)).isTrue();
    }
  }

  @Test
  @DisplayName("server-filesystem: each session has a folder of its own, and no other")
  void filesystem() throws Exception {
    var script = "@modelcontextprotocol/server-filesystem/dist/index.js";
    try (var lanyard = Installation.startBefore(upstream(script, ", \".\""));
        var sdk = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs");
        var other = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs")) {
      assertThat(sdk.step(connect(lanyard, lanyard.engineer())).error()).isEmpty();
      assertThat(other.step(connect(lanyard, lanyard.engineer())).error()).isEmpty();
      var note = "{\"path\":\"note.txt\",\"content\":\"mine\"}";
      assertThat(text(sdk.step(call("write_file", note)))).contains("Successfully");
      assertThat(text(sdk.step(call("read_text_file", "{\"path\":\"note.txt\"}"))))
          .contains("mine");
      assertThat(text(other.step(call("list_directory", "{\"path\":\".\"}"))))
          .doesNotContain("note.txt");
      assertThat(text(sdk.step(call("read_text_file", "{\"path\":\"/etc/passwd\"}"))))
          .contains("denied");
      assertThat(sdk.step(call("move_file", "{\"source\":\"a\",\"destination\":\"b\"}")).error())
          .contains("has no grade yet");
    }
    assertThat(comesToNone(script)).as("with the node").isTrue();
  }

  @Test
  @DisplayName("server-memory: what it remembers of one person another does not find")
  void memory() throws Exception {
    var script = "@modelcontextprotocol/server-memory/dist/index.js";
    var upstream =
        upstream(script, "")
            .replace("}", ", environment: {MEMORY_FILE_PATH: /proc/self/cwd/memory.jsonl}}");
    try (var lanyard = Installation.startBefore(upstream);
        var sdk = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs");
        var other = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs")) {
      assertThat(sdk.step(connect(lanyard, lanyard.engineer())).error()).isEmpty();
      assertThat(other.step(connect(lanyard, lanyard.engineer())).error()).isEmpty();
      var ana =
          "{\"entities\":[{\"name\":\"Ana\",\"entityType\":\"person\",\"observations\":[\"likes"
              + " tea\"]}]}";
      assertThat(text(sdk.step(call("create_entities", ana)))).contains("Ana");
      assertThat(text(sdk.step(call("read_graph", "{}")))).contains("likes tea");
      assertThat(text(other.step(call("read_graph", "{}")))).doesNotContain("likes tea");
    }
  }

  /// How many there are of a server: children of this process, where Lanyard runs.
  private static long processes(String script) {
    return ProcessHandle.current()
        .descendants()
        .filter(handle -> handle.info().commandLine().orElse("").contains(script))
        .count();
  }

  private static boolean comesToNone(String script) {
    var deadline = Instant.now().plus(Duration.ofSeconds(30));
    while (processes(script) > 0 && Instant.now().isBefore(deadline)) {
      Thread.yield();
    }
    return processes(script) == 0;
  }

  private static JsonObject connect(Installation lanyard, Person person) throws Exception {
    return connect(lanyard, person, Optional.empty());
  }

  private static JsonObject connect(Installation lanyard, Person person, Optional<String> revision)
      throws Exception {
    var idToken =
        new CodeRequest(CLIENT, "http://127.0.0.1:4711/callback", "openid email", "a-state")
            .tokens(lanyard, person)
            .json()
            .string("id_token")
            .orElseThrow();
    var connect =
        JsonObject.builder()
            .put("mcpServer", lanyard.gateway())
            .putIfPresent("revision", revision)
            .put("idToken", idToken)
            .put("broker", lanyard.credentials(lanyard.broker(), CLIENT).build())
            .put("ras", lanyard.credentials(lanyard.ras(), CLIENT + "-ras").build())
            .build();
    return JsonObject.builder().put("connect", connect).build();
  }

  private static JsonObject call(String tool, String arguments) throws Exception {
    var call =
        JsonObject.builder()
            .put("name", tool)
            .put("arguments", JsonObject.parse(arguments))
            .build();
    return JsonObject.builder().put("call", call).build();
  }

  private static String text(NodeScript.Step called) throws Exception {
    assertThat(called.error()).isEmpty();
    return called
        .answer()
        .object("result")
        .orElseThrow()
        .objects("content")
        .orElseThrow()
        .getFirst()
        .string("text")
        .orElseThrow();
  }
}
