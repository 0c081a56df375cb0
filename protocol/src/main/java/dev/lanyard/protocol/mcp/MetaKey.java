package dev.lanyard.protocol.mcp;

import dev.lanyard.protocol.json.JsonObject;

/// Members of `_meta`, where a message has what is not its method's own.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic MCP Base Protocol
public final class MetaKey {
  /// The member of parameters and results that holds them.
  public static final String META = "_meta";

  /// By which revision a request is made. Since 2026-07-28.
  public static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

  /// What the client of a request is. Since 2026-07-28.
  public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";

  /// What the client of a request can do. Since 2026-07-28.
  public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  /// What the server of a result is. Since 2026-07-28.
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  /// To which subscription something belongs that a server tells. Since 2026-07-28.
  public static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  /// To which task something belongs. In 2025-11-25 only.
  public static final String RELATED_TASK = "io.modelcontextprotocol/related-task";

  /// By which whoever asks wants to hear how far something is.
  public static final String PROGRESS_TOKEN = "progressToken";

  private MetaKey() {}

  /// What `_meta` of a request of 2026-07-28 must have.
  ///
  /// @param clientInfo what the client is
  /// @param capabilities what it can do
  public static JsonObject ofRequest(JsonObject clientInfo, JsonObject capabilities) {
    return JsonObject.builder()
        .put(PROTOCOL_VERSION, McpRevision.STATELESS)
        .put(CLIENT_INFO, clientInfo)
        .put(CLIENT_CAPABILITIES, capabilities)
        .build();
  }
}
