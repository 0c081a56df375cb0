/// Guards a protected resource. The filter needs the servlet API, the adapter for the MCP Java SDK
/// needs the SDK; the guard needs neither.
module dev.lanyard.resourceserver {
  requires transitive dev.lanyard.protocol;
  requires transitive java.net.http;
  requires com.github.benmanes.caffeine;
  requires static jakarta.servlet;
  requires static io.modelcontextprotocol.sdk.mcp.core;

  exports dev.lanyard.resourceserver;
  exports dev.lanyard.resourceserver.mcp;
  exports dev.lanyard.resourceserver.servlet;
  exports dev.lanyard.resourceserver.status;
}
