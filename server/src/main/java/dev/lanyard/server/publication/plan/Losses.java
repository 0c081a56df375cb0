package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.sessions.IssuedGrants;
import dev.lanyard.server.sessions.IssuedGrants.Live;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Which people and agents lose something, and which grants give what people lose: those and no
/// others are to end. An agent's tokens live for minutes and are no grants; all of a loser's end,
/// as it asks nobody for new ones.
public final class Losses {
  private final Directory directory;
  private final IssuedGrants grants;
  private final String broker;
  private final Supplier<Collection<Client>> clients;
  private final Supplier<WhosePeople> people;
  private final InstantSource clock;

  /// @param broker the issuer whose ID-JAGs the library governs
  /// @param clients those registered at the broker
  /// @param people answers whose people the library means
  public Losses(
      Directory directory,
      IssuedGrants grants,
      String broker,
      Supplier<Collection<Client>> clients,
      Supplier<WhosePeople> people,
      InstantSource clock) {
    this.directory = directory;
    this.grants = grants;
    this.broker = broker;
    this.clients = clients;
    this.people = people;
    this.clock = clock;
  }

  /// @param agents the clients that have less for themselves
  /// @param grants the ids of the grants to end
  /// @param peopleOfGrants whose they are
  public record Loss(
      Set<PersonId> people,
      Set<ClientId> agents,
      List<String> grants,
      Set<PersonId> peopleOfGrants) {
    /// Nobody loses anything.
    public static final Loss NONE = new Loss(Set.of(), Set.of(), List.of(), Set.of());

    public Loss {
      agents = Set.copyOf(agents);
      people = Set.copyOf(people);
      grants = List.copyOf(grants);
      peopleOfGrants = Set.copyOf(peopleOfGrants);
    }

    /// Whether nobody loses anything.
    public boolean isNothing() {
      return people.isEmpty() && agents.isEmpty();
    }
  }

  /// What is lost when one library follows another.
  public Loss between(Library base, Library version) {
    return between(base, version, _ -> true);
  }

  /// The same, where only some people can lose anything.
  public Loss between(Library base, Library version, Predicate<Member> concerned) {
    var registered = List.copyOf(clients.get());
    var sorts = Clients.of(registered.stream().map(Client::id).toList(), base, version);
    var comparison = comparison(base, version, sorts);
    var lost = new HashMap<String, Set<Access>>();
    comparison
        .of(
            directory.all().stream()
                .filter(person -> concerned.test(comparison.member(person)))
                .toList())
        .forEach((person, difference) -> {
          if (!difference.lost().isEmpty()) {
            lost.put(person.id().value(), difference.lost());
          }
        });
    var agents = new HashSet<ClientId>();
    comparison
        .ofAgents()
        .forEach((agent, difference) -> {
          if (!difference.lost().isEmpty()) {
            agents.add(agent);
          }
        });
    return loss(lost, agents, new Connectors(base, sorts, registered));
  }

  /// Compares what people have by two libraries.
  Comparison comparison(Library base, Library version, Clients sorts) {
    return new Comparison(base, version, sorts, people.get(), clock.instant());
  }

  /// What everybody has who has more than this library gives: for when nobody knows any more what
  /// they had before.
  public Loss beyond(Library version) {
    var registered = List.copyOf(clients.get());
    var sorts = Clients.of(registered.stream().map(Client::id).toList(), version);
    var reach = new Reach(version, sorts, clock.instant());
    var connectors = new Connectors(version, sorts, registered);
    var whose = people.get();
    var ended = new ArrayList<Live>();
    for (var grant : live()) {
      var person = directory.person(new PersonId(grant.person()));
      if (person.isPresent() && !connectors.covers(reach.of(whose.member(person.get())), grant)) {
        ended.add(grant);
      }
    }
    // Of agents nothing is known that lives; they come again by themselves.
    return loss(people(ended), reach.agents(), ended);
  }

  private Loss loss(Map<String, Set<Access>> lost, Set<ClientId> agents, Connectors connectors) {
    if (lost.isEmpty()) {
      return new Loss(Set.of(), agents, List.of(), Set.of());
    }
    var ended =
        live().stream()
            .filter(grant -> connectors.touches(lost.getOrDefault(grant.person(), Set.of()), grant))
            .toList();
    var people = new HashSet<PersonId>();
    lost.keySet().forEach(id -> people.add(new PersonId(id)));
    return loss(people, agents, ended);
  }

  private static Loss loss(Set<PersonId> people, Set<ClientId> agents, List<Live> ended) {
    return new Loss(people, agents, ended.stream().map(Live::id).toList(), people(ended));
  }

  private static Set<PersonId> people(List<Live> grants) {
    var people = new HashSet<PersonId>();
    grants.forEach(grant -> people.add(new PersonId(grant.person())));
    return people;
  }

  /// Where recorded redemptions are translated that were made under a library.
  Redeemed redeemed(Library base, Clients sorts) {
    return new Redeemed(broker, new Connectors(base, sorts, List.copyOf(clients.get())));
  }

  private List<Live> live() {
    return grants.on(broker, clock.instant());
  }
}
