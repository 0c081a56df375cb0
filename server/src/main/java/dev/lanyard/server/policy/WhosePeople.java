package dev.lanyard.server.policy;

import dev.lanyard.server.directory.Person;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whose people the role library speaks of (SEC-9). It names groups and people without their
/// organisation, and of another one's people that organisation's identity provider says both.
/// Nothing else makes a [Member] of somebody in the directory, so that whatever is said of people
/// is what is enforced.
///
/// @param organisation whose people it means by group and by name; empty if nobody has said
/// @param others what counts of other organisations' people; empty if everything did
public record WhosePeople(Optional<String> organisation, Optional<Others> others) {
  /// As it was before anybody asked: everybody's groups and names counted.
  public static final WhosePeople EVERYBODY = new WhosePeople(Optional.empty(), Optional.empty());

  /// What counts of other organisations' people. The broker exchanges nothing for them: where no
  /// gateway asks the library about them, nobody gives them anything.
  ///
  /// @param groups the groups that lead to roles, by organisation
  /// @param connectors those behind the gateway
  public record Others(Map<String, Set<String>> groups, Set<String> connectors) {
    /// Nothing.
    public static final Others NONE = new Others(Map.of(), Set.of());

    public Others {
      var copy = new HashMap<String, Set<String>>();
      groups.forEach((name, some) -> copy.put(name, Set.copyOf(some)));
      groups = Map.copyOf(copy);
      connectors = Set.copyOf(connectors);
    }

    /// The groups of an organisation that lead to roles.
    public Set<String> groups(String organisation) {
      return groups.getOrDefault(organisation, Set.of());
    }
  }

  public WhosePeople(Optional<String> organisation, Others others) {
    this(organisation, Optional.of(others));
  }

  /// The people of one organisation, and nobody else's.
  public static WhosePeople of(String organisation) {
    return new WhosePeople(Optional.of(organisation), Others.NONE);
  }

  /// The same, with the organisation that is known otherwise where nobody has said one.
  public WhosePeople or(Optional<String> known) {
    return new WhosePeople(organisation.or(() -> known), others);
  }

  /// A person as the library sees them. Another organisation's has the groups that were named here,
  /// and no name but the id: a condition that asks for another name of theirs is not met.
  public Member member(Person person) {
    return member(person, person.groups());
  }

  /// The same in other groups than they are in now: as it was, or would be.
  public Member member(Person person, Set<String> groups) {
    return restricted(Member.of(person, groups), person.organisation());
  }

  /// Somebody of whom no more is known, and whom no rule names.
  public Member member(String id, String organisation, Collection<String> groups) {
    var known = new Member(id, Optional.empty(), Optional.empty(), false, Set.copyOf(groups));
    return restricted(known, organisation);
  }

  private Member restricted(Member member, String of) {
    return organisation.filter(of::equals).isPresent()
        ? member
        : others.map(one -> member.foreign(one.groups(of), one.connectors())).orElse(member);
  }
}
