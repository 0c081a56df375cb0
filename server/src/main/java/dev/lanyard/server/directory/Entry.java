package dev.lanyard.server.directory;

import java.util.Set;

/// A person with everything they are found by.
record Entry(Person person, Set<ExternalSubject> links) {
  Entry {
    links = Set.copyOf(links);
  }
}
