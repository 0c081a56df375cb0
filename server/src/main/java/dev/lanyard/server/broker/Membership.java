package dev.lanyard.server.broker;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.policy.Member;

/// What policy may know of a person of the directory.
final class Membership {
  private Membership() {}

  static Member of(Person person) {
    return new Member(
        person.id().value(),
        person.provenUserName(),
        person.email(),
        person.emailVerified(),
        person.groups());
  }
}
