package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.Optional;
import java.util.Set;

/// A person as policy sees them *now* (IDP-17). Whether they may do anything at all is not the
/// policy's to judge.
///
/// @param id the id of the person in the directory
/// @param userName by which exceptions name people, whatever the case of its letters
/// @param groups the names of their groups, compared exactly
/// @param agent the client, if it is no person who asks but a client for itself
public record Member(
    String id,
    String userName,
    Optional<String> email,
    Set<String> groups,
    Optional<ClientId> agent) {
  public Member {
    groups = Set.copyOf(groups);
  }

  public Member(String id, String userName, Optional<String> email, Set<String> groups) {
    this(id, userName, email, groups, Optional.empty());
  }

  /// A client that asks for itself. It has no groups and no name of a person's: only roles that
  /// name it give it anything.
  public static Member agent(ClientId client) {
    return new Member("", "", Optional.empty(), Set.of(), Optional.of(client));
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
