package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which connectors people have at an instant by whatever role, exception and client, conditions
/// aside: for counting very many people, where a decision for each of them and each connector would
/// take minutes. Separations of duty count. Immutable, so thread-safe.
public final class Holdings {
  private static final BitSet NONE = new BitSet();

  /// Separations do not depend on the client.
  private static final ClientId ANY = new ClientId("any-client");

  private final List<ConnectorPolicy> policies;
  private final List<Connector> connectors;
  private final Instant at;
  private final Map<String, BitSet> byGroup = new HashMap<>();
  private final Map<String, BitSet> byPerson = new HashMap<>();
  private final BitSet separated = new BitSet();

  /// @param policies in the order of their connectors
  Holdings(List<ConnectorPolicy> policies, Instant at) {
    this.policies = List.copyOf(policies);
    this.connectors = policies.stream().map(ConnectorPolicy::connector).toList();
    this.at = at;
    for (int i = 0; i < policies.size(); i++) {
      int place = i;
      var policy = policies.get(i);
      policy.groups(at).forEach(group -> set(byGroup, group, place));
      policy.people(at).forEach(person -> set(byPerson, person, place));
      separated.set(i, policy.isSeparated());
    }
  }

  private static void set(Map<String, BitSet> index, String key, int place) {
    index.computeIfAbsent(key, _ -> new BitSet()).set(place);
  }

  /// The connectors of the library, in the order of the bits of [#of].
  public List<Connector> connectors() {
    return connectors;
  }

  /// What one person has: the places of the connectors in [#connectors()].
  public BitSet of(Member member) {
    var held = new BitSet(policies.size());
    for (var group : member.groups()) {
      held.or(byGroup.getOrDefault(group, NONE));
    }
    if (!byPerson.isEmpty()) {
      held.or(byPerson.getOrDefault(ConnectorPolicy.key(member.userName()), NONE));
    }
    if (held.intersects(separated)) {
      separate(member, held);
    }
    return held;
  }

  private void separate(Member member, BitSet held) {
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
          withheld.isEmpty() || Standing.without(policy.usable(member, at), withheld).isPresent());
    }
  }

  /// Whether somebody is named, so that groups alone do not tell what they have.
  public boolean namesPeople() {
    return !byPerson.isEmpty();
  }
}
