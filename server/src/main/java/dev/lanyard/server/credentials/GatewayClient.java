package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// What the gateway is at the broker.
///
/// @param secret for a gateway that is no part of the broker's process
public record GatewayClient(ClientId id, Optional<Secret> secret) {}
