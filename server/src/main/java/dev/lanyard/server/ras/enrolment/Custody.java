package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Standing;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What operators do with organisations that are here: limits, suspension, removal.
public final class Custody {
  private static final Step.Outcome NOT_OVER = Step.not("not_over", "nothing is over any more");

  private final Ledger ledger;

  Custody(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Everybody who was invited and has not been removed, by name.
  public List<EnrolledOrganisation> all() {
    return ledger.database().read(connection -> new OrganisationTables(connection).all()).stream()
        .filter(one -> one.standing() != Standing.REMOVED)
        .toList();
  }

  public Optional<EnrolledOrganisation> find(String name) {
    return ledger.find(name).filter(one -> one.standing() != Standing.REMOVED);
  }

  /// Sets the limits. What they take away dies.
  public EnrolmentResult change(String name, Revision<OrganisationRules> revision, By by) {
    return ledger.change(
        by,
        "changed",
        name,
        (tables, known) ->
            switch (revision.on(known.rules(), known.rules().version())) {
              case Revision.Outcome.Not(var problem) -> new Step.NotTaken(problem);
              case Revision.Outcome.Revised(var rules) -> changed(tables, known, rules);
            });
  }

  private static Step.Outcome changed(
      OrganisationTables tables, EnrolledOrganisation known, OrganisationRules rules)
      throws SQLException {
    tables.setRules(known.name(), rules);
    return Step.Taken.of(
            JsonObject.builder()
                .put("before", known.rules().toJson())
                .put("after", rules.toJson())
                .build())
        .killing(known.rules().allowMoreThan(rules) ? DomainClaims.trusted(known) : Set.of());
  }

  /// Lets the people of an organisation consent by themselves, or no more; its other limits stay.
  ///
  /// @param seen the version of the limits that whoever wants it has read: an operator may have
  ///   stopped it meanwhile
  public EnrolmentResult let(String name, Flows flows, String seen, By by) {
    return ledger.change(
        by,
        "flows",
        name,
        (tables, known) -> {
          if (!known.rules().version().equals(seen)) {
            return new Step.NotTaken(Revision.overtaken());
          }
          tables.setRules(name, known.rules().with(flows));
          return Step.Taken.of(
              JsonObject.builder()
                  .put("before", known.rules().flows().value())
                  .put("after", flows.value())
                  .build());
        });
  }

  /// Refuses and records what an administrator has sent that is no wish which could be granted.
  public EnrolmentResult formRefused(String name, Problem problem, By by) {
    return ledger.refuse(by, "form-refused", name, problem);
  }

  /// Suspends an organisation: nothing of it counts, and what came of it is dead. Its administrator
  /// cannot come in.
  public EnrolmentResult suspend(String name, String reason, By by) {
    return ledger.change(
        by,
        "suspended",
        name,
        (tables, known) -> {
          if (known.standing() == Standing.SUSPENDED) {
            return Step.not("suspended", name + " is suspended already");
          }
          tables.setStanding(name, Standing.SUSPENDED);
          tables.withdrawAll(name);
          return Step.Taken.of(JsonObject.builder().put("reason", reason).build())
              .killing(DomainClaims.trusted(known));
        });
  }

  /// Lets an organisation in again. What was dead stays dead; an issuer that waited for its first
  /// assertion waits anew.
  public EnrolmentResult resume(String name, By by) {
    return ledger.change(
        by,
        "resumed",
        name,
        (tables, known) -> {
          if (known.standing() != Standing.SUSPENDED) {
            return Step.not("not_suspended", name + " is not suspended");
          }
          tables.setStanding(name, Standing.OPEN);
          return Step.Taken.of(JsonObject.EMPTY);
        });
  }

  /// Removes an organisation for good. What came of it dies, its issuers and domains are free for
  /// others; its name and its people are not.
  public EnrolmentResult remove(String name, By by) {
    return ledger.change(
        by,
        "removed",
        name,
        (tables, known) -> {
          for (var issuer : known.issuers()) {
            tables.removeIssuer(name, issuer, ledger.now());
          }
          for (var domain : known.domains()) {
            tables.domains().remove(name, domain.name());
          }
          tables.refusedKeys().forget(name);
          tables.nameIds().forget(name);
          tables.withdrawAll(name);
          tables.setStanding(name, Standing.REMOVED);
          return Step.Taken.of(
                  JsonObject.builder()
                      .put(
                          "issuers",
                          known.issuers().stream()
                              .map(IssuerEnrolment::issuer)
                              .map(Issuer::value)
                              .toList())
                      .build())
              .killing(DomainClaims.trusted(known));
        });
  }

  /// Takes back the issuers and the domains whose enrolment came to nothing in time, so that others
  /// may prove them. Two nodes that do so at once do it once.
  public void expire(By by) {
    expireIssuers(by);
    expireDomains(by);
  }

  /// A domain waits for its proof as long as an issuer, and as long as the invitation holds.
  private void expireDomains(By by) {
    var before = ledger.now().minus(Enrolment.PATIENCE);
    var idle =
        ledger
            .database()
            .read(connection ->
                new OrganisationTables(connection).domains().withIdle(before, ledger.now()));
    for (var name : idle) {
      var _ =
          ledger.change(
              by,
              "domains-expired",
              name,
              (tables, _) -> {
                var ended = tables.domains().endIdle(name, before);
                return ended.isEmpty()
                    ? NOT_OVER
                    : Step.Taken.of(JsonObject.builder().put("domains", ended).build());
              });
    }
  }

  private void expireIssuers(By by) {
    var overdue =
        ledger
            .database()
            .read(connection -> new OrganisationTables(connection).overdue(ledger.now()));
    for (Map.Entry<String, Issuer> one : overdue) {
      var _ =
          ledger.change(
              by,
              "expired",
              one.getKey(),
              (tables, known) -> {
                var issuer = known.issuer(one.getValue()).filter(it -> it.isOver(ledger.now()));
                if (issuer.isEmpty()) {
                  return NOT_OVER;
                }
                tables.removeIssuer(one.getKey(), issuer.get(), ledger.now());
                return Step.Taken.of(
                    JsonObject.builder()
                        .put("issuer", one.getValue().value())
                        .put("stage", issuer.get().stage().value())
                        .build());
              });
    }
  }
}
