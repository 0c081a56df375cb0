package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Library;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Who gains and who loses what when one library follows another. People whom both libraries treat
/// alike are compared once. Immutable once made.
public final class Comparison {
  private final Reach before;
  private final Reach after;
  private final Sensitivity sensitivity;
  private final Map<Sensitivity.Sort, Difference> known = new HashMap<>();

  public Comparison(Library before, Library after, Clients clients, Instant now) {
    this.before = new Reach(before, clients, now);
    this.after = new Reach(after, clients, now);
    this.sensitivity = new Sensitivity(List.of(before, after));
  }

  Reach before() {
    return before;
  }

  Reach after() {
    return after;
  }

  /// What changes for people of one sort.
  public record Difference(Set<Access> gained, Set<Access> lost) {
    static final Difference NONE = new Difference(Set.of(), Set.of());

    boolean isNone() {
      return gained.isEmpty() && lost.isEmpty();
    }
  }

  /// What changes for a person. Whoever is disabled has nothing to gain or lose.
  public Difference of(Person person) {
    return person.active()
        ? known.computeIfAbsent(sort(person), _ -> compared(person))
        : Difference.NONE;
  }

  /// Whoever is of one sort is treated alike by both libraries.
  Sensitivity.Sort sort(Person person) {
    return sensitivity.sort(person);
  }

  /// What changes for each client that has, or had, something for itself; those for whom nothing
  /// does are left out.
  public Map<ClientId, Difference> ofAgents() {
    var agents = new TreeSet<>(Comparator.comparing(ClientId::value));
    agents.addAll(before.agents());
    agents.addAll(after.agents());
    var changed = new LinkedHashMap<ClientId, Difference>();
    for (var agent : agents) {
      var difference = difference(before.of(agent), after.of(agent));
      if (!difference.isNone()) {
        changed.put(agent, difference);
      }
    }
    return changed;
  }

  private Difference compared(Person person) {
    return difference(before.of(person), after.of(person));
  }

  private static Difference difference(Set<Access> had, Set<Access> has) {
    var gained = new LinkedHashSet<>(has);
    gained.removeAll(had);
    var lost = new LinkedHashSet<>(had);
    lost.removeAll(has);
    return gained.isEmpty() && lost.isEmpty() ? Difference.NONE : new Difference(gained, lost);
  }

  /// Everybody for whom something changes.
  public Map<Person, Difference> of(Collection<Person> people) {
    var changed = new LinkedHashMap<Person, Difference>();
    for (var person : people) {
      var difference = of(person);
      if (!difference.isNone()) {
        changed.put(person, difference);
      }
    }
    return changed;
  }
}
