package dev.lanyard.server.directory;

import java.util.List;

/// Who has an e-mail address in an organisation.
public sealed interface EmailMatch {
  /// What these people are who have it.
  static EmailMatch of(List<Person> people) {
    return switch (people.size()) {
      case 0 -> new None();
      case 1 -> new One(people.getFirst());
      default -> new Several(people);
    };
  }

  record One(Person person) implements EmailMatch {}

  record None() implements EmailMatch {}

  /// Several people share the address, so it identifies nobody.
  record Several(List<Person> people) implements EmailMatch {
    public Several {
      people = List.copyOf(people);
    }
  }
}
