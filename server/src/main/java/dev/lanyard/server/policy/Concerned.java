package dev.lanyard.server.policy;

import java.util.Set;

/// Whom the rules of a connector are about, whatever they come to. Who is in none of these groups
/// and not named is given nothing by any rule, and taken nothing.
///
/// @param groups any of them
/// @param people their names in small letters, as [Member#names]
public record Concerned(Set<String> groups, Set<String> people) {
  public Concerned {
    groups = Set.copyOf(groups);
    people = Set.copyOf(people);
  }

  /// Whether somebody is named.
  public boolean names(Member member) {
    return member.isAmong(people);
  }
}
