package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// By which claims of an ID Token a provider says what.
///
/// A claim is named as it stands in the token, or by its path where it is inside another one:
/// `realm_access.roles`. A claim that is called exactly so goes before a path, because names such
/// as `https://example.com/groups` have dots, too.
///
/// @param subject whom it means, for ever and for all applications alike: `sub`, or `oid` at Entra,
///   whose `sub` no other system knows
/// @param userName the first of these that is there; `sub` if none is
/// @param email the person's address
/// @param displayName what people call them
/// @param groups the groups that they are in, if the provider says any
/// @param required what must have one of these values, such as `hd` at Google, where everybody has
///   an account
public record ClaimNames(
    String subject,
    List<String> userName,
    String email,
    String displayName,
    Optional<String> groups,
    Map<String, Set<String>> required) {
  /// The claim by which nearly every provider means a person.
  public static final String SUB = "sub";

  /// Whatever may be given to another one day, or that a person may choose (SEC-9).
  private static final Set<String> NO_SUBJECT =
      Set.of("email", "preferred_username", "upn", "unique_name", "name", "nickname");

  /// The claims of OpenID Connect, and no groups.
  public static final ClaimNames STANDARD =
      new ClaimNames(
          SUB, List.of("preferred_username", "email"), "email", "name", Optional.empty(), Map.of());

  /// @throws IllegalArgumentException if the subject may be another person's one day
  public ClaimNames {
    if (NO_SUBJECT.contains(subject)) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.subject_claim must be one that is never given to another"
              + " person, such as sub or oid, not '"
              + subject
              + "'");
    }
    userName = List.copyOf(userName);
    required = Map.copyOf(required);
  }

  /// The same with groups.
  public ClaimNames withGroups(Optional<String> claim) {
    return new ClaimNames(subject, userName, email, displayName, claim, required);
  }

  /// The same with another subject.
  public ClaimNames withSubject(String claim) {
    return new ClaimNames(claim, userName, email, displayName, groups, required);
  }

  /// A text claim.
  ///
  /// @throws MalformedException if it is there and is no text
  static Optional<String> text(JsonObject claims, String name) throws MalformedException {
    var place = place(claims, name);
    return place.isEmpty() ? Optional.empty() : place.get().in().string(place.get().member());
  }

  /// One text or a list of them; empty if there is no such claim.
  ///
  /// @throws MalformedException if it is there and is neither
  static Optional<List<String>> texts(JsonObject claims, String name) throws MalformedException {
    var place = place(claims, name);
    return place.isEmpty()
        ? Optional.empty()
        : place.get().in().stringOrStrings(place.get().member());
  }

  private record Place(JsonObject in, String member) {}

  private static Optional<Place> place(JsonObject claims, String name) throws MalformedException {
    if (claims.has(name)) {
      return Optional.of(new Place(claims, name));
    }
    int dot = name.indexOf('.');
    if (dot < 0 || !claims.has(name.substring(0, dot))) {
      return Optional.empty();
    }
    var inner = claims.object(name.substring(0, dot));
    return inner.isEmpty() ? Optional.empty() : place(inner.get(), name.substring(dot + 1));
  }
}
