package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;

/// Under which name the gateway is known at the broker: what is stopped when it is stopped there.
public record GatewaySelf(Issuer broker, ClientId client) {}
