package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import java.time.Instant;

/// Whether somebody may use a tool through a client.
///
/// @param member who asks
/// @param client the client's id at the broker
/// @param connector the connector's name in the library
/// @param tool the tool's name as its server has it
/// @param authentication how the person signed in
/// @param at now
public record ToolRequest(
    Member member,
    ClientId client,
    String connector,
    String tool,
    AuthenticationContext authentication,
    Instant at) {}
