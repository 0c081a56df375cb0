package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Enrols issuers: claimed, proven, switched on and pending until the first good assertion. Nothing
/// is trusted before it is proved and switched on.
public final class Enrolment {
  /// How long a claim waits for its proof, and a proof for being switched on.
  static final Duration PATIENCE = Duration.ofDays(7);

  private static final int MOST_ISSUERS = 20;

  private final Issuer self;
  private final Ledger ledger;
  private final Reserved reserved;
  private final DomainRights domains;
  private final Surroundings surroundings;
  private final Looks looks;
  private final AssertionProof assertions;
  private final IssuerProofs proofs;
  private final IssuerRevisions revisions;

  Enrolment(
      Issuer self,
      Ledger ledger,
      Reserved reserved,
      DomainRights domains,
      Surroundings surroundings,
      Looks looks,
      AssertionProof assertions) {
    this.self = self;
    this.ledger = ledger;
    this.reserved = reserved;
    this.domains = domains;
    this.surroundings = surroundings;
    this.looks = looks;
    this.assertions = assertions;
    this.proofs = new IssuerProofs(ledger);
    this.revisions = new IssuerRevisions(ledger);
  }

  /// What issuers have shown of themselves at the last look, which is not long ago. One that does
  /// not answer while somebody waits for a page is not among them.
  public Map<Issuer, Looked> looks(Collection<Issuer> issuers) {
    return looks.at(issuers);
  }

  /// Looks at an issuer now, for whoever has just changed something there.
  public EnrolmentResult lookAgain(String name, Issuer issuer) {
    var known = ledger.find(name).filter(one -> one.issuer(issuer).isPresent());
    known.ifPresent(_ -> looks.now(issuer));
    return known
        .<EnrolmentResult>map(EnrolmentResult.Done::new)
        .orElseGet(
            () -> EnrolmentResult.refused("unknown_issuer", issuer + " is no issuer of " + name));
  }

  /// What proves an issuer, to be published.
  public Challenge challenge(IssuerEnrolment issuer) {
    return new Challenge(issuer.challenge(), self, Optional.of(issuer.issuer()));
  }

  /// What proves a domain, to be published.
  public Challenge challenge(EnrolledOrganisation.Domain domain) {
    return new Challenge(domain.challenge(), self, Optional.empty());
  }

  /// Says that an issuer is the organisation's own. Nothing is trusted by that. Keys of it that the
  /// organisation or the operator has refused before stay refused, and what the operator has said
  /// of its NameIDs holds.
  public EnrolmentResult claim(String name, Preset preset, Issuer issuer, By by) {
    var fault = preset.fault(issuer);
    if (fault.isPresent()) {
      return ledger.refuse(by, "claimed", name, new Problem("wrong_form", fault.get()));
    }
    if (reserved.issuers().contains(issuer)) {
      return ledger.refuse(by, "claimed", name, IssuerProofs.taken(issuer));
    }
    if (looks.now(issuer) instanceof Seen.Hidden(var reason)) {
      return ledger.refuse(by, "claimed", name, new Problem("not_found", reason));
    }
    return ledger.change(
        by,
        "claimed",
        name,
        (tables, known) -> {
          var former = known.issuer(issuer);
          if (former.isPresent()
              && former.get().stage() != Stage.CLAIMED
              && !former.get().isOver(ledger.now())) {
            return Step.not(
                "known", issuer + " is " + former.get().stage().value() + " here already");
          }
          if (former.isEmpty() && known.issuers().size() >= MOST_ISSUERS) {
            return Step.not("too_many", "an organisation names up to 20 issuers; remove one first");
          }
          var refused = tables.refusedKeys().takeLeft(name, issuer);
          refused.addAll(tables.refusedKeys().ofOperator(issuer));
          former.ifPresent(one -> refused.addAll(one.rules().keys().refused()));
          var left = tables.nameIds().takeLeft(name, issuer);
          var nameId = former.map(one -> one.rules().nameId()).orElse(left);
          tables.releaseTrust(name, issuer);
          tables.put(
              name,
              new IssuerEnrolment(
                  issuer,
                  preset,
                  Stage.CLAIMED,
                  OpaqueToken.identifier(),
                  Optional.empty(),
                  IssuerRules.signedWith(preset.algorithms()).refusing(refused).withNameId(nameId),
                  ledger.now().plus(PATIENCE)),
              ledger.now());
          return Step.Taken.of(IssuerRevisions.about(issuer).put("preset", preset.value()).build());
        });
  }

  /// Proves an issuer by the document below it.
  public EnrolmentResult proveByDocument(String name, Issuer issuer, By by) {
    return proofs.prove(
        name,
        issuer,
        by,
        Proof.DOCUMENT,
        claim -> surroundings.missing(surroundings.documentOf(issuer), challenge(claim)));
  }

  /// Proves an issuer by a document below a domain of the organisation. The issuer has to confirm
  /// it with its first assertion.
  public EnrolmentResult proveByDomain(String name, Issuer issuer, String domain, By by) {
    var known = ledger.find(name).flatMap(one -> one.domain(domain));
    if (known.isEmpty()) {
      return ledger.refuse(by, "proven", name, DomainRights.unknown(name, domain));
    }
    return proofs.prove(
        name,
        issuer,
        by,
        Proof.DOMAIN,
        claim -> surroundings.missing(surroundings.documentOf(domain), challenge(claim)),
        tables -> domains.prove(tables, name, domain, Proof.DOCUMENT));
  }

  /// Proves an issuer by an ID-JAG for this server that carries the one-time value.
  public EnrolmentResult proveByAssertion(String name, Issuer issuer, String assertion, By by) {
    return proofs.prove(
        name, issuer, by, Proof.ASSERTION, claim -> assertions.missing(claim, assertion));
  }

  /// Says which tenant of an issuer with several is the organisation's own. Only before it is
  /// proved, and then there is another value to prove: what proves one tenant proves no other.
  ///
  /// @param tenant empty if the issuer has none
  public EnrolmentResult setTenant(
      String name, Issuer issuer, Optional<String> tenant, String seen, By by) {
    return revisions.setTenant(name, issuer, tenant, seen, by);
  }

  /// Switches a proven issuer on, with its rules; from now on its assertions are looked at.
  public EnrolmentResult switchOn(
      String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return revisions.switchOn(name, issuer, revision, by);
  }

  /// Changes the rules of an issuer. What they take away dies: everything that came of it; clients
  /// get new assertions without anybody noticing.
  public EnrolmentResult change(String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return revisions.change(name, issuer, revision, by);
  }

  /// Takes an issuer back. What came of it dies; another organisation may prove it then.
  public EnrolmentResult removeIssuer(String name, Issuer issuer, By by) {
    return ledger.change(
        by,
        "issuer-removed",
        name,
        (tables, known) -> {
          var current = known.issuer(issuer);
          if (current.isEmpty()) {
            return IssuerRevisions.notNamed(known, issuer);
          }
          tables.removeIssuer(name, current.get(), ledger.now());
          return Step.Taken.of(IssuerRevisions.about(issuer).build())
              .killing(current.get().stage().isTrusted() ? Set.of(issuer) : Set.of());
        });
  }
}
