package dev.lanyard.server.policy;

import java.util.Optional;
import java.util.Set;

/// A person as policy sees them *now* (IDP-17). Whether they may do anything at all is not the
/// policy's to judge.
///
/// @param id the id of the person in the directory
/// @param userName by which exceptions name people, whatever the case of its letters
/// @param groups the names of their groups, compared exactly
public record Member(String id, String userName, Optional<String> email, Set<String> groups) {
  public Member {
    groups = Set.copyOf(groups);
  }

  /// Somebody who is known by their groups only: a new hire who is not there yet.
  public static Member of(Set<String> groups) {
    return new Member("", "", Optional.empty(), groups);
  }

  /// Only the id: everything else is personal.
  @Override
  public String toString() {
    return "Member[" + id + "]";
  }
}
