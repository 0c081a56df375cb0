package dev.lanyard.client.ema;

import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;

/// What a token is wanted for.
///
/// @param server the resource authorization server to ask
/// @param resource as the resource names itself
/// @param scopes to ask for; none leaves them to policy
record Target(AuthorizationServer server, ResourceIndicator resource, Scopes scopes) {}
