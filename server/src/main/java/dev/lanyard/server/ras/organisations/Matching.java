package dev.lanyard.server.ras.organisations;

import dev.lanyard.server.directory.EmailDomain;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a subject of a provider becomes a person.
///
/// @param domains the mail domains that the provider is authoritative for, in either spelling
/// @param linkByEmail whether an address of such a domain identifies a person who is known already
/// @param createPeople whether a person who is not known is created at first sight
/// @param nameId what a SAML NameID in `sub_id` means; without it, nothing (RAS-10)
public record Matching(
    Set<String> domains, boolean linkByEmail, boolean createPeople, Optional<NameIdRule> nameId) {
  public Matching {
    domains = domains.stream().map(EmailDomain::compared).collect(Collectors.toUnmodifiableSet());
    if (linkByEmail && domains.isEmpty()) {
      throw new IllegalArgumentException(
          "ras.organisations.issuers.link_by_email needs domains that the issuer may speak for");
    }
  }

  /// Where no NameID means anybody.
  public Matching(Set<String> domains, boolean linkByEmail, boolean createPeople) {
    this(domains, linkByEmail, createPeople, Optional.empty());
  }

  /// Whether the provider may speak for this address (SEC-9).
  boolean isAuthoritativeFor(String email) {
    return EmailDomain.of(email).filter(domains::contains).isPresent();
  }
}
