package dev.lanyard.server.scim;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Which identity providers may keep people and groups here. None, if none is named.
public record ScimConfig(List<ScimConnection> connections) {
  public static final ScimConfig NONE = new ScimConfig(List.of());

  /// @throws IllegalArgumentException if two connections have one id
  public ScimConfig {
    connections = List.copyOf(connections);
    var ids = new HashSet<String>();
    for (var connection : connections) {
      if (!ids.add(connection.id())) {
        throw new IllegalArgumentException(
            "broker.scim.connections: there are two with the id '" + connection.id() + "'");
      }
    }
  }

  public Optional<ScimConnection> connection(String id) {
    return connections.stream().filter(one -> one.id().equals(id)).findFirst();
  }
}
