package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
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
  private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    lanyard = Installation.startBefore(URI.create("http://127.0.0.1:" + port + "/mcp"));
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
}
