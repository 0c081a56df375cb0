package dev.lanyard.conformance.guide;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.mcp.McpCallers;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.mcp.ToolRequirements;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.Map;

/// The code of `docs/protect-mcp-java-sdk.md`.
public final class McpSdkGuide {
  private McpSdkGuide() {}

  // guide: filter
  public static Filter filter(Guard guard) {
    return new McpFilter(
        guard,
        ToolRequirements.closed()
            .tool("list_issues", Requirement.scopes("issues.read"))
            .tool("close_issue", Requirement.scopes("issues.read", "issues.write")));
  }

  // end

  // guide: server
  public static HttpServlet server(String path) {
    var transport =
        HttpServletStreamableServerTransportProvider.builder()
            .mcpEndpoint(path)
            .contextExtractor(McpCallers.EXTRACTOR)
            .build();
    McpServer.sync(transport)
        .serverInfo("issues", "1.0.0")
        .capabilities(McpCallers.declaringEma(ServerCapabilities.builder().tools(false)).build())
        .toolCall(
            Tool.builder("list_issues", Map.of("type", "object")).build(),
            (exchange, call) -> {
              AccessToken caller = McpCallers.callerOf(exchange.transportContext()).orElseThrow();
              return CallToolResult.builder()
                  .addTextContent("No open issue for " + caller.subject())
                  .build();
            })
        .toolCall(
            Tool.builder("close_issue", Map.of("type", "object")).build(),
            (exchange, call) -> CallToolResult.builder().addTextContent("Closed").build())
        .build();
    return transport;
  }

  // end
}
