package dev.lanyard.server.directory;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A person as the record has them now. Immutable.
///
/// @param organisation the customer organisation that the person belongs to
/// @param userName unique in the organisation, whatever the case of its letters
/// @param userNameGiven whether an administrator or a source of provisioning has given it; false if
///   an issuer has told it, which may let people choose
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
    boolean userNameGiven,
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
        id,
        organisation,
        userName,
        userNameGiven,
        email,
        emailVerified,
        displayName,
        standing,
        others);
  }

  /// The user name, if rules may go by it: if it was given, or is the person's verified address,
  /// and then as that is spelled. What a provider tells may be the person's own choice (OpenID
  /// Connect Core 1.0 §5.7), and so may be how it is spelled.
  public Optional<String> provenUserName() {
    return userNameGiven
        ? Optional.of(userName)
        : email.filter(
            address -> emailVerified && Keys.email(address).equals(Keys.userName(userName)));
  }

  /// What the person is called that no rule goes by: a user name that a provider told, an address
  /// that nobody has verified.
  public Set<String> unprovenNames() {
    var names = new HashSet<String>();
    if (provenUserName().isEmpty()) {
      names.add(userName);
    }
    email.filter(_ -> !emailVerified).ifPresent(names::add);
    return names;
  }

  /// What a rule is to call this person by, so that it means nobody else.
  public String provenName() {
    return provenUserName().or(() -> email.filter(_ -> emailVerified)).orElseGet(() -> id.value());
  }

  /// Whether the person may do anything at all.
  public boolean active() {
    return standing == Standing.ACTIVE;
  }

  /// The same person, who may do nothing any more.
  Person switchedOff() {
    return new Person(
        id,
        organisation,
        userName,
        userNameGiven,
        email,
        emailVerified,
        displayName,
        Standing.DISABLED,
        groups);
  }

  /// Only the id: everything else is personal.
  @Override
  public String toString() {
    return "Person[" + id + "]";
  }
}
