package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.enrolment.DomainRights.Right;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Enrols issuers: claimed, proven, switched on and pending until the first good assertion. Nothing
/// is trusted before it is proved and switched on.
public final class Enrolment {
  /// How long a claim waits for its proof, and a proof for being switched on.
  static final Duration PATIENCE = Duration.ofDays(7);

  /// How long an issuer waits for its first good assertion.
  static final Duration PENDING = Duration.ofDays(14);

  private static final int MOST_ISSUERS = 20;

  private final Issuer self;
  private final Ledger ledger;
  private final Reserved reserved;
  private final DomainRights domains;
  private final Surroundings surroundings;
  private final Looks looks;
  private final AssertionProof assertions;

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

  /// Says that an issuer is the organisation's own. Nothing is trusted by that.
  public EnrolmentResult claim(String name, Preset preset, Issuer issuer, By by) {
    var fault = preset.fault(issuer);
    if (fault.isPresent()) {
      return ledger.refuse(by, "claimed", name, new Problem("wrong_form", fault.get()));
    }
    if (reserved.issuers().contains(issuer)) {
      return ledger.refuse(by, "claimed", name, taken(issuer));
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
          tables.releaseTrust(name, issuer);
          tables.put(
              name,
              new IssuerEnrolment(
                  issuer,
                  preset,
                  Stage.CLAIMED,
                  OpaqueToken.identifier(),
                  Optional.empty(),
                  IssuerRules.signedWith(preset.algorithms()),
                  ledger.now().plus(PATIENCE)),
              ledger.now());
          return Step.Taken.of(about(issuer).put("preset", preset.value()).build());
        });
  }

  private static Problem taken(Issuer issuer) {
    return new Problem("issuer_taken", issuer + " is another organisation's");
  }

  private static JsonObject.Builder about(Issuer issuer) {
    return JsonObject.builder().put("issuer", issuer.value());
  }

  /// Proves an issuer by the document below it.
  public EnrolmentResult proveByDocument(String name, Issuer issuer, By by) {
    return prove(
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
    return prove(
        name,
        issuer,
        by,
        Proof.DOMAIN,
        claim -> surroundings.missing(surroundings.documentOf(domain), challenge(claim)),
        tables -> domains.prove(tables, name, domain, Proof.DOCUMENT));
  }

  /// Proves an issuer by an ID-JAG for this server that carries the one-time value.
  public EnrolmentResult proveByAssertion(String name, Issuer issuer, String assertion, By by) {
    return prove(name, issuer, by, Proof.ASSERTION, claim -> assertions.missing(claim, assertion));
  }

  /// Looks for the proof outside of any transaction.
  private interface Look {
    Optional<String> missing(IssuerEnrolment claim);
  }

  /// What a proof rests on, which must be the organisation's when the proof is taken.
  private interface Footing {
    Right take(OrganisationTables tables) throws SQLException;
  }

  private EnrolmentResult prove(String name, Issuer issuer, By by, Proof proof, Look look) {
    return prove(name, issuer, by, proof, look, _ -> new Right.Given(List.of()));
  }

  private EnrolmentResult prove(
      String name, Issuer issuer, By by, Proof proof, Look look, Footing footing) {
    var claim = ledger.find(name).flatMap(one -> one.issuer(issuer)).filter(this::waitsForProof);
    if (claim.isEmpty()) {
      return ledger.refuse(
          by,
          "proven",
          name,
          new Problem("not_claimed", "name the issuer first; its proof is not waited for"));
    }
    var missing = look.missing(claim.get());
    if (missing.isPresent()) {
      return ledger.refuse(by, "proven", name, new Problem("no_proof", missing.get()));
    }
    return ledger.change(
        by, "proven", name, (tables, known) -> proven(tables, known, claim.get(), proof, footing));
  }

  /// Says which tenant of an issuer with several is the organisation's own. Only before it is
  /// proved, and then there is another value to prove: what proves one tenant proves no other.
  ///
  /// @param tenant empty if the issuer has none
  public EnrolmentResult setTenant(
      String name, Issuer issuer, Optional<String> tenant, String seen, By by) {
    return ledger.change(
        by,
        "issuer-changed",
        name,
        (tables, known) -> {
          var claim = known.issuer(issuer).filter(this::waitsForProof);
          if (claim.isEmpty()) {
            return Step.not(
                "not_claimed", "the tenant is part of what is proved; the operator can change it");
          }
          var one = claim.get();
          return switch (revised(
              known, one, Revision.ofSeen(seen, before -> before.withTenant(tenant)))) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) -> {
              tables.put(name, one.with(rules).claimedAnew(OpaqueToken.identifier()), ledger.now());
              yield Step.Taken.of(
                  about(issuer)
                      .put("before", one.rules().toJson())
                      .put("after", rules.toJson())
                      .build());
            }
          };
        });
  }

  private boolean waitsForProof(IssuerEnrolment issuer) {
    return issuer.stage() == Stage.CLAIMED && !issuer.isOver(ledger.now());
  }

  private Step.Outcome proven(
      OrganisationTables tables,
      EnrolledOrganisation known,
      IssuerEnrolment claim,
      Proof proof,
      Footing footing)
      throws SQLException {
    // What was looked for must still be what is waited for.
    var current = known.issuer(claim.issuer()).filter(this::waitsForProof);
    if (current.filter(one -> one.challenge().equals(claim.challenge())).isEmpty()) {
      return Step.not("not_claimed", "the issuer was named anew meanwhile; prove that");
    }
    var holder = tables.holder(claim.issuer()).filter(other -> !other.equals(known.name()));
    if (holder.isPresent()) {
      makeWay(tables, holder.get(), claim.issuer(), proof);
    }
    if (!tables.claimTrust(known.name(), claim.issuer())) {
      return new Step.NotTaken(taken(claim.issuer()));
    }
    return switch (footing.take(tables)) {
      case Right.Refused(var problem) -> new Step.NotTaken(problem);
      case Right.Given given -> {
        var due = ledger.now().plus(PATIENCE);
        tables.put(known.name(), current.get().proved(proof, due), ledger.now());
        var others = new HashSet<>(given.others());
        holder.ifPresent(others::add);
        var evidence = about(claim.issuer()).put("proof", proof.value()).build();
        yield Step.Taken.of(evidence.with(given.evidence())).changing(others);
      }
    };
  }

  /// A claim that came to nothing in time holds nobody up. Nor does one that a domain alone has
  /// proved and the issuer has not confirmed: whoever proves the issuer itself has the better
  /// right.
  private void makeWay(OrganisationTables tables, String holder, Issuer issuer, Proof proof)
      throws SQLException {
    var held = tables.lock(holder, ledger.now()).flatMap(one -> one.issuer(issuer));
    if (held.isEmpty()) {
      tables.releaseTrust(holder, issuer);
      return;
    }
    var other = held.get();
    boolean isWeaker = other.restsOnDomain() && proof != Proof.DOMAIN;
    if (other.isOver(ledger.now()) || isWeaker) {
      tables.releaseTrust(holder, issuer);
      tables.put(holder, other.claimedAnew(OpaqueToken.identifier()), ledger.now());
    }
  }

  /// Switches a proven issuer on, with its rules; from now on its assertions are looked at.
  public EnrolmentResult switchOn(
      String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return ledger.change(
        by,
        "pending",
        name,
        (tables, known) -> {
          var proven = known.issuer(issuer).filter(one -> one.stage() == Stage.PROVEN);
          if (proven.filter(one -> !one.isOver(ledger.now())).isEmpty()) {
            return Step.not("not_proven", "no proof that " + issuer + " is yours is there");
          }
          return switch (revised(known, proven.get(), revision)) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) -> {
              var due = ledger.now().plus(PENDING);
              tables.put(name, proven.get().switchedOn(rules, due), ledger.now());
              yield Step.Taken.of(about(issuer).put("rules", rules.toJson()).build());
            }
          };
        });
  }

  private static Revision.Outcome<IssuerRules> revised(
      EnrolledOrganisation known, IssuerEnrolment issuer, Revision<IssuerRules> revision) {
    var outcome = revision.on(issuer.rules(), issuer.rules().version());
    if (outcome instanceof Revision.Outcome.Revised(var rules)) {
      // Where the last domain is gone, a key in wrong hands can still be refused.
      boolean wasSo = issuer.stage().isTrusted() && byAddress(issuer.rules());
      if (byAddress(rules) && known.provenDomains().isEmpty() && !wasSo) {
        return new Revision.Outcome.Not<>(
            new Problem(
                "no_domain",
                "an address identifies people only in a domain that is proved; prove one first"));
      }
    }
    return outcome;
  }

  private static boolean byAddress(IssuerRules rules) {
    return rules.linkByEmail()
        || rules.nameId().filter(rule -> rule.means() == NameIdRule.Means.EMAIL).isPresent();
  }

  /// Changes the rules of an issuer. What they take away dies: everything that came of it; clients
  /// get new assertions without anybody noticing.
  public EnrolmentResult change(String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return ledger.change(
        by,
        "issuer-changed",
        name,
        (tables, known) -> {
          var current = known.issuer(issuer);
          if (current.isEmpty()) {
            return notNamed(known, issuer);
          }
          return switch (revised(known, current.get(), revision)) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) -> changed(tables, name, current.get(), rules);
          };
        });
  }

  private Step.Outcome changed(
      OrganisationTables tables, String name, IssuerEnrolment one, IssuerRules rules)
      throws SQLException {
    tables.put(name, one.with(rules), ledger.now());
    boolean loses = one.stage().isTrusted() && one.rules().allowMoreThan(rules);
    return Step.Taken.of(
            about(one.issuer())
                .put("before", one.rules().toJson())
                .put("after", rules.toJson())
                .build())
        .killing(loses ? Set.of(one.issuer()) : Set.of());
  }

  private static Step.Outcome notNamed(EnrolledOrganisation known, Issuer issuer) {
    return Step.not("unknown_issuer", issuer + " is no issuer of " + known.name());
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
            return notNamed(known, issuer);
          }
          tables.removeIssuer(name, issuer);
          return Step.Taken.of(about(issuer).build())
              .killing(current.get().stage().isTrusted() ? Set.of(issuer) : Set.of());
        });
  }
}
