package dev.lanyard.server.policy;

import java.util.Set;

/// Whom the rules of a connector are about, whatever they come to. Who is in none of these groups
/// and not named is given nothing by any rule, and taken nothing.
///
/// @param groups any of them
/// @param people user names in small letters
public record Concerned(Set<String> groups, Set<String> people) {
  public Concerned {
    groups = Set.copyOf(groups);
    people = Set.copyOf(people);
  }

  /// Whether a user name is named, whatever the case of its letters.
  public boolean names(String userName) {
    return people.contains(ConnectorPolicy.key(userName));
  }
}
