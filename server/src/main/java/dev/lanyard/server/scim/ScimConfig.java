package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Which identity providers may keep people and groups here. None, if none is named.
public record ScimConfig(List<ScimConnection> connections) {
  public static final ScimConfig NONE = new ScimConfig(List.of());

  /// @throws IllegalArgumentException if two connections have one id or one client
  public ScimConfig {
    connections = List.copyOf(connections);
    var ids = new HashSet<String>();
    var clients = new HashSet<ClientId>();
    for (var connection : connections) {
      for (var client : connection.clients()) {
        if (!clients.add(client)) {
          throw new IllegalArgumentException(
              "broker.scim.connections: two name the client '"
                  + client
                  + "'; a client belongs to one connection");
        }
      }
      if (!ids.add(connection.id())) {
        throw new IllegalArgumentException(
            "broker.scim.connections: there are two with the id '" + connection.id() + "'");
      }
    }
  }

  /// The only connection that an OAuth client gets tokens for.
  Optional<ScimConnection> connectionOf(ClientId client) {
    return connections.stream().filter(one -> one.clients().contains(client)).findFirst();
  }

  public Optional<ScimConnection> connection(String id) {
    return connections.stream().filter(one -> one.id().equals(id)).findFirst();
  }
}
