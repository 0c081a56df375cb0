package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.credentials.Entitlement;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Whom the role library may give a connector through a client of the broker.
final class Entitlements implements Entitlement {
  private final Policy policy;
  private final Supplier<WhosePeople> people;
  private final Supplier<Collection<Client>> clients;
  private final InstantSource clock;

  Entitlements(
      Policy policy,
      Supplier<WhosePeople> people,
      Supplier<Collection<Client>> clients,
      InstantSource clock) {
    this.policy = policy;
    this.people = people;
    this.clients = clients;
    this.clock = clock;
  }

  @Override
  public boolean has(Person person, String connector) {
    var member = people.get().member(person);
    return clients.get().stream()
        .map(Client::id)
        .anyMatch(client -> mayHave(member, client, one -> one.id().equals(connector)));
  }

  @Override
  public boolean reaches(Person person, ClientId client, ResourceIndicator resource) {
    return mayHave(people.get().member(person), client, one -> one.resource().equals(resource));
  }

  private boolean mayHave(Member member, ClientId client, Predicate<Connector> connector) {
    return policy.prospects(member, client, clock.instant()).connectors().stream()
        .anyMatch(connector);
  }
}
