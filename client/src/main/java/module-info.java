/// Enterprise-Managed Authorization for MCP clients. The adapter for the MCP Java SDK needs the
/// SDK; the rest does not.
module dev.lanyard.client {
  requires transitive dev.lanyard.protocol;
  requires static transitive java.net.http;
  requires jdk.httpserver;
  requires static transitive io.modelcontextprotocol.sdk.mcp.core;

  exports dev.lanyard.client;
  exports dev.lanyard.client.mcp;
}
