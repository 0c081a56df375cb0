package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.Set;

/// A client that the organisation lets its people use.
///
/// @param id its client id at the broker
/// @param name its name for people
/// @param roles the only roles that may use it; empty for all
public record ApprovedClient(ClientId id, String name, Set<String> roles) {
  public ApprovedClient {
    roles = Set.copyOf(roles);
  }

  /// Whether people may use it for what this role gives.
  public boolean serves(String role) {
    return roles.isEmpty() || roles.contains(role);
  }
}
