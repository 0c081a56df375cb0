package dev.lanyard.server.directory;

import java.util.Optional;
import java.util.Set;

/// What a source says of a person.
///
/// @param userName as in [NewPerson]
/// @param externalId the source's own name of the person
/// @param email the address by which the person is known here
/// @param emails every address of the person, that one included
/// @param attributes everything else, in the source's words, as JSON; kept in the record, not in
///   memory
public record Profile(
    String userName,
    Optional<String> externalId,
    String displayName,
    Optional<String> email,
    Set<String> emails,
    String attributes) {
  public Profile {
    emails = Set.copyOf(emails);
  }

  @Override
  public String toString() {
    return "Profile[hidden]";
  }
}
