package dev.lanyard.server.directory;

/// Who has an e-mail address in an organisation.
public sealed interface EmailMatch {
  record One(Person person) implements EmailMatch {}

  record None() implements EmailMatch {}

  /// Several people share the address, so it identifies nobody.
  record Several(int people) implements EmailMatch {}
}
