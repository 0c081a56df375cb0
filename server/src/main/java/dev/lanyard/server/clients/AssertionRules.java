package dev.lanyard.server.clients;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.InstantSource;

/// What a client assertion has to meet.
///
/// @param self the authorization server that it has to be addressed to
/// @param used remembers which were used
/// @param skew how far the client's clock may differ
public record AssertionRules(
    Issuer self, AssertionStore used, ClockSkew skew, InstantSource clock) {}
