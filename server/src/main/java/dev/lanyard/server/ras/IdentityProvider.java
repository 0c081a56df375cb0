package dev.lanyard.server.ras;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An identity provider that an organisation has enrolled.
///
/// @param issuer its identifier, byte for byte
/// @param algorithms what it may sign ID-JAGs with
/// @param tenant the only `tenant` accepted from it, if it has several
/// @param people how its subjects become people of ours
/// @param replay how often one of its ID-JAGs may be redeemed
public record IdentityProvider(
    Issuer issuer,
    Set<SigningAlgorithm> algorithms,
    Optional<String> tenant,
    Matching people,
    ReplayPolicy replay) {

  public IdentityProvider {
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException(
          "ras.organisations.issuers.algorithms must not be empty for " + issuer);
    }
    algorithms = Set.copyOf(algorithms);
  }

  /// How a subject becomes a person.
  ///
  /// @param domains the mail domains that the provider is authoritative for
  /// @param linkByEmail whether an address of such a domain identifies a person who is known
  ///   already
  /// @param createPeople whether a person who is not known is created at first sight
  public record Matching(Set<String> domains, boolean linkByEmail, boolean createPeople) {
    /// Only people who were linked beforehand.
    public static final Matching LINKED_ONLY = new Matching(Set.of(), false, false);

    public Matching {
      domains =
          domains.stream()
              .map(domain -> domain.toLowerCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
      if (linkByEmail && domains.isEmpty()) {
        throw new IllegalArgumentException(
            "ras.organisations.issuers.link_by_email needs domains that the issuer may speak for");
      }
    }

    /// Whether the provider may speak for this address (SEC-9).
    boolean isAuthoritativeFor(String email) {
      int at = email.lastIndexOf('@');
      return at > 0 && domains.contains(email.substring(at + 1).toLowerCase(Locale.ROOT));
    }
  }
}
