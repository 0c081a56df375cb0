package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An organisation that came by invitation, as the record has it.
///
/// @param due until when the invitation holds while no issuer is proven
public record EnrolledOrganisation(
    String name,
    Standing standing,
    OrganisationRules rules,
    List<Domain> domains,
    List<IssuerEnrolment> issuers,
    Instant due,
    Instant createdAt) {

  public EnrolledOrganisation {
    domains = List.copyOf(domains);
    issuers = List.copyOf(issuers);
  }

  /// A mail domain that the organisation says is its own.
  ///
  /// @param challenge the one-time value that proves it; no secret
  /// @param proof how it was proved; without one it identifies nobody
  public record Domain(String name, String challenge, Optional<Proof> proof) {}

  public Optional<IssuerEnrolment> issuer(Issuer issuer) {
    return issuers.stream().filter(one -> one.issuer().equals(issuer)).findFirst();
  }

  public Optional<Domain> domain(String domain) {
    return domains.stream().filter(one -> one.name().equals(domain)).findFirst();
  }

  /// The domains in which an address means somebody.
  public Set<String> provenDomains() {
    return domains.stream()
        .filter(one -> one.proof().isPresent())
        .map(Domain::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// One word for people: `invited`, `proven`, `pending`, `active`, `expired`, `suspended`,
  /// `removed`.
  public String state(Instant now) {
    if (standing != Standing.OPEN) {
      return standing.value();
    }
    var furthest =
        issuers.stream()
            .filter(one -> !one.isOver(now) && one.stage() != Stage.CLAIMED)
            .map(IssuerEnrolment::stage)
            .max(Comparator.naturalOrder());
    return furthest.map(Stage::value).orElseGet(() -> now.isBefore(due) ? "invited" : "expired");
  }

  /// As redemption takes it: with the issuers that are trusted.
  Organisation organisation() {
    var proven = provenDomains();
    return new Organisation(
        name,
        rules.tenant(),
        issuers.stream()
            .filter(one -> one.stage().isTrusted())
            .map(one -> one.provider(proven))
            .toList(),
        rules.clients(),
        rules.ceiling(),
        rules.flows());
  }
}
