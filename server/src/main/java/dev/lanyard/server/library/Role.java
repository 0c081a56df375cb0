package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A role of the library.
///
/// @param name unique in the library
/// @param owner who answers for it; a role without an owner is found by `library check`
/// @param groups whoever is in one of them has the role
/// @param agents the clients that have the role for themselves, without a person; groups and agents
///   are not both empty
/// @param clearance up to which data class its tools may go; empty for the lowest only
/// @param clients the only clients that the role works through; empty for all
/// @param conditions what must hold for all that it gives
/// @param connectors what it gives, by connector
public record Role(
    String name,
    Optional<String> owner,
    Set<String> groups,
    Set<ClientId> agents,
    Optional<DataClass> clearance,
    Set<ClientId> clients,
    List<Requirement> conditions,
    Map<String, Given> connectors) {

  public Role {
    groups = Set.copyOf(groups);
    agents = Set.copyOf(agents);
    clients = Set.copyOf(clients);
    conditions = List.copyOf(conditions);
    connectors = Map.copyOf(connectors);
  }

  /// A role of people only.
  public Role(
      String name,
      Optional<String> owner,
      Set<String> groups,
      Optional<DataClass> clearance,
      Set<ClientId> clients,
      List<Requirement> conditions,
      Map<String, Given> connectors) {
    this(name, owner, groups, Set.of(), clearance, clients, conditions, connectors);
  }

  /// Whether the role counts when the person comes through this client.
  public boolean worksThrough(ClientId client) {
    return clients.isEmpty() || clients.contains(client);
  }
}
