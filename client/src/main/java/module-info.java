/// Authorization for MCP clients: Enterprise-Managed Authorization, the ordinary code flow,
/// services without a person. The adapter for the MCP Java SDK needs the SDK; the rest does not.
module dev.lanyard.client {
  requires transitive dev.lanyard.protocol;
  requires static transitive java.net.http;
  requires jdk.httpserver;
  requires static io.modelcontextprotocol.sdk.mcp.core;
  requires static org.reactivestreams;

  exports dev.lanyard.client;
  exports dev.lanyard.client.code;
  exports dev.lanyard.client.ema;
  exports dev.lanyard.client.mcp;
  exports dev.lanyard.client.service;
}
