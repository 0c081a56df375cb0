package dev.lanyard.protocol.mcp;

import dev.lanyard.protocol.json.JsonObject;

/// How MCP clients and servers say that an enterprise manages access: by an extension among their
/// capabilities. In revisions with a handshake that is once, in `initialize` and its answer. In
/// 2026-07-28 a client says it in every request (CLI-30), under
/// `io.modelcontextprotocol/clientCapabilities` of its `_meta`, and a server in its answer to
/// `server/discover` (RS-19).
///
/// @spec
///   https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/stable/enterprise-managed-authorization.mdx
///   MCP Enterprise-Managed Authorization (CLI-31 to CLI-41)
public final class EmaExtension {
  /// The name of the extension.
  public static final String NAME = "io.modelcontextprotocol/enterprise-managed-authorization";

  private EmaExtension() {}

  /// The member `extensions` of the capabilities; other extensions go beside it.
  public static JsonObject extensions() {
    return JsonObject.builder().put(NAME, JsonObject.EMPTY).build();
  }
}
