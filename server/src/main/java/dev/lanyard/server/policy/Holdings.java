package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.ConnectorPolicy.Ways;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Which connectors people have at an instant by whatever role, exception and client: for counting
/// very many people, where a decision for each of them and each connector would take minutes.
/// Separations of duty count. Thread-safe; not to be kept, since it remembers.
///
/// What is asked for each person is bits and nothing else; a separation is judged as policy judges
/// it, but only of somebody who has all that it sets apart, and once for all who are alike in that.
public final class Holdings {
  private static final BitSet NONE = new BitSet();

  private final List<ConnectorPolicy> policies;
  private final List<Connector> connectors;
  private final Instant at;
  private final Index all;
  private final Index firm;
  private final boolean conditional;
  private final Separations separations;

  /// What separations take away, by what it depends on: very many people are alike in it.
  private final Map<Separations.Key, Taken> separated = new ConcurrentHashMap<>();

  /// What somebody has: the places of the connectors in [#connectors()].
  ///
  /// @param connectors conditions aside
  /// @param onCondition those of them that they have only if some condition is met
  public record Held(BitSet connectors, BitSet onCondition) {}

  /// What groups and names give: the places of connectors.
  private record Index(Map<String, BitSet> byGroup, Map<String, BitSet> byPerson) {
    static Index of(List<ConnectorPolicy> policies, Instant at, Ways ways) {
      var index = new Index(new HashMap<>(), new HashMap<>());
      for (int i = 0; i < policies.size(); i++) {
        int place = i;
        var policy = policies.get(i);
        policy.groups(at, ways).forEach(group -> set(index.byGroup, group, place));
        policy.people(at, ways).forEach(person -> set(index.byPerson, person, place));
      }
      return index;
    }

    private static void set(Map<String, BitSet> index, String key, int place) {
      index.computeIfAbsent(key, _ -> new BitSet()).set(place);
    }

    BitSet of(Collection<String> groups, Set<String> names) {
      var held = new BitSet();
      for (var group : groups) {
        var its = byGroup.get(group);
        if (its != null) {
          held.or(its);
        }
      }
      if (!byPerson.isEmpty()) {
        names.forEach(name -> held.or(byPerson.getOrDefault(name, NONE)));
      }
      return held;
    }
  }

  /// The separations of duty of the library.
  ///
  /// @param touched the places of connectors that one is about
  /// @param together of each the places of what it sets apart
  /// @param held what counts for them
  private record Separations(BitSet touched, List<BitSet> together, Index held) {
    static Separations of(List<ConnectorPolicy> policies, Instant at) {
      var places = new HashMap<String, Integer>();
      for (int i = 0; i < policies.size(); i++) {
        places.put(policies.get(i).connector().id(), i);
      }
      var together =
          policies.stream()
              .flatMap(policy -> policy.separations().stream())
              .distinct()
              .map(one -> places(one, places))
              .toList();
      var touched = new BitSet();
      together.forEach(touched::or);
      return new Separations(
          touched,
          together,
          touched.isEmpty()
              ? new Index(Map.of(), Map.of())
              : Index.of(policies, at, Ways.HOWEVER_HELD));
    }

    private static BitSet places(SeparationOfDuty separation, Map<String, Integer> places) {
      var its = new BitSet();
      for (var part : separation.parts()) {
        var id = part.connector().id();
        if (!separation.scopesAt(id).values().isEmpty()) {
          its.set(places.getOrDefault(id, 0));
        }
      }
      return its;
    }

    /// Who has not all parts of a separation cannot have broken it.
    boolean mayBeBrokenBy(Collection<String> groups, Set<String> names) {
      var theirs = held.of(groups, names);
      return together.stream().anyMatch(one -> isAllOf(one, theirs));
    }

    private static boolean isAllOf(BitSet some, BitSet theirs) {
      return minus(some, theirs).isEmpty();
    }

    /// By what it is decided what is taken away from somebody.
    Key key(Collection<String> groups, Set<String> names) {
      return new Key(
          groups.stream()
              .filter(group -> held.byGroup.getOrDefault(group, NONE).intersects(touched))
              .collect(Collectors.toSet()),
          names.stream()
              .filter(name -> held.byPerson.getOrDefault(name, NONE).intersects(touched))
              .collect(Collectors.toSet()));
    }

    /// @param groups those that give something at a connector that a separation is about
    /// @param names those by which something is given there
    private record Key(Set<String> groups, Set<String> names) {}
  }

  /// @param policies in the order of their connectors
  Holdings(List<ConnectorPolicy> policies, Instant at) {
    this.policies = List.copyOf(policies);
    this.connectors = policies.stream().map(ConnectorPolicy::connector).toList();
    this.at = at;
    this.all = Index.of(policies, at, Ways.CONDITIONS_ASIDE);
    this.firm = Index.of(policies, at, Ways.WITHOUT_CONDITION);
    this.conditional = policies.stream().anyMatch(ConnectorPolicy::isConditional);
    this.separations = Separations.of(policies, at);
  }

  /// The connectors of the library, in the order of the bits of [Held].
  public List<Connector> connectors() {
    return connectors;
  }

  /// What one person has.
  public Held of(Member member) {
    var groups = member.groups();
    var names = member.names();
    var held = all.of(groups, names);
    member.only().ifPresent(only -> held.and(places(only)));
    var firmly = conditional ? firm.of(groups, names) : NONE;
    if (held.intersects(separations.touched) && separations.mayBeBrokenBy(groups, names)) {
      var taken = separated.computeIfAbsent(separations.key(groups, names), _ -> takenFrom(member));
      held.andNot(taken.all());
      if (conditional) {
        firmly.andNot(taken.firm());
      }
    }
    return new Held(held, conditional ? minus(held, firmly) : NONE);
  }

  private BitSet places(Set<String> ids) {
    var places = new BitSet();
    for (int i = 0; i < connectors.size(); i++) {
      places.set(i, ids.contains(connectors.get(i).id()));
    }
    return places;
  }

  private static BitSet minus(BitSet some, BitSet others) {
    var rest = (BitSet) some.clone();
    rest.andNot(others);
    return rest;
  }

  /// The connectors of which separations leave nothing.
  ///
  /// @param all conditions aside
  /// @param firm of what hangs on no condition
  private record Taken(BitSet all, BitSet firm) {}

  private Taken takenFrom(Member member) {
    var taken = new Taken(new BitSet(), new BitSet());
    var touched = separations.touched;
    for (int i = touched.nextSetBit(0); i >= 0; i = touched.nextSetBit(i + 1)) {
      var policy = policies.get(i);
      var withheld = policy.withheld(asking(member, policy));
      taken.all.set(i, leavesNothing(policy, member, withheld, Ways.CONDITIONS_ASIDE));
      taken.firm.set(i, leavesNothing(policy, member, withheld, Ways.WITHOUT_CONDITION));
    }
    return taken;
  }

  private Asking asking(Member member, ConnectorPolicy policy) {
    return new Asking(
        member,
        AccessRequest.ANY_CLIENT,
        policy.connector().id(),
        Optional.empty(),
        AuthenticationContext.UNKNOWN,
        at);
  }

  private boolean leavesNothing(
      ConnectorPolicy policy, Member member, List<Rule> withheld, Ways ways) {
    return !withheld.isEmpty()
        && Standing.without(policy.usable(member, at, ways), withheld).isEmpty();
  }

  /// Whether somebody is named, so that groups alone do not tell what they have.
  public boolean namesPeople() {
    return !all.byPerson.isEmpty();
  }
}
