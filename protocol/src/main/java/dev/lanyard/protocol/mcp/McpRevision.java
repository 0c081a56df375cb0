package dev.lanyard.protocol.mcp;

import java.util.List;

/// The revisions of MCP that are known here.
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

  /// 2024-11-05: before authorization over HTTP, so nobody offers to speak it. Servers that are
  /// commands still answer `initialize` with it, and clients name it from then on.
  public static final String BEFORE_AUTHORIZATION = "2024-11-05";

  /// All that have it, the newest first.
  public static final List<String> ALL =
      List.of(STATELESS, LAST_WITH_SESSIONS, WITHOUT_BATCHES, WITH_BATCHES);

  private McpRevision() {}
}
