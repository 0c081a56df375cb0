package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.mcp.McpRevision;
import java.util.List;

/// Which revisions of MCP can be spoken with a server: those that the gateway knows, and of them
/// those that the server has last named to anybody (`server/discover`). Of one that has named none
/// nothing is known. Each node learns for itself. Thread-safe.
public final class SpokenRevisions {
  private volatile List<String> all = McpRevision.ALL;

  /// The newest first.
  public List<String> all() {
    return all;
  }

  /// Takes note of what a server says of itself.
  ///
  /// @return those of them that can be spoken here; if there are none, what it says is forgotten
  public List<String> heard(List<String> supported) {
    var both = McpRevision.ALL.stream().filter(supported::contains).toList();
    if (!both.isEmpty()) {
      all = both;
    }
    return both;
  }
}
