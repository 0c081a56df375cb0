package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.mcp.McpRevision;
import java.util.Optional;

/// The revisions of MCP that the gateway understands, by what differs on the wire.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
///   MCP Streamable HTTP, Backward Compatibility
public enum Era {
  /// 2025-03-26: sessions, streams, and batches. Also whoever names no revision.
  BATCHES,
  /// 2025-06-18 and 2025-11-25: sessions and streams. Also 2024-11-05, where a server has answered
  /// with it: its messages are the same.
  SESSIONS,
  /// 2026-07-28: neither; headers repeat what the body says.
  STATELESS;

  /// The era of a revision; empty if it is not known here.
  public static Optional<Era> of(String revision) {
    return switch (revision) {
      case McpRevision.WITH_BATCHES -> Optional.of(BATCHES);
      case McpRevision.BEFORE_AUTHORIZATION,
          McpRevision.WITHOUT_BATCHES,
          McpRevision.LAST_WITH_SESSIONS ->
          Optional.of(SESSIONS);
      case McpRevision.STATELESS -> Optional.of(STATELESS);
      default -> Optional.empty();
    };
  }

  /// Whether a revision is known here and has sessions.
  public static boolean hasSessions(String revision) {
    return of(revision).filter(era -> era != STATELESS).isPresent();
  }
}
