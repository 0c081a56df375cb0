/// Enterprise-Managed Authorization for the client of the MCP Java SDK.
///
/// ```java
/// var authorization = new McpAuthorization(ema, URI.create("https://mcp.example/mcp"));
/// var transport =
///     authorization.on(HttpClientStreamableHttpTransport.builder("https://mcp.example")).build();
/// var client = McpClient.sync(transport).capabilities(McpAuthorization.capabilities()).build();
/// ```
@NullMarked
package dev.lanyard.client.mcp;

import org.jspecify.annotations.NullMarked;
