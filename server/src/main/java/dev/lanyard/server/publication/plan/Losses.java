package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.plan.Comparison.Difference;
import dev.lanyard.server.revocation.Losers;
import dev.lanyard.server.sessions.IssuedGrants;
import dev.lanyard.server.sessions.IssuedGrants.Live;
import dev.lanyard.server.sessions.LiveGrants;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Which people and agents lose something, and which grants of theirs they would not be given any
/// more: those and no others are to end. An agent's tokens live for minutes and are no grants; all
/// of a loser's end, as it asks nobody for new ones.
public final class Losses {
  private static final int AT_ONCE = 500;

  private final Directory directory;
  private final IssuedGrants grants;
  private final LiveGrants live;
  private final Issuer broker;
  private final Supplier<Collection<Client>> clients;
  private final Supplier<WhosePeople> people;
  private final InstantSource clock;

  /// @param broker the issuer whose ID-JAGs the library governs
  /// @param clients those registered at the broker
  /// @param people answers whose people the library means
  public Losses(
      Directory directory,
      Database database,
      Issuer broker,
      Supplier<Collection<Client>> clients,
      Supplier<WhosePeople> people,
      InstantSource clock) {
    this.directory = directory;
    this.grants = new IssuedGrants(database);
    this.live = new LiveGrants(database);
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
    var sorts = Clients.of(registered().stream().map(Client::id).toList(), base, version);
    var comparison = comparison(base, version, sorts);
    var some =
        directory.all().stream()
            .filter(person -> concerned.test(comparison.member(person)))
            .toList();
    return lost(comparison.of(some), comparison.ofAgents(), version);
  }

  /// What of these differences is a loss, to a library.
  Loss lost(Map<Person, Difference> ofPeople, Map<ClientId, Difference> ofAgents, Library version) {
    var people = new HashSet<PersonId>();
    losers(ofPeople).forEach(person -> people.add(person.id()));
    return loss(people, losers(ofAgents), ended(people, version));
  }

  private static <T> Set<T> losers(Map<T, Difference> differences) {
    return differences.entrySet().stream()
        .filter(one -> !one.getValue().lost().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Compares what people have by two libraries.
  Comparison comparison(Library base, Library version, Clients sorts) {
    return new Comparison(base, version, sorts, people.get(), clock.instant());
  }

  /// What everybody has who has more than this library gives: for when nobody knows any more what
  /// they had before.
  public Loss beyond(Library version) {
    var everybody = directory.all().stream().map(Person::id).collect(Collectors.toSet());
    var ended = ended(everybody, version);
    // Of agents nothing is known that lives; they come again by themselves.
    var agents =
        version.roles().stream()
            .flatMap(role -> role.agents().stream())
            .collect(Collectors.toSet());
    return loss(people(ended), agents, ended);
  }

  /// The grants of people that a library would not have given them, each with the sign-in that it
  /// was given on and at its time.
  private List<Live> ended(Set<PersonId> of, Library version) {
    if (of.isEmpty()) {
      return List.of();
    }
    var now = clock.instant();
    var theirs = new HashMap<String, Live>();
    for (var grant : grants.on(broker.value(), now)) {
      if (of.contains(new PersonId(grant.person()))) {
        theirs.put(grant.id(), grant);
      }
    }
    var policy = new Policy(() -> version);
    var catalog = new Catalog(() -> version);
    var judge = new Losers(live, directory, () -> policy, () -> catalog, people.get(), broker);
    var ended = new ArrayList<Live>();
    for (var part : Chunks.of(List.copyOf(theirs.keySet()), AT_ONCE)) {
      live.withIds(part, now).stream()
          .filter(one -> judge.isLost(one, now))
          .flatMap(one -> Optional.ofNullable(theirs.get(one.grant().id())).stream())
          .forEach(ended::add);
    }
    return ended;
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
    return new Redeemed(broker.value(), new Connectors(base, sorts, registered()));
  }

  private List<Client> registered() {
    return List.copyOf(clients.get());
  }
}
