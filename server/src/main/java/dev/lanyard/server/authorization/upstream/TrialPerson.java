package dev.lanyard.server.authorization.upstream;

import dev.lanyard.server.directory.ToldAddress;
import java.util.Optional;
import java.util.Set;

/// Whom a trial sign-in would have signed in.
///
/// @param subject by which the person will be known
/// @param userName what they will be called
/// @param email the address, or why none is taken
/// @param groups what they will be in; empty if the provider is not asked for groups
public record TrialPerson(
    String subject, String userName, ToldAddress email, Optional<Set<String>> groups) {
  public TrialPerson {
    groups = groups.map(Set::copyOf);
  }

  static TrialPerson of(Introduction introduced) {
    return new TrialPerson(
        introduced.subject(),
        introduced.userName(),
        introduced.profile().address(),
        introduced.groups());
  }
}
