package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.directory.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An identity provider that may keep people and groups here.
///
/// @param id names the connection in commands and in the record
/// @param organisation whose people it keeps
/// @param compatibility how it speaks
/// @param groups the names of groups that it may keep, compared exactly; a `*` at the end stands
///   for whatever follows. None means none: groups lead to roles
/// @param existing what becomes of people who are here already and whom no connection keeps
/// @param subjectIssuer the issuer whose `sub` is the `externalId` of this connection, if there is
///   one: whoever signs in there is then the person that was provisioned
/// @param requestsPerSecond how many requests it may send; some more at once
/// @param clients the OAuth clients of the broker that get tokens for it; with them it takes no
///   tokens that were made by hand
/// @param emailDomains whose addresses it hands out, as [EmailDomain] compares them; empty if it
///   may name any
public record ScimConnection(
    String id,
    String organisation,
    Compatibility compatibility,
    List<String> groups,
    Existing existing,
    Optional<Issuer> subjectIssuer,
    int requestsPerSecond,
    Set<ClientId> clients,
    Set<String> emailDomains) {
  public static final int DEFAULT_REQUESTS_PER_SECOND = 50;

  /// @throws IllegalArgumentException if the id or the rate cannot be; for configuration
  public ScimConnection {
    if (!id.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "broker.scim.connections.id must be lower-case letters, digits and '-', not '"
              + id
              + "'");
    }
    if (requestsPerSecond < 25) {
      throw new IllegalArgumentException(
          "broker.scim.connections.requests_per_second must be 25 or more: providers count on it");
    }
    groups = List.copyOf(groups);
    clients = Set.copyOf(clients);
    emailDomains =
        emailDomains.stream().map(EmailDomain::compared).collect(Collectors.toUnmodifiableSet());
    if (compatibility.demandsKeys() && clients.isEmpty()) {
      throw new IllegalArgumentException(
          "broker.scim.connections.clients is missing: the profile "
              + compatibility.value()
              + " takes OAuth client credentials only");
    }
  }

  /// One that takes tokens that an administrator makes.
  public ScimConnection(
      String id,
      String organisation,
      Compatibility compatibility,
      List<String> groups,
      Existing existing,
      Optional<Issuer> subjectIssuer,
      int requestsPerSecond) {
    this(
        id,
        organisation,
        compatibility,
        groups,
        existing,
        subjectIssuer,
        requestsPerSecond,
        Set.of(),
        Set.of());
  }

  /// Whether its tokens come from OAuth clients, and are not made by hand.
  public boolean hasClients() {
    return !clients.isEmpty();
  }

  /// What becomes of somebody who is here already when a connection creates them.
  public enum Existing {
    /// The connection is told that the name is taken.
    REFUSE,
    /// They become the connection's if they signed in before with the subject that it names: then
    /// they are the same person.
    SAME_SUBJECT,
    /// They become the connection's if they have the user name that it names.
    SAME_USER_NAME;

    /// @throws IllegalArgumentException if there is no such choice; for configuration
    public static Existing named(String name) {
      return switch (name) {
        case "refuse" -> REFUSE;
        case "same_subject" -> SAME_SUBJECT;
        case "same_user_name" -> SAME_USER_NAME;
        default ->
            throw new IllegalArgumentException(
                "'" + name + "' is none of refuse, same_subject, same_user_name");
      };
    }
  }

  Source source() {
    return new Source(organisation, id);
  }

  /// Whether somebody may be known by this address: one of another domain is somebody else's.
  boolean mayName(String address) {
    return emailDomains.isEmpty()
        || EmailDomain.of(address).filter(emailDomains::contains).isPresent();
  }

  /// Whether somebody may be called so. A name that is an address, in whichever letters, is to be
  /// one that they may have.
  boolean mayCall(String userName) {
    var folded = Directory.folded(userName);
    return EmailDomain.of(folded).isEmpty() || mayName(folded);
  }

  boolean mayKeepGroup(String name) {
    return groups.stream()
        .anyMatch(allowed ->
            allowed.endsWith("*")
                ? name.startsWith(allowed.substring(0, allowed.length() - 1))
                : name.equals(allowed));
  }
}
