package dev.lanyard.server.token;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.GroupCommit;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.http.Refusals;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Strangers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes what was decided durable together with its audit record, in one shared transaction.
///
/// Every method throws an [java.io.UncheckedIOException] if it is not durable; nothing may be
/// answered on the strength of it then (AUD-6).
public final class Journal implements Refusals {
  private static final String UNREAD = "request.refused";
  private static final OAuthError NOT_READ =
      new OAuthError(ErrorCode.INVALID_REQUEST, "the request was not read");

  private final GroupCommit commits;
  private final Strangers strangers;
  private final Tally tally;
  private final InstantSource clock;

  /// @param strangers how many records somebody may cause who has proved nothing
  public Journal(GroupCommit commits, Strangers strangers, Tally tally, InstantSource clock) {
    this.commits = commits;
    this.strangers = strangers;
    this.tally = tally;
    this.clock = clock;
  }

  /// What an audit record is about, before anything is decided.
  ///
  /// @param event its type
  /// @param correlationId of the request
  /// @param client the authenticated client
  public record Subject(String event, String correlationId, Optional<ClientId> client) {}

  /// Writes what is to be issued. If the claim is taken nothing is written, because then something
  /// else will be decided, and recorded.
  public dev.lanyard.server.database.Outcome issued(Subject subject, TokenResult.Issued issued) {
    var rows = new ArrayList<>(issued.facts());
    rows.add(row(subject, Outcome.SUCCESS, issued.findings()));
    var outcome = commits.commit(new Unit(issued.claim(), rows, List.of()));
    if (outcome == dev.lanyard.server.database.Outcome.FIRST) {
      tally.allowed(subject.event());
    }
    return outcome;
  }

  /// Writes facts that cannot collide, and that they were allowed.
  public void allowed(Subject subject, Findings findings, Row... facts) {
    var rows = new ArrayList<>(List.of(facts));
    rows.add(row(subject, Outcome.SUCCESS, findings));
    var _ = commits.commit(Unit.of(rows));
    tally.allowed(subject.event());
  }

  /// The same in a transaction of the caller's, which decides whether it is allowed.
  public void allowed(Connection connection, Subject subject, Findings findings, Row... facts)
      throws SQLException {
    for (var fact : facts) {
      fact.insert(connection);
    }
    row(subject, Outcome.SUCCESS, findings).insert(connection);
    tally.allowed(subject.event());
  }

  /// Writes that a request was refused, and why in fact.
  public void refused(Subject subject, OAuthError error, Findings findings) {
    var told = JsonObject.builder().put("error", error.code().value()).build();
    tally.refused(subject.event(), error, findings);
    write(subject, Outcome.REFUSED, findings.with(told));
  }

  /// The same about somebody who has not proved who they are: as long as there are few of them.
  public void refusedStranger(
      Request request, Subject subject, OAuthError error, Findings findings) {
    if (strangers.mayRecord(request, subject.event())) {
      refused(subject, error, findings);
    } else {
      tally.refused(subject.event(), error, findings);
    }
  }

  /// The same about whoever asked as this client: a stranger, if it proves nothing and no person
  /// was found out.
  public void refused(
      Request request, Subject subject, Client client, OAuthError error, Findings findings) {
    if (findings.mayBeAnybodys(client)) {
      refusedStranger(request, subject, error, findings);
    } else {
      refused(subject, error, findings);
    }
  }

  /// Writes what the web server refused before anybody had read it: a stranger's, too.
  @Override
  public void refused(Refusal refusal) {
    var findings =
        Findings.of(refusal.failed())
            .with(JsonObject.builder().putIfPresent("route", refusal.route()).build());
    if (strangers.mayRecord(refusal.source(), UNREAD)) {
      refused(new Subject(UNREAD, refusal.correlationId(), Optional.empty()), NOT_READ, findings);
    } else {
      tally.refused(UNREAD, NOT_READ, findings);
    }
  }

  @Override
  public void failed() {
    tally.unavailable(UNREAD);
  }

  /// Writes that nobody could decide about somebody who has not proved who they are.
  public void unavailableToStranger(Request request, Subject subject, Findings findings) {
    if (strangers.mayRecord(request, subject.event())) {
      unavailable(subject, findings);
    } else {
      tally.unavailable(subject.event());
    }
  }

  /// Writes that something was allowed to somebody who has not proved who they are, and of which
  /// nothing came.
  public void allowedStranger(Request request, Subject subject, Findings findings) {
    if (strangers.mayRecord(request, subject.event())) {
      allowed(subject, findings);
    } else {
      tally.allowed(subject.event());
    }
  }

  /// Writes that nobody could decide.
  public void unavailable(Subject subject, Findings findings) {
    write(subject, Outcome.FAULT, findings);
  }

  private void write(Subject subject, Outcome outcome, Findings findings) {
    if (outcome == Outcome.FAULT) {
      tally.unavailable(subject.event());
    }
    var _ = commits.commit(Unit.of(List.of(row(subject, outcome, findings))));
  }

  private Row row(Subject subject, Outcome outcome, Findings findings) {
    return AuditLog.row(
        new AuditEvent(
            subject.event(),
            outcome,
            clock.instant(),
            subject.correlationId(),
            findings.organisation(),
            findings.person(),
            subject.client().map(ClientId::value),
            findings.evidence()));
  }
}
