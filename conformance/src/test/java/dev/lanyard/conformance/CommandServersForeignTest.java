package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Public MCP servers that speak over standard input and output, as the gateway starts them, and
/// the TypeScript SDK before it.
@Tag("foreign")
@DisplayName("Servers of npm that are commands, behind the gateway")
class CommandServersForeignTest {
  private static String upstream(String script, String more) {
    return "{command: [\"%s\", \"%s\"%s], work_folder: data/stdio}"
        .formatted(Npm.node(), Npm.installed(script), more);
  }

  /// None of the servers of npm speaks 2026-07-28 yet.
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "2026-07-28")
  @DisplayName(
      "server-everything before a client of older revisions, and of 2026-07-28 alone: graded tools,"
          + " progress, and the kill, which leaves no process")
  void everything(@Nullable String alone) throws Exception {
    var script = "@modelcontextprotocol/server-everything/dist/index.js";
    try (var lanyard = Installation.startBefore(upstream(script, ", stdio"));
        var sdk = SdkClient.before(lanyard)) {
      var person = lanyard.engineer();
      assertThat(sdk.connect(person, Optional.ofNullable(alone)))
          .contains("echo", "get-sum")
          .doesNotContain("get-env");
      assertThat(sdk.call("echo", "{\"message\":\"hello\"}")).contains("hello");
      assertThat(sdk.call("trigger-long-running-operation", "{\"duration\":1,\"steps\":2}"))
          .contains("completed");
      assertThat(sdk.refusal("get-env", "{}")).contains("has no grade yet");
      assertThat(processes(script)).isEqualTo(1);

      lanyard.disable(person);
      assertThat(sdk.refusal("echo", "{\"message\":\"hello\"}")).isNotEmpty();
      assertThat(comesToNone(script)).isTrue();
    }
  }

  @Test
  @DisplayName(
      "server-filesystem: each session has a folder of its own, and no other, whatever folder its"
          + " client works on")
  void filesystem() throws Exception {
    var script = "@modelcontextprotocol/server-filesystem/dist/index.js";
    try (var lanyard = Installation.startBefore(upstream(script, ", \".\""));
        var sdk = SdkClient.before(lanyard);
        var other = SdkClient.before(lanyard)) {
      var _ = sdk.connect(lanyard.engineer());
      var _ = other.connect(lanyard.engineer());
      var note = "{\"path\":\"note.txt\",\"content\":\"mine\"}";
      assertThat(sdk.call("write_file", note)).contains("Successfully");
      assertThat(sdk.call("read_text_file", "{\"path\":\"note.txt\"}")).contains("mine");
      assertThat(other.call("list_directory", "{\"path\":\".\"}")).doesNotContain("note.txt");
      assertThat(sdk.call("read_text_file", "{\"path\":\"/etc/passwd\"}")).contains("denied");
      assertThat(sdk.refusal("move_file", "{\"source\":\"a\",\"destination\":\"b\"}"))
          .contains("has no grade yet");
    }
    assertThat(comesToNone(script)).as("with the node").isTrue();
  }

  @Test
  @DisplayName(
      "docs/stdio.md: server-memory keeps what it is told where the page says, and another session"
          + " does not find it")
  void memory() throws Exception {
    var script = "@modelcontextprotocol/server-memory/dist/index.js";
    var upstream = upstream(script, "").replace("}", ", " + environmentOfThePage() + "}");
    try (var lanyard = Installation.startBefore(upstream);
        var sdk = SdkClient.before(lanyard);
        var other = SdkClient.before(lanyard)) {
      var _ = sdk.connect(lanyard.engineer());
      var _ = other.connect(lanyard.engineer());
      var ana =
          "{\"entities\":[{\"name\":\"Ana\",\"entityType\":\"person\",\"observations\":[\"likes"
              + " tea\"]}]}";
      assertThat(sdk.call("create_entities", ana)).contains("Ana");
      assertThat(sdk.call("read_graph", "{}")).contains("likes tea");
      assertThat(other.call("read_graph", "{}")).doesNotContain("likes tea");
    }
  }

  private static String environmentOfThePage() throws IOException {
    var line = Pattern.compile("environment: \\{MEMORY_FILE_PATH: [^\n]*}");
    var found = line.matcher(Files.readString(Path.of("../docs/stdio.md")));
    assertThat(found.find()).isTrue();
    return found.group();
  }

  /// Its SDK is of 2024, and answers `initialize` with 2024-11-05.
  @Test
  @DisplayName("server-memory 0.6.2: an old server, which speaks 2024-11-05 alone")
  void old() throws Exception {
    try (var lanyard = Installation.startBefore(upstream("memory-of-2024/dist/index.js", ""));
        var sdk = SdkClient.before(lanyard)) {
      assertThat(sdk.connect(lanyard.engineer())).contains("read_graph");
      assertThat(sdk.call("read_graph", "{}")).contains("entities");
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
}
