package dev.lanyard.server.clients.registration;

import dev.lanyard.server.clients.Client;
import java.time.Instant;

/// A client that has registered itself.
///
/// @param usedAt when it last asked for something, to the day
public record RegisteredClient(Client client, Instant registeredAt, Instant usedAt) {}
