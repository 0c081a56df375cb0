package dev.lanyard.server.directory;

import java.util.Optional;
import java.util.Set;

/// A person as the record has them now. Immutable.
///
/// @param organisation the customer organisation that the person belongs to
/// @param userName unique in the organisation, whatever the case of its letters
/// @param email their address, if they have one
/// @param emailVerified whether somebody who may speak for the address has verified it; false
///   without one
/// @param displayName what people call them
/// @param standing whether the person may do anything at all; only `revocation` changes it
/// @param groups the names of their groups, whoever told of them, compared exactly
public record Person(
    PersonId id,
    String organisation,
    String userName,
    Optional<String> email,
    boolean emailVerified,
    String displayName,
    Standing standing,
    Set<String> groups) {

  public Person {
    groups = Set.copyOf(groups);
    emailVerified = emailVerified && email.isPresent();
  }

  /// The same person in these groups.
  public Person in(Set<String> others) {
    return new Person(
        id, organisation, userName, email, emailVerified, displayName, standing, others);
  }

  /// Whether the person may do anything at all.
  public boolean active() {
    return standing == Standing.ACTIVE;
  }

  /// The same person, who may do nothing any more.
  Person switchedOff() {
    return new Person(
        id, organisation, userName, email, emailVerified, displayName, Standing.DISABLED, groups);
  }

  /// Only the id: everything else is personal.
  @Override
  public String toString() {
    return "Person[" + id + "]";
  }
}
