package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.WhosePeople;
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
  private final WhosePeople people;
  private final Map<Sensitivity.Sort, Difference> known = new HashMap<>();

  /// @param people whose people both mean
  public Comparison(
      Library before, Library after, Clients clients, WhosePeople people, Instant now) {
    var moments = Moment.of(List.of(before, after));
    this.before = new Reach(before, moments, clients, now);
    this.after = new Reach(after, moments, clients, now);
    this.sensitivity = new Sensitivity(List.of(before, after));
    this.people = people;
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
    if (!person.active()) {
      return Difference.NONE;
    }
    var member = member(person);
    return known.computeIfAbsent(sort(member), _ -> compared(member));
  }

  /// A person as both libraries see them.
  Member member(Person person) {
    return people.member(person);
  }

  /// Whoever is of one sort is treated alike by both libraries.
  Sensitivity.Sort sort(Member member) {
    return sensitivity.sort(member);
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

  private Difference compared(Member member) {
    return difference(before.of(member), after.of(member));
  }

  private static Difference difference(Map<Access, Set<Moment>> had, Map<Access, Set<Moment>> has) {
    var gained = beyond(has, had);
    var lost = beyond(had, has);
    return gained.isEmpty() && lost.isEmpty() ? Difference.NONE : new Difference(gained, lost);
  }

  /// What is reached at some moment by one library and not by the other, said of the worst moment.
  private static Set<Access> beyond(Map<Access, Set<Moment>> one, Map<Access, Set<Moment>> other) {
    var more = new LinkedHashSet<Access>();
    one.forEach((access, moments) -> {
      var there = other.getOrDefault(access, Set.of());
      for (var moment : moments) {
        if (!there.contains(moment)) {
          boolean stays = moment.on() == Access.On.NOTHING && !there.isEmpty();
          more.add(access.hangingOn(stays ? Access.On.NO_CONDITION : moment.on()));
          return;
        }
      }
    });
    return more;
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
