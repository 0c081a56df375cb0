package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.ras.enrolment.DomainRights.Right;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The mail domains of organisations: claimed by name, proved by a document below the domain or by
/// the operator's word.
public final class DomainClaims {
  private final Issuer self;
  private final Ledger ledger;
  private final DomainRights rights;
  private final Surroundings surroundings;

  DomainClaims(Issuer self, Ledger ledger, DomainRights rights, Surroundings surroundings) {
    this.self = self;
    this.ledger = ledger;
    this.rights = rights;
    this.surroundings = surroundings;
  }

  /// Says that a domain is the organisation's.
  ///
  /// @param proof the operator's word, if an operator says it
  public EnrolmentResult add(String name, String typed, Optional<Proof> proof, By by) {
    DomainName domain;
    try {
      domain = DomainName.parse(typed);
    } catch (IllegalArgumentException e) {
      return ledger.refuse(
          by, "domain-claimed", name, new Problem("wrong_form", String.valueOf(e.getMessage())));
    }
    return ledger.change(
        by,
        "domain-claimed",
        name,
        (tables, known) -> {
          var one = Set.of(domain);
          var vouched = proof.isPresent() ? one : Set.<DomainName>of();
          var evidence = about(domain.value()).putIfPresent("proof", proof.map(Proof::value));
          return step(rights.claim(tables, known, one, vouched, ledger.now()), evidence.build());
        });
  }

  private static Step.Outcome step(Right right, JsonObject evidence) {
    return switch (right) {
      case Right.Refused(var problem) -> new Step.NotTaken(problem);
      case Right.Given given ->
          Step.Taken.of(evidence.with(given.evidence())).changing(given.others());
    };
  }

  private static JsonObject.Builder about(String domain) {
    return JsonObject.builder().put("domain", domain);
  }

  /// Proves a domain by the document below it.
  public EnrolmentResult prove(String name, String domain, By by) {
    var claim = ledger.find(name).flatMap(one -> one.domain(domain));
    if (claim.isEmpty()) {
      return ledger.refuse(by, "domain-proven", name, DomainRights.unknown(name, domain));
    }
    var challenge = new Challenge(claim.get().challenge(), self, Optional.empty());
    var missing = surroundings.missing(surroundings.documentOf(domain), challenge);
    if (missing.isPresent()) {
      return ledger.refuse(by, "domain-proven", name, new Problem("no_proof", missing.get()));
    }
    return ledger.change(
        by,
        "domain-proven",
        name,
        (tables, known) -> {
          var same = known.domain(domain).filter(one -> one.equals(claim.get()));
          if (same.isEmpty()) {
            return new Step.NotTaken(DomainRights.unknown(name, domain));
          }
          return step(rights.prove(tables, name, domain, Proof.DOCUMENT), about(domain).build());
        });
  }

  /// Takes a domain away. People who were found by an address of it stay linked; what they hold now
  /// dies. An issuer that a domain alone has proved, and that has not confirmed it, is claimed
  /// again: which domain has named it is not kept.
  ///
  /// @param typed however its letters are written
  public EnrolmentResult remove(String name, String typed, By by) {
    var domain = EmailDomain.compared(typed.strip());
    return ledger.change(
        by,
        "domain-removed",
        name,
        (tables, known) -> {
          var claim = known.domain(domain);
          if (claim.isEmpty()) {
            return new Step.NotTaken(DomainRights.unknown(name, domain));
          }
          tables.domains().remove(name, domain);
          if (claim.get().proof().isEmpty()) {
            return Step.Taken.of(about(domain).build());
          }
          var killed = new HashSet<>(trusted(known));
          var unconfirmed = new ArrayList<String>();
          for (var issuer : known.issuers()) {
            if (issuer.restsOnDomain()) {
              tables.releaseTrust(name, issuer.issuer());
              tables.put(name, issuer.claimedAnew(OpaqueToken.identifier()), ledger.now());
              unconfirmed.add(issuer.issuer().value());
              // Nothing came of it, and it may be somebody else's.
              killed.remove(issuer.issuer());
            }
          }
          return Step.Taken.of(about(domain).put("unproved", unconfirmed).build()).killing(killed);
        });
  }

  /// The issuers of an organisation whose assertions are looked at.
  static Set<Issuer> trusted(EnrolledOrganisation organisation) {
    return organisation.issuers().stream()
        .filter(one -> one.stage().isTrusted())
        .map(IssuerEnrolment::issuer)
        .collect(Collectors.toUnmodifiableSet());
  }
}
