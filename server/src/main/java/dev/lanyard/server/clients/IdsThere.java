package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a client is called at one resource authorization server (IDP-34). Immutable.
///
/// @param everywhere in whatever tenant there; empty if it is known in single tenants only
/// @param byTenant in single tenants, by what that server calls them (`aud_tenant`)
public record IdsThere(Optional<ClientId> everywhere, Map<String, ClientId> byTenant) {
  public IdsThere {
    byTenant = Map.copyOf(byTenant);
  }

  /// One name, whatever the tenant.
  static IdsThere everywhere(ClientId id) {
    return new IdsThere(Optional.of(id), Map.of());
  }

  /// Its name in a tenant; empty if nobody has said so, which is a refusal and never a guess.
  ///
  /// @param tenant empty if that server has no tenants
  Optional<ClientId> in(Optional<String> tenant) {
    return everywhere.or(() -> tenant.map(byTenant::get));
  }

  /// Each of its names.
  Set<ClientId> all() {
    var all = new HashSet<>(byTenant.values());
    everywhere.ifPresent(all::add);
    return Set.copyOf(all);
  }
}
