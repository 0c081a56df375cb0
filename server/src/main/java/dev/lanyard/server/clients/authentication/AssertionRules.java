package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Consumer;

/// What a client assertion has to meet.
///
/// @param self the authorization server that it has to be addressed to
/// @param tokenEndpoint what it may be addressed to instead, by a client that is registered so
/// @param used remembers which were used
/// @param skew how far the client's clock may differ
/// @param legacy learns which clients address theirs to the token endpoint still
public record AssertionRules(
    Issuer self,
    URI tokenEndpoint,
    AssertionStore used,
    ClockSkew skew,
    InstantSource clock,
    Consumer<ClientId> legacy) {}
