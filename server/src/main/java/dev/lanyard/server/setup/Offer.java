package dev.lanyard.server.setup;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which connectors a client may be told of: those that the very decision of a token exchange
/// gives, and that the client is registered for. Thread-safe.
public final class Offer {
  private final Issuer issuer;
  private final WhosePeople people;
  private final Supplier<Library> library;
  private final Policy policy;
  private final Function<Issuer, Optional<String>> tenants;

  /// @param people to whom the broker gives something
  /// @param library what is in force
  /// @param tenants which tenant of a resource authorization server is ours, if it has several
  public Offer(
      Issuer issuer,
      WhosePeople people,
      Supplier<Library> library,
      Function<Issuer, Optional<String>> tenants) {
    this.issuer = issuer;
    this.people = people;
    this.library = library;
    this.tenants = tenants;
    this.policy = new Policy(library);
  }

  /// What a client is called at a server, in the tenant there that is ours; empty if it is not
  /// known there.
  public Optional<ClientId> nameAt(Client client, Issuer server) {
    return client.idAt(server, tenants.apply(server));
  }

  /// What somebody may be given through a client.
  ///
  /// @param authentication how they signed in; what needs a better sign-in is left out
  public Setup to(Person person, Client client, AuthenticationContext authentication, Instant now) {
    return to(people.member(person), client, authentication, now);
  }

  private Setup to(
      Member member, Client client, AuthenticationContext authentication, Instant now) {
    var given = new ArrayList<Setup.Entry>();
    var afterStepUp = new ArrayList<String>();
    for (var connector : library.get().connectors()) {
      // IDP-34: where the client has no name the exchange is refused, whatever policy says.
      var server = connector.authorizationServer();
      var there = nameAt(client, server);
      if (there.isEmpty()) {
        continue;
      }
      var decision =
          policy.decide(
              AccessRequest.forAllOf(connector, member, client.id(), authentication, now));
      switch (decision) {
        case Decision.Permit permit ->
            given.add(
                new Setup.Entry(
                    connector.id(),
                    connector.name(),
                    connector.resource().value(),
                    connector.authorizationServer(),
                    there.get(),
                    permit.scopes()));
        case Decision.StepUp _ -> afterStepUp.add(connector.id());
        case Decision.Deny _ -> {}
      }
    }
    return new Setup(issuer, client.id(), client.isConfidential(), given, afterStepUp);
  }

  /// What everybody in a role may be given: of its groups, what all have in common.
  ///
  /// @return empty if there is no such role, or it has no groups because it is for agents
  public Optional<Setup> toRole(String role, Client client, Instant now) {
    var unknown = new AuthenticationContext(Optional.of(now), Optional.empty(), List.of());
    return library.get().roles().stream()
        .filter(one -> one.name().equals(role))
        .findFirst()
        .flatMap(one ->
            one.groups().stream()
                .sorted()
                .map(group -> to(Member.of(java.util.Set.of(group)), client, unknown, now))
                .reduce(Offer::common));
  }

  private static Setup common(Setup one, Setup other) {
    return new Setup(
        one.issuer(),
        one.client(),
        one.confidential(),
        one.connectors().stream()
            .filter(
                entry -> other.connectors().stream().anyMatch(same -> same.id().equals(entry.id())))
            .toList(),
        one.afterStepUp());
  }
}
