package dev.lanyard.server.directory;

import java.util.List;

/// Who has an e-mail address in an organisation.
public sealed interface EmailMatch {
  record One(Person person) implements EmailMatch {}

  record None() implements EmailMatch {}

  /// Several people share the address, so it identifies nobody.
  record Several(List<Person> people) implements EmailMatch {
    public Several {
      people = List.copyOf(people);
    }
  }
}
