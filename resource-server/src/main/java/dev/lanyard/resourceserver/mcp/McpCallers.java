package dev.lanyard.resourceserver.mcp;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.mcp.EmaExtension;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;

/// What a server of the MCP Java SDK knows of its callers, and says of itself.
@SuppressWarnings("exports") // Whoever uses it requires that module anyway.
public final class McpCallers {
  /// Hands the caller that [McpFilter] has admitted on to the tools.
  public static final McpTransportContextExtractor<HttpServletRequest> EXTRACTOR =
      McpCallers::extract;

  private static final String CALLER = "dev.lanyard.caller";

  private McpCallers() {}

  private static McpTransportContext extract(HttpServletRequest request) {
    return McpTransportContext.create(
        ResourceServerFilter.callerOf(request)
            .map(token -> Map.<String, Object>of(CALLER, token))
            .orElse(Map.of()));
  }

  /// Who calls a tool.
  ///
  /// @param context of the exchange: `exchange.transportContext()`
  public static Optional<AccessToken> callerOf(McpTransportContext context) {
    return Optional.ofNullable((AccessToken) context.get(CALLER));
  }

  /// The same, and declares Enterprise-Managed Authorization (RS-19).
  public static ServerCapabilities.Builder declaringEma(ServerCapabilities.Builder capabilities) {
    return capabilities.extensions(Map.of(EmaExtension.NAME, Map.of()));
  }
}
