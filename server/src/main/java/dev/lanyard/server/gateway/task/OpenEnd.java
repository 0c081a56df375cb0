package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;

/// A task that a kill has dropped, and whose server has not taken that yet.
///
/// @param hash of its id
/// @param subject whose it was
/// @param client through which they had called
/// @param tool that was called
/// @param correlationId of the kill
/// @param address how its server is told, as it was kept with the task
record OpenEnd(
    String hash,
    String subject,
    String client,
    String tool,
    String correlationId,
    Secret address) {}
