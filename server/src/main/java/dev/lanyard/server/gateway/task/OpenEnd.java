package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;

/// A task or session that a kill has dropped, and whose server has not taken that yet.
///
/// @param hash of its id
/// @param subject whose it was
/// @param client through which they had called
/// @param tool that was called; empty of a session
/// @param correlationId of the kill
/// @param address how its server is told, as it was kept with the task
record OpenEnd(
    String hash, String subject, String client, String tool, String correlationId, Secret address) {
  boolean isSession() {
    return tool.isEmpty();
  }
}
