package dev.lanyard.server.directory;

import java.util.Set;

/// What became of a provider's word about a person.
///
/// @param changed the fields that have another value now: `user_name`, `address`, `display_name`
/// @param withheld the fields that were not taken, because the value is somebody else's
/// @param former who had the address before, and has none now
public record ProfileChange(Set<String> changed, Set<String> withheld, Set<PersonId> former) {
  /// Nothing was written.
  static final ProfileChange NONE = new ProfileChange(Set.of(), Set.of(), Set.of());

  static final String USER_NAME = "user_name";
  static final String ADDRESS = "address";
  static final String DISPLAY_NAME = "display_name";

  public ProfileChange {
    changed = Set.copyOf(changed);
    withheld = Set.copyOf(withheld);
    former = Set.copyOf(former);
  }

  /// Whether anything is other than before, of anybody.
  public boolean isAny() {
    return !changed.isEmpty() || !former.isEmpty();
  }

  /// Whether something has changed that policy, or a server that finds people by it, may look at.
  public boolean isOfIdentity() {
    return changed.contains(USER_NAME) || changed.contains(ADDRESS);
  }
}
