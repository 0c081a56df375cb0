package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.policy.Explanation.MissingRole;
import dev.lanyard.server.policy.Giving.Weighed;
import dev.lanyard.server.policy.Prospects.Outlook;
import dev.lanyard.server.policy.Rule.Effect;
import dev.lanyard.server.policy.Rule.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the library gives at one connector, found by group and by person.
///
/// This is the hot path: nothing is searched, sorted or built that could be known beforehand, and
/// the usual case (one role through one group, no condition) makes one object.
final class ConnectorPolicy {
  private static final Comparator<Candidate> IN_ORDER =
      Comparator.comparingInt(Candidate::order).thenComparing(Candidate::group);

  private final Connector connector;
  private final List<String> id;
  private final List<ResourceIndicator> resource;
  private final Map<String, List<Candidate>> byGroup = new HashMap<>();
  private final Map<String, List<Candidate>> byPerson = new HashMap<>();
  private final Map<ClientId, List<Candidate>> byAgent = new HashMap<>();
  private final List<SeparationOfDuty> separations = new ArrayList<>(0);
  private final List<MissingRole> roles = new ArrayList<>(1);
  private int entries;

  ConnectorPolicy(Connector connector) {
    this.connector = connector;
    this.id = List.of(connector.id());
    this.resource = List.of(connector.resource());
  }

  /// A giving by one way to it.
  ///
  /// @param order the place of its rule among the rules of the connector
  /// @param group the group that leads to it; empty if the person is named
  /// @param rule the rule as it stands if nothing prevents it
  private record Candidate(int order, String group, Giving giving, Rule rule) {}

  /// To be called in the order in which rules are told.
  void add(Giving giving, Set<String> groups, Set<String> people) {
    for (var group : groups) {
      var candidate = new Candidate(entries, group, giving, giving.applied(List.of(group)));
      byGroup.computeIfAbsent(group, absent -> new ArrayList<>(1)).add(candidate);
    }
    for (var person : people) {
      var candidate = new Candidate(entries, "", giving, giving.applied(List.of()));
      byPerson.computeIfAbsent(Member.key(person), absent -> new ArrayList<>(1)).add(candidate);
    }
    entries++;
  }

  /// To be called for each role that gives it to groups, in the order of the library.
  void isGivenBy(Role role) {
    if (!role.groups().isEmpty()) {
      roles.add(new MissingRole(role.name(), role.groups(), connector.id()));
    }
  }

  /// The roles that would give it to a person who is in none of their groups.
  List<MissingRole> missing(Member member) {
    return roles.stream()
        .filter(_ -> member.reaches(connector.id()))
        .filter(role -> Collections.disjoint(role.groups(), member.groups()))
        .toList();
  }

  /// What is given to clients that act for themselves.
  void addAgents(Giving giving, Set<ClientId> agents) {
    for (var agent : agents) {
      var candidate = new Candidate(entries, "", giving, giving.applied(List.of()));
      byAgent.computeIfAbsent(agent, absent -> new ArrayList<>(1)).add(candidate);
    }
    entries++;
  }

  void add(SeparationOfDuty separation) {
    separations.add(separation);
  }

  Connector connector() {
    return connector;
  }

  /// Which ways to a connector count.
  enum Ways {
    /// All, as if every condition was met: tomorrow it may be.
    CONDITIONS_ASIDE,
    /// Those without a condition: what nothing about a time, a network or a sign-in takes away.
    WITHOUT_CONDITION,
    /// All that have not ended, also if no client serves them: what counts for a separation of
    /// duty.
    HOWEVER_HELD;

    private boolean counts(Giving giving, Instant at) {
      return switch (this) {
        case CONDITIONS_ASIDE -> giving.isUsable(at);
        case WITHOUT_CONDITION -> giving.isUsable(at) && giving.requirements().isEmpty();
        case HOWEVER_HELD -> at.isBefore(giving.until());
      };
    }
  }

  /// Whom some rule is about here, whatever it comes to: of nobody else there is anything to say.
  Concerned concerned() {
    return new Concerned(byGroup.keySet(), byPerson.keySet());
  }

  /// The groups whose members have it at an instant through some client.
  Set<String> groups(Instant at, Ways ways) {
    return usable(byGroup, at, ways);
  }

  /// The people who are named, by their [Member#key], likewise.
  Set<String> people(Instant at, Ways ways) {
    return usable(byPerson, at, ways);
  }

  /// The scopes that the person has at an instant through some client.
  Scopes usable(Member member, Instant at, Ways ways) {
    return candidates(member).stream()
        .map(Candidate::giving)
        .filter(giving -> ways.counts(giving, at))
        .map(Giving::scopes)
        .reduce(Scopes.NONE, Scopes::union);
  }

  private static Set<String> usable(Map<String, List<Candidate>> index, Instant at, Ways ways) {
    return index.entrySet().stream()
        .filter(one -> one.getValue().stream().anyMatch(way -> ways.counts(way.giving, at)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Whether something of it is given to people on some condition only.
  boolean isConditional() {
    return Stream.of(byGroup, byPerson)
        .flatMap(index -> index.values().stream())
        .flatMap(List::stream)
        .anyMatch(way -> !way.giving.requirements().isEmpty());
  }

  /// The separations of duty that may take something of it away.
  List<SeparationOfDuty> separations() {
    return separations;
  }

  /// The connector's name alone in a list.
  List<String> id() {
    return id;
  }

  /// The connector's resource alone in a list.
  List<ResourceIndicator> resource() {
    return resource;
  }

  /// What becomes of every rule that could give the person this connector, in their order.
  List<Weighed> weigh(Asking asking) {
    var candidates = candidates(asking);
    if (candidates.isEmpty()) {
      return List.of();
    }
    if (candidates.size() == 1) {
      var only = candidates.getFirst();
      return List.of(only.giving.weigh(asking, only.rule));
    }
    candidates.sort(IN_ORDER);
    var weighed = new ArrayList<Weighed>(candidates.size());
    for (int from = 0; from < candidates.size(); ) {
      int to = from + 1;
      while (to < candidates.size() && candidates.get(to).order == candidates.get(from).order) {
        to++;
      }
      var giving = candidates.get(from).giving;
      weighed.add(giving.weigh(asking, merged(candidates.subList(from, to))));
      from = to;
    }
    return weighed;
  }

  /// One rule, however many groups lead to it.
  private static Rule merged(List<Candidate> ways) {
    var first = ways.getFirst();
    if (ways.size() == 1) {
      return first.rule;
    }
    var groups = new TreeSet<String>();
    ways.forEach(way -> groups.addAll(way.rule.groups()));
    return first.giving.applied(List.copyOf(groups));
  }

  private List<Candidate> candidates(Asking asking) {
    var member = asking.member();
    return member.reaches(connector.id()) ? candidates(member) : List.of();
  }

  private List<Candidate> candidates(Member member) {
    List<Candidate> found = List.of();
    if (member.agent().isPresent()) {
      return join(found, byAgent.get(member.agent().get()));
    }
    for (var group : member.groups()) {
      found = join(found, byGroup.get(group));
    }
    if (!byPerson.isEmpty()) {
      for (var name : member.names()) {
        found = join(found, byPerson.get(name));
      }
    }
    return found;
  }

  private static List<Candidate> join(List<Candidate> found, @Nullable List<Candidate> more) {
    if (more == null) {
      return found;
    }
    if (found.isEmpty()) {
      return more.size() == 1 ? more : new ArrayList<>(more);
    }
    var both = found.size() == 1 ? new ArrayList<>(found) : found;
    both.addAll(more);
    return both;
  }

  /// Whether a decision could give the person anything here, conditions aside.
  ///
  /// @param asking who asks through which client, and when; how they signed in does not matter
  Outlook outlook(Asking asking) {
    var outlook = Outlook.NO_ROLE;
    var given = Scopes.NONE;
    for (var candidate : candidates(asking)) {
      var at = candidate.giving.outlook(asking.clientId(), asking.at());
      if (at == Outlook.GIVEN) {
        given = given.union(candidate.giving.scopes());
      }
      outlook = outlook.or(at);
    }
    if (outlook != Outlook.GIVEN) {
      return outlook;
    }
    var withheld = withheld(asking);
    return withheld.isEmpty() || Standing.without(given, withheld).isPresent()
        ? Outlook.GIVEN
        : Outlook.SEPARATED;
  }

  /// The scopes that the person has here by whatever way and client, conditions aside: what counts
  /// for a separation of duty, since tomorrow the conditions may be met, and since whoever is of
  /// another organisation may have them here by its word. With those that they stand for.
  Scopes held(Member member, Instant now) {
    return candidates(member).stream()
        .map(Candidate::giving)
        .filter(giving -> Ways.HOWEVER_HELD.counts(giving, now))
        .map(Giving::scopes)
        .map(connector.implications()::withImplied)
        .reduce(Scopes.NONE, Scopes::union);
  }

  /// The rules of separations that withhold scopes from this person here.
  List<Rule> withheld(Asking asking) {
    if (separations.isEmpty()) {
      return List.of();
    }
    return separations.stream()
        .filter(separation -> separation.isBrokenBy(asking.member(), asking.at()))
        .map(separation ->
            new Rule(
                Kind.SEPARATION,
                separation.name(),
                List.of(),
                connector.id(),
                // What stands for a scope that is withheld would give it all the same.
                connector.implications().withImplying(separation.scopesAt(connector.id())),
                Effect.WITHHELD,
                List.of()))
        .collect(Collectors.toList());
  }
}
