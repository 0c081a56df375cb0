package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;

/// What a person has agreed to, once.
///
/// @param client who may act for them
/// @param mark stands for what the client was then: where its answers went, what it proves itself
///   with (REG-5)
/// @param resource where
/// @param scopes to do what
public record Consent(
    String person,
    ClientId client,
    String mark,
    ResourceIndicator resource,
    Scopes scopes,
    Instant agreedAt) {}
