package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Changes the rules of issuers, at every stage, and switches proven ones on with them.
final class IssuerRevisions {
  /// How long an issuer waits for its first good assertion.
  static final Duration PENDING = Duration.ofDays(14);

  private final Ledger ledger;

  IssuerRevisions(Ledger ledger) {
    this.ledger = ledger;
  }

  static JsonObject.Builder about(Issuer issuer) {
    return JsonObject.builder().put("issuer", issuer.value());
  }

  static Step.Outcome notNamed(EnrolledOrganisation known, Issuer issuer) {
    return Step.not("unknown_issuer", issuer + " is no issuer of " + known.name());
  }

  EnrolmentResult setTenant(
      String name, Issuer issuer, Optional<String> tenant, String seen, By by) {
    return ledger.change(
        by,
        "issuer-changed",
        name,
        (tables, known) -> {
          var claim = known.issuer(issuer).filter(one -> one.waitsForProof(ledger.now()));
          if (claim.isEmpty()) {
            return Step.not(
                "not_claimed", "the tenant is part of what is proved; the operator can change it");
          }
          var one = claim.get();
          var revision = Revision.ofSeen(seen, (IssuerRules before) -> before.withTenant(tenant));
          return switch (revised(tables, known, one, revision, by)) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) ->
                changed(tables, name, one.claimedAnew(OpaqueToken.identifier()), rules);
          };
        });
  }

  EnrolmentResult switchOn(String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return ledger.change(
        by,
        "pending",
        name,
        (tables, known) -> {
          var proven = known.issuer(issuer).filter(one -> one.stage() == Stage.PROVEN);
          if (proven.filter(one -> !one.isOver(ledger.now())).isEmpty()) {
            return Step.not("not_proven", "no proof that " + issuer + " is yours is there");
          }
          return switch (revised(tables, known, proven.get(), revision, by)) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) -> {
              remember(tables, proven.get(), rules, by);
              var due = ledger.now().plus(PENDING);
              tables.put(name, proven.get().switchedOn(rules, due), ledger.now());
              yield Step.Taken.of(about(issuer).put("rules", rules.toJson()).build());
            }
          };
        });
  }

  EnrolmentResult change(String name, Issuer issuer, Revision<IssuerRules> revision, By by) {
    return ledger.change(
        by,
        "issuer-changed",
        name,
        (tables, known) -> {
          var current = known.issuer(issuer);
          if (current.isEmpty()) {
            return notNamed(known, issuer);
          }
          return switch (revised(tables, known, current.get(), revision, by)) {
            case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
            case Revision.Outcome.Revised(var rules) -> {
              remember(tables, current.get(), rules, by);
              yield changed(tables, name, current.get(), rules);
            }
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

  private Revision.Outcome<IssuerRules> revised(
      OrganisationTables tables,
      EnrolledOrganisation known,
      IssuerEnrolment issuer,
      Revision<IssuerRules> revision,
      By by)
      throws SQLException {
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
      var counting = without(issuer.rules().keys().refused(), rules.keys().refused());
      counting.retainAll(tables.refusedKeys().ofOperator(issuer.issuer()));
      if (!counting.isEmpty() && !by.isOperator()) {
        return new Revision.Outcome.Not<>(
            new Problem(
                "refused_by_operator",
                "the operator has refused a key that would count again; only the operator can let"
                    + " it"));
      }
    }
    return outcome;
  }

  /// What the operator refuses outlives the claim of the issuer.
  private void remember(OrganisationTables tables, IssuerEnrolment one, IssuerRules rules, By by)
      throws SQLException {
    if (by.isOperator()) {
      var before = one.rules().keys().refused();
      var after = rules.keys().refused();
      tables.refusedKeys().refuse(one.issuer(), without(after, before), ledger.now());
      tables.refusedKeys().let(one.issuer(), without(before, after));
    }
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    var rest = new HashSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  private static boolean byAddress(IssuerRules rules) {
    return rules.linkByEmail()
        || rules.nameId().filter(rule -> rule.means() == NameIdRule.Means.EMAIL).isPresent();
  }
}
