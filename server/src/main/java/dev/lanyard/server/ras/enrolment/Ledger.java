package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.ras.enrolment.Step.NotTaken;
import dev.lanyard.server.ras.enrolment.Step.Taken;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Standing;
import dev.lanyard.server.revocation.Accepted;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/// Changes organisations. The change, the death of what it takes away, its audit record and the
/// notice to the other nodes are one transaction; a wish that is refused is recorded too.
/// Thread-safe.
final class Ledger {
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

  /// The detail of a problem may repeat what somebody has sent.
  private static final int MOST_DETAIL = 1_000;

  private final Database database;
  private final Revocation revocation;
  private final SecondKills again;
  private final InstantSource clock;

  Ledger(Database database, Revocation revocation, SecondKills again, InstantSource clock) {
    this.database = database;
    this.revocation = revocation;
    this.again = again;
    this.clock = clock;
  }

  Database database() {
    return database;
  }

  Instant now() {
    return clock.instant();
  }

  /// What a transaction has left to do once it is committed.
  private record Written(
      EnrolledOrganisation organisation, Optional<Accepted> killed, Appended change) {}

  /// Changes an organisation.
  ///
  /// @param action what the audit record calls it, after `organisation.`
  EnrolmentResult change(By by, String action, String name, Step step) {
    return change(by, action, name, _ -> {}, step);
  }

  /// The same for one that may not be there yet.
  EnrolmentResult change(By by, String action, String name, FirstStep first, Step step) {
    try {
      var written =
          database.write(connection -> {
            // What one organisation proves ends what others have said, who may be proving it too.
            database.alone(connection, OrganisationTables.CHANGE);
            first.take(new OrganisationTables(connection));
            return write(connection, by, action, name, step);
          });
      written.killed().ifPresent(Accepted::enforce);
      database.changes().awaitApplied(written.change(), KNOWN_WITHIN);
      return new EnrolmentResult.Done(written.organisation());
    } catch (Aborted e) {
      return refuse(by, action, name, e.problem);
    }
  }

  /// Rolls back what a step has written before it found that it cannot be taken.
  private static final class Aborted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Aborted(Problem problem) {
      super(problem.code(), null, false, false);
      this.problem = problem;
    }
  }

  /// What is done before an organisation is looked for.
  interface FirstStep {
    void take(OrganisationTables tables) throws SQLException;
  }

  private Written write(Connection connection, By by, String action, String name, Step step)
      throws SQLException {
    var tables = new OrganisationTables(connection);
    var found = tables.lock(name, now()).filter(one -> one.standing() != Standing.REMOVED);
    var outcome =
        found.isPresent()
            ? step.take(tables, found.get())
            : Step.not("unknown", "there is no organisation '" + name + "' that was invited");
    return switch (outcome) {
      case NotTaken(var problem) -> throw new Aborted(problem);
      case Taken taken -> {
        var killed = killed(connection, by, action, name, taken);
        var event = event(by, action, Outcome.SUCCESS, taken.evidence());
        AuditLog.append(
            connection, taken.person().map(event::withPerson).orElse(event).withOrganisation(name));
        for (var other : taken.others()) {
          record(
              connection,
              by,
              action + "-elsewhere",
              Optional.of(other),
              Outcome.SUCCESS,
              taken.evidence());
          announce(connection, other);
        }
        var change = announce(connection, name);
        yield new Written(tables.find(name).orElseThrow(), killed, change);
      }
    };
  }

  private Appended announce(Connection connection, String name) {
    return database
        .changes()
        .append(connection, OrganisationTables.CHANGE, OrganisationTables.change(name));
  }

  private static JsonObject evidence(Problem problem) {
    return JsonObject.builder()
        .put("problem", problem.code())
        .put("detail", Excerpt.marked(problem.detail(), MOST_DETAIL))
        .build();
  }

  private Optional<Accepted> killed(
      Connection connection, By by, String action, String name, Taken taken) throws SQLException {
    if (taken.killed().isEmpty()) {
      return Optional.empty();
    }
    var now = now();
    var signals =
        taken.killed().stream()
            .map(issuer ->
                new Signal(
                    Source.of(Source.Kind.ADMIN, by.who()),
                    OpaqueToken.identifier(),
                    new Subject.Provider(issuer),
                    Happening.TOKENS_REVOKED,
                    now,
                    event(action),
                    by.correlationId()))
            .toList();
    var accepted = revocation.accept(connection, signals);
    again.ask(connection, new SecondKills.Wanted(by, name, event(action), taken.killed()));
    return Optional.of(accepted);
  }

  private void record(
      Connection connection,
      By by,
      String action,
      Optional<String> name,
      Outcome outcome,
      JsonObject evidence)
      throws SQLException {
    var event = event(by, action, outcome, evidence);
    AuditLog.append(connection, name.map(event::withOrganisation).orElse(event));
  }

  private AuditEvent event(By by, String action, Outcome outcome, JsonObject evidence) {
    var all = evidence.with(JsonObject.builder().put("by", by.who()).build());
    return AuditEvent.of(event(action), outcome, now(), by.correlationId(), all);
  }

  /// Refuses a wish, and records that.
  EnrolmentResult refuse(By by, String action, String name, Problem problem) {
    return database.write(connection -> {
      record(connection, by, action, Optional.of(name), Outcome.REFUSED, evidence(problem));
      return new EnrolmentResult.Refused(problem);
    });
  }

  /// The same of somebody who may be anybody, as far as that may have a record of its own.
  ///
  /// @param name whose door it is, if that is known
  /// @param mayRecord asked with what would be recorded
  void refuseAnybody(
      By by, String action, Optional<String> name, Problem problem, Predicate<String> mayRecord) {
    if (mayRecord.test(event(action))) {
      database.write(connection -> {
        record(connection, by, action, name, Outcome.REFUSED, evidence(problem));
        return problem;
      });
    }
  }

  private static String event(String action) {
    return "organisation." + action;
  }

  Optional<EnrolledOrganisation> find(String name) {
    return database.read(connection -> new OrganisationTables(connection).find(name));
  }
}
