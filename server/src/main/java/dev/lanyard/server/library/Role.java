package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.Map;
import java.util.Set;

/// A role of the library.
///
/// @param name unique in the library
/// @param groups whoever is in one of them has the role; never empty
/// @param clients the only clients that the role works through; empty for all
/// @param connectors what it gives, with which scopes
public record Role(
    String name, Set<String> groups, Set<ClientId> clients, Map<String, Scopes> connectors) {

  /// Whether the role counts when the person comes through this client.
  public boolean worksThrough(ClientId client) {
    return clients.isEmpty() || clients.contains(client);
  }
}
