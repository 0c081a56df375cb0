package dev.lanyard.server.directory;

import java.util.Set;

/// A person with everything they are found by.
///
/// @param claimed the groups that were told at sign-in or by an administrator: those of
///   [Person#groups()] that no source keeps
record Entry(Person person, Set<String> claimed, Set<ExternalSubject> links) {
  Entry {
    claimed = Set.copyOf(claimed);
    links = Set.copyOf(links);
  }
}
