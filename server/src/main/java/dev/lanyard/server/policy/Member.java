package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A person as policy sees them *now* (IDP-17). Whether they may do anything at all is not the
/// policy's to judge.
///
/// @param id the id of the person in the directory
/// @param userName empty if it was the person's own choice, or may have been: then no rule goes by
///   it
/// @param emailVerified whether somebody who may speak for the address has verified it
/// @param groups the names of their groups, compared exactly
/// @param agent the client, if it is no person who asks but a client for itself
/// @param only the connectors that rules can give them; empty if that is all
public record Member(
    String id,
    Optional<String> userName,
    Optional<String> email,
    boolean emailVerified,
    Set<String> groups,
    Optional<ClientId> agent,
    Optional<Set<String>> only) {
  private static final Optional<String> NAMELESS = Optional.of("");

  public Member {
    groups = Set.copyOf(groups);
  }

  public Member(
      String id,
      Optional<String> userName,
      Optional<String> email,
      boolean emailVerified,
      Set<String> groups) {
    this(id, userName, email, emailVerified, groups, Optional.empty(), Optional.empty());
  }

  /// A client that asks for itself. It has no groups and no name of a person's: only roles that
  /// name it give it anything.
  public static Member agent(ClientId client) {
    return new Member(
        "", NAMELESS, Optional.empty(), false, Set.of(), Optional.of(client), Optional.empty());
  }

  /// Somebody of the directory in these groups, wherever they come from: see [WhosePeople].
  static Member of(Person person, Set<String> groups) {
    return new Member(
        person.id().value(),
        person.provenUserName(),
        person.email(),
        person.emailVerified(),
        groups);
  }

  /// Somebody who is known by their groups only: a new hire who is not there yet.
  public static Member of(Set<String> groups) {
    return new Member("", NAMELESS, Optional.empty(), false, groups);
  }

  /// The same person, of another organisation than the library means.
  ///
  /// @param named the only groups of theirs that count
  Member foreign(Set<String> named, Set<String> connectors) {
    return new Member(
        id,
        Optional.empty(),
        email,
        false,
        groups.stream().filter(named::contains).collect(Collectors.toUnmodifiableSet()),
        agent,
        Optional.of(connectors));
  }

  /// Whether a rule can give them this connector at all.
  public boolean reaches(String connector) {
    return only.isEmpty() || only.get().contains(connector);
  }

  /// By what exceptions may name the person, in small letters: the id, the user name, the verified
  /// address. Nobody else can come to be called so by a name of their own choice.
  public Set<String> names() {
    var names = new HashSet<String>();
    userName.ifPresent(name -> names.add(key(name)));
    email
        .filter(_ -> emailVerified)
        .filter(Member::isFoldedAsMail)
        .map(Member::key)
        .ifPresent(names::add);
    names.add(key(id));
    names.remove("");
    return names;
  }

  /// Whether one of these names means the person.
  public boolean isAmong(Collection<String> people) {
    var names = names();
    return people.stream().map(Member::key).anyMatch(names::contains);
  }

  /// What all spellings of a name in the library have in common.
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// Mail hosts fold the letters A to Z and no others: whoever has another letter is somebody else.
  private static boolean isFoldedAsMail(String address) {
    return address.codePoints().noneMatch(one -> one > 127 && Character.toLowerCase(one) != one);
  }

  /// Only the id: everything else is personal.
  @Override
  public String toString() {
    return "Member[" + id + "]";
  }
}
