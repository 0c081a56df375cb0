/// The ordinary way to an MCP server: the person signs in at the server's own authorization server
/// and agrees (authorization code with PKCE). For servers and people outside Enterprise-Managed
/// Authorization, and only where an administrator has said so: see
/// [dev.lanyard.client.AccessByServer].
///
/// ```java
/// var config = CodeConfig.of("my-agent").identifiedBy(URI.create("https://my.example/client.json"));
/// var ordinary = new CodeClient(config, "ada", browser, store, egress, clock, random);
/// var access = new AccessByServer(ema).with(URI.create("https://other.example/mcp"), ordinary);
/// ```
@NullMarked
package dev.lanyard.client.code;

import org.jspecify.annotations.NullMarked;
