package dev.lanyard.protocol.mcp;

/// The headers of Streamable HTTP, but for those that repeat the body: these are
/// [MirroredHeaders]'s.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
///   MCP 2025-11-25 Streamable HTTP
public final class McpHeaders {
  /// By which revision is spoken; see [McpRevision].
  public static final String REVISION = "MCP-Protocol-Version";

  /// In which session something is said. Not in 2026-07-28.
  public static final String SESSION = "Mcp-Session-Id";

  /// After which event a stream is to be resumed. Not in 2026-07-28.
  public static final String LAST_EVENT = "Last-Event-ID";

  private McpHeaders() {}
}
