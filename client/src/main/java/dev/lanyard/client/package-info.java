/// The words of a client that gets access tokens for MCP servers: a source of access, what comes of
/// asking it, what a server's challenge said, and what the client is at an authorization server.
///
/// The ways to a token are [dev.lanyard.client.ema.EmaClient], [dev.lanyard.client.code.CodeClient]
/// and [dev.lanyard.client.service.ServiceClient].
///
/// Beneath, every message is a pair: [TokenRequests] builds it as a value, [TokenResponses] judges
/// the answer; nothing is sent behind your back. With the MCP Java SDK, use
/// [dev.lanyard.client.mcp.McpAuthorization]; with a client of another revision or of your own,
/// [dev.lanyard.protocol.mcp.EmaExtension] and [RefusedRequest].
@NullMarked
package dev.lanyard.client;

import org.jspecify.annotations.NullMarked;
