package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.ConnectorPolicy.Ways;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which connectors people have at an instant by whatever role, exception and client: for counting
/// very many people, where a decision for each of them and each connector would take minutes.
/// Separations of duty count. Immutable, so thread-safe.
public final class Holdings {
  private static final BitSet NONE = new BitSet();

  /// Separations do not depend on the client.
  private static final ClientId ANY = new ClientId("any-client");

  private final List<ConnectorPolicy> policies;
  private final List<Connector> connectors;
  private final Instant at;
  private final Index all;
  private final Index firm;
  private final boolean conditional;
  private final BitSet separated = new BitSet();

  /// What groups and names give: the places of connectors.
  private record Index(Ways ways, Map<String, BitSet> byGroup, Map<String, BitSet> byPerson) {
    static Index of(List<ConnectorPolicy> policies, Instant at, Ways ways) {
      var index = new Index(ways, new HashMap<>(), new HashMap<>());
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

    BitSet of(Member member) {
      var held = new BitSet();
      for (var group : member.groups()) {
        held.or(byGroup.getOrDefault(group, NONE));
      }
      if (!byPerson.isEmpty()) {
        held.or(byPerson.getOrDefault(ConnectorPolicy.key(member.userName()), NONE));
      }
      return held;
    }
  }

  /// @param policies in the order of their connectors
  Holdings(List<ConnectorPolicy> policies, Instant at) {
    this.policies = List.copyOf(policies);
    this.connectors = policies.stream().map(ConnectorPolicy::connector).toList();
    this.at = at;
    this.all = Index.of(policies, at, Ways.CONDITIONS_ASIDE);
    this.firm = Index.of(policies, at, Ways.WITHOUT_CONDITION);
    this.conditional = !all.byGroup.equals(firm.byGroup) || !all.byPerson.equals(firm.byPerson);
    for (int i = 0; i < policies.size(); i++) {
      separated.set(i, policies.get(i).isSeparated());
    }
  }

  /// The connectors of the library, in the order of the bits of [#of].
  public List<Connector> connectors() {
    return connectors;
  }

  /// What one person has, conditions aside: the places of the connectors in [#connectors()].
  public BitSet of(Member member) {
    return of(member, all);
  }

  /// Of those the ones that they have only if some condition is met.
  ///
  /// @param held what [#of] has answered
  public BitSet onCondition(Member member, BitSet held) {
    if (!conditional || held.isEmpty()) {
      return NONE;
    }
    var rest = (BitSet) held.clone();
    rest.andNot(of(member, firm));
    return rest;
  }

  private BitSet of(Member member, Index index) {
    var held = index.of(member);
    if (held.intersects(separated)) {
      separate(member, held, index.ways);
    }
    return held;
  }

  private void separate(Member member, BitSet held, Ways ways) {
    var touched = (BitSet) held.clone();
    touched.and(separated);
    for (int i = touched.nextSetBit(0); i >= 0; i = touched.nextSetBit(i + 1)) {
      var policy = policies.get(i);
      var asking =
          new Asking(
              member,
              ANY,
              policy.connector().id(),
              Optional.empty(),
              AuthenticationContext.UNKNOWN,
              at);
      var withheld = policy.withheld(asking);
      held.set(
          i,
          withheld.isEmpty()
              || Standing.without(policy.usable(member, at, ways), withheld).isPresent());
    }
  }

  /// Whether somebody is named, so that groups alone do not tell what they have.
  public boolean namesPeople() {
    return !all.byPerson.isEmpty();
  }
}
