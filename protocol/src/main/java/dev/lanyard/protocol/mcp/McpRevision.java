package dev.lanyard.protocol.mcp;

import java.util.List;

/// The revisions of MCP that have authorization over HTTP and are known here.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning MCP versioning
public final class McpRevision {
  /// 2026-07-28, which has no sessions: each request stands alone, and headers repeat what its body
  /// says.
  public static final String STATELESS = "2026-07-28";

  /// 2025-11-25: the last one that begins with `initialize`. It has tasks, as an experiment.
  public static final String LAST_WITH_SESSIONS = "2025-11-25";

  /// 2025-06-18: the first one without batches.
  public static final String WITHOUT_BATCHES = "2025-06-18";

  /// 2025-03-26: the first one over Streamable HTTP, with batches. Whoever names no revision means
  /// this one.
  public static final String WITH_BATCHES = "2025-03-26";

  /// All of them, the newest first.
  public static final List<String> ALL =
      List.of(STATELESS, LAST_WITH_SESSIONS, WITHOUT_BATCHES, WITH_BATCHES);

  private McpRevision() {}
}
