package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.demo.DemoMcpServer;
import dev.lanyard.demo.DemoMcpServer.DemoTool;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("MCP Java SDK, client and server, with the gateway between them")
@Timeout(600)
class GatewaySdkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Installation lanyard;
  private static DemoMcpServer server;

  @BeforeAll
  static void start() throws Exception {
    var url = URI.create("https://localhost:" + Installation.freePort() + "/mcp");
    lanyard = Installation.startBefore(url);
    // It knows nothing of tokens, and nobody but the gateway can reach it.
    server =
        new DemoMcpServer(
            "plain",
            url,
            lanyard.certificates().present(),
            (request, response, chain) -> chain.doFilter(request, response),
            request -> request.getHeader("Authorization") == null ? "no token" : "somebody's token",
            List.of(tool("echo"), tool("get-env")));
  }

  private static DemoTool tool(String name) {
    return new DemoTool(
        name, "A tool", Map.of("type", "object"), (caller, _) -> name + ": " + caller);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    lanyard.close();
  }

  private static McpSyncClient client(Installation at, String token) throws Exception {
    var trust = at.certificates().trust();
    var address = URI.create(at.gateway());
    var transport =
        HttpClientStreamableHttpTransport.builder(address.resolve("/").toString())
            .endpoint("/mcp")
            .customizeClient(http -> http.sslContext(trust))
            .addHttpRequestCustomizer(
                (request, _, _, _, _) -> request.header("Authorization", "Bearer " + token))
            .build();
    return McpClient.sync(transport)
        .requestTimeout(PATIENCE)
        .initializationTimeout(PATIENCE)
        .build();
  }

  private static String called(McpSyncClient client, String tool) {
    var result = client.callTool(CallToolRequest.builder(tool).arguments(Map.of()).build());
    return ((TextContent) result.content().getFirst()).text();
  }

  @Test
  void speak_as_if_they_were_alone() throws Exception {
    var person = lanyard.engineer();
    var token = Tokens.of(lanyard, "claude-code", person, lanyard.gateway(), "everything.use");
    try (var client = client(lanyard, token)) {
      client.initialize();

      assertThat(client.listTools().tools()).extracting(Tool::name).containsExactly("echo");
      assertThat(called(client, "echo")).as("RS-8").isEqualTo("echo: no token");
      assertThatThrownBy(() -> called(client, "get-env")).hasMessageContaining("has no grade yet");

      lanyard.disable(person);
      assertThatThrownBy(() -> called(client, "echo")).isNotNull();
    }
  }

  /// The server is guarded by our library, and would tell a token of the caller's for the gateway
  /// from one for itself.
  @Test
  void and_a_server_that_wants_a_token_of_the_person_gets_one_that_nobody_was_asked_for()
      throws Exception {
    try (var managed = Installation.startManaged()) {
      var person = managed.engineer();
      var token = Tokens.of(managed, "claude-code", person, managed.gateway(), "everything.use");
      try (var client = client(managed, token)) {
        client.initialize();
        assertThat(called(client, GuardedServer.TOOL)).startsWith("One open issue for ");

        managed.disable(person);
        assertThatThrownBy(() -> called(client, GuardedServer.TOOL)).isNotNull();
      }
    }
  }
}
