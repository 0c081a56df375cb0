package dev.lanyard.client;

import dev.lanyard.protocol.json.JsonObject;

/// How an MCP client says that an enterprise may manage its access (CLI-30): in revisions with a
/// handshake once, among the capabilities of `initialize`; in 2026-07-28 in every request, under
/// `io.modelcontextprotocol/clientCapabilities` of its `_meta`.
///
/// @spec
///   https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/stable/enterprise-managed-authorization.mdx
///   MCP Enterprise-Managed Authorization (CLI-31 to CLI-41)
public final class EmaExtension {
  /// The name of the extension.
  public static final String NAME = "io.modelcontextprotocol/enterprise-managed-authorization";

  private EmaExtension() {}

  /// The member `extensions` of a client's capabilities; other extensions go beside it.
  public static JsonObject extensions() {
    return JsonObject.builder().put(NAME, JsonObject.EMPTY).build();
  }
}
