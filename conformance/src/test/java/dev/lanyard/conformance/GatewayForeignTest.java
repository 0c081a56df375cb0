package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A public MCP server, as it is, behind the gateway, and the TypeScript SDK before it.
@Tag("foreign")
@DisplayName("Servers and clients of others, with the gateway between them")
class GatewayForeignTest {
  private static NodeServer everything;
  private static URI server;
  private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    server = URI.create("http://127.0.0.1:" + port + "/mcp");
    lanyard = Installation.startBefore(server);
    everything =
        NodeServer.start(
            lanyard.certificates(),
            Map.of("PORT", Integer.toString(port)),
            "listening",
            "node_modules/@modelcontextprotocol/server-everything/dist/index.js",
            "streamableHttp");
  }

  @AfterAll
  static void stop() throws Exception {
    everything.close();
    lanyard.close();
  }

  @Test
  @DisplayName(
      "server-everything and the TypeScript SDK: discovery, silent access, graded tools, a call,"
          + " and the kill")
  void typescript() throws Exception {
    var person = lanyard.engineer();
    try (var sdk = SdkClient.before(lanyard)) {
      assertThat(sdk.connect(person))
          .as("of some dozen tools those that are graded and within the clearance")
          .containsExactlyInAnyOrder("echo", "get-sum", "trigger-long-running-operation");

      assertThat(sdk.call("echo", "{\"message\":\"hello\"}")).contains("hello");
      assertThat(sdk.call("trigger-long-running-operation", "{\"duration\":1,\"steps\":2}"))
          .contains("completed");
      assertThat(sdk.refusal("get-env", "{}")).contains("has no grade yet");

      lanyard.disable(person);
      assertThat(sdk.refusal("echo", "{\"message\":\"hello\"}")).isNotEmpty();
    }
  }

  @Test
  @DisplayName(
      "a call that its client takes back is over: the SDK resumes its stream once, in vain")
  void cancelled() throws Exception {
    try (var sdk = SdkClient.before(lanyard)) {
      var _ = sdk.connect(lanyard.engineer());
      for (int i = 0; i < 3; i++) {
        assertThat(sdk.cancel("trigger-long-running-operation", "{\"duration\":60,\"steps\":1}"))
            .filteredOn(one -> one.startsWith("GET "))
            .containsExactly("GET " + lanyard.gateway() + " 405");
      }

      assertThat(sdk.call("echo", "{\"message\":\"hello\"}")).contains("hello");
    }
  }

  @Test
  @DisplayName("docs/gateway.md: who grades and accepts as the page shows has what it promises")
  void page() throws Exception {
    try (var graded = Installation.startLockedBefore(server, pageOfGrades())) {
      var accepted = graded.acceptSeenTools();
      assertThat(accepted.exit()).as(accepted.output()).isEqualTo(1);
      assertThat(accepted.output())
          .contains("echo: accepted, graded public", "get-sum: accepted, graded internal")
          .contains("get-env: not accepted. The role library has no grade for it")
          .as("what is shown only to clients that can be asked")
          .contains("get-roots-list: ", "trigger-sampling-request: ");

      try (var sdk = SdkClient.before(graded)) {
        assertThat(sdk.connect(graded.engineer())).containsExactlyInAnyOrder("echo", "get-sum");
        assertThat(sdk.call("get-sum", "{\"a\":2,\"b\":3}")).contains("5");
        assertThat(sdk.prompts()).containsExactly("simple-prompt");
        assertThat(sdk.resources()).isNotEmpty().allMatch(uri -> uri.startsWith("demo://"));
        assertThat(graded.snapshot().output())
            .as("after a client that has roots")
            .contains(" tools, 0 changes");
      }
    }
  }

  private static String pageOfGrades() throws IOException {
    var block = Pattern.compile("```yaml\n(connectors:.*?)```", Pattern.DOTALL);
    var found = block.matcher(Files.readString(Path.of("../docs/gateway.md")));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }
}
