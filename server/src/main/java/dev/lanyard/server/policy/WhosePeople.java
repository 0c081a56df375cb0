package dev.lanyard.server.policy;

import dev.lanyard.server.directory.Person;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whose people the role library speaks of (SEC-9). It names groups and people without their
/// organisation, and of another one's people that organisation's identity provider says both.
///
/// @param organisation whose people it means by group and by name; empty if nobody has said
/// @param groupsOfOthers of other organisations the groups that lead to roles
public record WhosePeople(Optional<String> organisation, Map<String, Set<String>> groupsOfOthers) {
  public WhosePeople {
    var copy = new HashMap<String, Set<String>>();
    groupsOfOthers.forEach((name, groups) -> copy.put(name, Set.copyOf(groups)));
    groupsOfOthers = Collections.unmodifiableMap(copy);
  }

  /// The people of one organisation, and nobody else's.
  public static WhosePeople of(String organisation) {
    return new WhosePeople(Optional.of(organisation), Map.of());
  }

  /// The same, with the organisation that is known otherwise where nobody has said one.
  public WhosePeople or(Optional<String> known) {
    return new WhosePeople(organisation.or(() -> known), groupsOfOthers);
  }

  /// A person as the library sees them. Another organisation's has the groups that were named here,
  /// and no name but the id: a condition that asks for another name of theirs is not met.
  public Member member(Person person) {
    if (organisation.filter(person.organisation()::equals).isPresent()) {
      return Member.of(person);
    }
    var named = groupsOfOthers.getOrDefault(person.organisation(), Set.of());
    return new Member(
        person.id().value(),
        Optional.empty(),
        person.email(),
        false,
        person.groups().stream().filter(named::contains).collect(Collectors.toUnmodifiableSet()));
  }
}
