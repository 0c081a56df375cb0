package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A public MCP server, as it is, behind the gateway; clients and the suite of others before it.
@Tag("foreign")
@DisplayName("@modelcontextprotocol/server-everything behind the gateway")
class GatewayForeignTest {
  private static final String CLIENT = "mcp-client";

  private static NodeServer everything;
  private static URI direct;
  private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    direct = URI.create("http://127.0.0.1:" + port + "/mcp");
    lanyard = Installation.startBefore(direct);
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
  @DisplayName("The TypeScript SDK: discovery, silent access, graded tools, a call, and the kill")
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

  /// The suite knows tools that this server does not have: what it fails at directly is no matter
  /// of the gateway's.
  @Test
  @DisplayName(
      "CONF-4: every scenario of the suite that passes directly passes through the gateway")
  void suite() throws Exception {
    var token =
        Tokens.of(lanyard, "claude-code", lanyard.engineer(), lanyard.gateway(), "everything.use");
    try (var hop =
        NodeServer.start(
            lanyard.certificates(),
            Map.of("GATEWAY", lanyard.gateway(), "TOKEN", token),
            "",
            "hop.mjs")) {
      var passing = passed(direct.toString());
      var through = passed("http://127.0.0.1:" + hop.said().strip() + "/mcp");

      assertThat(passing)
          .contains("server-initialize", "tools-list", "server-sse-multiple-streams");
      assertThat(through).containsAll(passing);
      assertThat(through)
          .as("what the server does not do itself")
          .contains("dns-rebinding-protection");
    }
  }

  private static Set<String> passed(String url) {
    var run =
        McpSuite.run(
            lanyard.certificates(),
            "server",
            "--url",
            url,
            "--suite",
            "active",
            "--timeout",
            "30000");
    var passed = new TreeSet<String>();
    run.output()
        .lines()
        .filter(line -> line.startsWith("✓ "))
        .forEach(line -> passed.add(line.substring(2, line.indexOf(':'))));
    return passed;
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
