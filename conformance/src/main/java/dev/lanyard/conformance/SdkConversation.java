package dev.lanyard.conformance;

import dev.lanyard.client.AccessSource;
import dev.lanyard.client.mcp.McpAuthorization;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.EmaExtension;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The client of the MCP Java SDK with our adapter: for the revisions up to 2025-11-25, which is as
/// far as the SDK goes.
final class SdkConversation implements McpConversation {
  /// The suite starts many clients at once, and each begins with a flow.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final McpJsonMapper json = McpJsonDefaults.getMapper();
  private final McpSyncClient client;

  SdkConversation(URI server, AccessSource access) {
    var origin = server.resolve("/").toString();
    var transport = HttpClientStreamableHttpTransport.builder(origin);
    this.client =
        McpClient.sync(new McpAuthorization(access, server).on(transport).build())
            .capabilities(
                ClientCapabilities.builder()
                    .extensions(Map.of(EmaExtension.NAME, Map.of()))
                    .elicitation()
                    .build())
            .elicitation(request -> new ElicitResult(ElicitResult.Action.ACCEPT, Map.of()))
            .applyElicitationDefaults(true)
            .initializationTimeout(PATIENCE)
            .requestTimeout(PATIENCE)
            .build();
    client.initialize();
  }

  @Override
  public List<JsonObject> tools() throws MalformedException {
    if (client.getServerCapabilities().tools() == null) {
      return List.of();
    }
    var tools = new ArrayList<JsonObject>();
    for (var tool : client.listTools().tools()) {
      tools.add(JsonObject.parse(written(tool)));
    }
    return tools;
  }

  private byte[] written(Object value) {
    try {
      return json.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void call(String tool, JsonObject arguments) {
    client.callTool(CallToolRequest.builder(tool).arguments(json, arguments.toJson()).build());
  }

  @Override
  public void browse() {
    client.ping();
  }

  @Override
  public void close() {
    client.close();
  }
}
