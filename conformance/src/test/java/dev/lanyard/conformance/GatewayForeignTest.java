package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A public MCP server, as it is, behind the gateway, and the TypeScript SDK before it; and the
/// conformance suite, with a server of the SDK that has what it asks for.
@Tag("foreign")
@DisplayName("Servers and clients of others, with the gateway between them")
class GatewayForeignTest {
  private static final String CLIENT = "mcp-client";

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
    try (var sdk = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs")) {
      var connected = sdk.step(connect(person));
      assertThat(connected.error()).isEmpty();
      assertThat(connected.answer().strings("tools").orElseThrow())
          .as("of some dozen tools those that are graded and within the clearance")
          .containsExactlyInAnyOrder("echo", "get-sum", "trigger-long-running-operation");

      assertThat(text(sdk.step(call("echo", "{\"message\":\"hello\"}")))).contains("hello");
      assertThat(
              text(
                  sdk.step(call("trigger-long-running-operation", "{\"duration\":1,\"steps\":2}"))))
          .contains("completed");
      var refused = sdk.step(call("get-env", "{}"));
      assertThat(refused.error()).contains("has no grade yet");

      lanyard.disable(person);
      assertThat(sdk.step(call("echo", "{\"message\":\"hello\"}")).error()).isNotEmpty();
    }
  }

  /// The suite sends no token: a hop adds it. The tools are accepted as an administrator does it,
  /// for the drift lock is on.
  @Test
  @DisplayName("CONF-4: what MCP 2025-11-25 requires of a server, through the gateway")
  void suite() throws Exception {
    int port = Installation.freePort();
    try (var installation =
            Installation.startLockedBefore(URI.create("http://127.0.0.1:" + port + "/mcp"));
        var _ =
            NodeServer.start(
                installation.certificates(),
                Map.of("PORT", Integer.toString(port)),
                "listening",
                "suite-server.mjs");
        var hop = hop(installation)) {
      installation.acceptTools();
      var run =
          McpSuite.run(
              installation.certificates(),
              "server",
              "--url",
              "http://127.0.0.1:" + hop.said().strip() + "/mcp",
              "--requirements",
              "2025-11-25",
              "--timeout",
              "60000");

      assertThat(run.output())
          .contains("✓ tools-call-sampling", "✓ server-sse-polling", "✓ dns-rebinding-protection")
          .doesNotContain("✗");
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  private static NodeServer hop(Installation installation) throws Exception {
    var token =
        Tokens.of(
            installation,
            "claude-code",
            installation.engineer(),
            installation.gateway(),
            "everything.use");
    return NodeServer.start(
        installation.certificates(),
        Map.of("GATEWAY", installation.gateway(), "TOKEN", token),
        "",
        "hop.mjs");
  }

  private static JsonObject connect(Person person) throws Exception {
    var idToken =
        new CodeRequest(CLIENT, "http://127.0.0.1:4711/callback", "openid email", "a-state")
            .tokens(lanyard, person)
            .json()
            .string("id_token")
            .orElseThrow();
    var connect =
        JsonObject.builder()
            .put("mcpServer", lanyard.gateway())
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
