package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A customer.
///
/// @param name under which its people are kept
/// @param tenant what its identity providers call it in `aud_tenant`
/// @param providers whom it trusts to speak for its people
/// @param clients through which of our clients; empty for all
/// @param ceiling the scopes that its people may have at most; empty for whatever resources know
/// @param flows whether its people may also consent by themselves
public record Organisation(
    String name,
    Optional<String> tenant,
    List<IdentityProvider> providers,
    Optional<Set<ClientId>> clients,
    Optional<Scopes> ceiling,
    Flows flows) {

  public Organisation {
    providers = List.copyOf(providers);
    clients = clients.map(Set::copyOf);
  }

  /// An organisation that gives no scopes away less than its identity providers do.
  public Organisation(
      String name,
      Optional<String> tenant,
      List<IdentityProvider> providers,
      Optional<Set<ClientId>> clients) {
    this(name, tenant, providers, clients, Optional.empty(), Flows.EMA_ONLY);
  }

  /// The mail domains in which its identity providers speak for everybody.
  Set<String> domains() {
    return providers.stream()
        .flatMap(one -> one.people().domains().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Whether its people may come through this client.
  public boolean allows(ClientId client) {
    return clients.isEmpty() || clients.get().contains(client);
  }

  /// Of these scopes those that its people may have.
  public Scopes within(Scopes scopes) {
    return ceiling.map(scopes::intersect).orElse(scopes);
  }
}
