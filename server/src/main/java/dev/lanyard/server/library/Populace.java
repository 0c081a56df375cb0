package dev.lanyard.server.library;

import java.util.Set;

/// What is known of the people for whom a library is checked.
///
/// @param groups the groups that somebody is in
/// @param unverified how many have an e-mail address that nobody has verified
/// @param told how many have a user name on a provider's word alone
public record Populace(Set<String> groups, int unverified, int told) {
  public Populace {
    groups = Set.copyOf(groups);
  }

  /// People of whom all names count.
  public static Populace in(Set<String> groups) {
    return new Populace(groups, 0, 0);
  }
}
