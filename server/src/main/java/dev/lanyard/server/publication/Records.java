package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.publication.ExceptionEnds.End;
import dev.lanyard.server.publication.plan.Losses.Loss;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;

/// What the audit record says about the way of a version into force (AUD-1).
final class Records {
  private final Database database;
  private final InstantSource clock;

  Records(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  static void proposed(Connection connection, Proposal proposal) throws SQLException {
    append(
        connection,
        "library.proposed",
        proposal.proposed(),
        step(proposal.number(), proposal.base(), proposal.version())
            .put("proposal", proposal.id())
            .put("effect", proposal.effect()));
  }

  /// Nobody has signed it, so all that is known of its author is their session.
  static void submitted(Connection connection, Submission submission) throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("by", submission.author())
            .put("rationale", submission.rationale())
            .put("base", submission.base())
            .put("version", submission.version())
            .put("effect", submission.effect())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of(
            "library.submitted", Outcome.SUCCESS, submission.at(), submission.id(), evidence));
  }

  static void withdrawn(Connection connection, Submission submission, Instant at)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("by", submission.author())
            .put("base", submission.base())
            .put("version", submission.version())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of("library.withdrawn", Outcome.SUCCESS, at, submission.id(), evidence));
  }

  static void answered(Connection connection, Proposal proposal, Answer answer)
      throws SQLException {
    append(
        connection,
        answer.approved() ? "library.approved" : "library.rejected",
        answer.said(),
        step(proposal.number(), proposal.base(), proposal.version())
            .put("proposal", proposal.id())
            .put("proposer", proposal.proposed().by()));
  }

  static void published(Connection connection, Publication publication) throws SQLException {
    var evidence =
        step(publication.number(), publication.base(), publication.version())
            .put("kind", publication.kind().value())
            .putIfPresent("proposal", publication.proposal());
    publication
        .emergency()
        .ifPresent(emergency -> evidence.put("review_due", emergency.reviewDue().toString()));
    append(
        connection,
        publication.emergency().isPresent() ? "library.emergency" : "library.published",
        publication.said(),
        evidence);
  }

  static void reviewed(Connection connection, Publication publication, Proposal.Said said)
      throws SQLException {
    append(
        connection,
        "library.reviewed",
        said,
        step(publication.number(), publication.base(), publication.version())
            .put("published_by", publication.said().by()));
  }

  void refused(String by, Step.Refused refused) {
    var evidence =
        JsonObject.builder()
            .put("by", by)
            .put("check", refused.getClass().getSimpleName())
            .put("detail", refused.why())
            .build();
    new AuditLog(database)
        .append(
            AuditEvent.of(
                "library.refused-step", Outcome.REFUSED, clock.instant(), "library", evidence));
  }

  /// What the losers of a publication lost.
  static AuditEvent settled(long number, Loss loss, boolean forGood, Instant at) {
    var evidence =
        JsonObject.builder()
            .put("number", number)
            .put("people_who_lost", loss.people().size())
            .put("agents_who_lost", loss.agents().size())
            .put("grants_ended", loss.grants().size())
            .put("for_good", forGood)
            .build();
    return AuditEvent.of("library.enforced", Outcome.SUCCESS, at, correlation(number), evidence);
  }

  /// What was lost by the end of an exception.
  static AuditEvent ended(End end, String version, Loss loss, boolean forGood, Instant at) {
    var evidence =
        JsonObject.builder()
            .put("exception", end.exemption())
            .put("until", end.until().toString())
            .put("version", version)
            .put("people_who_lost", loss.people().size())
            .put("agents_who_lost", loss.agents().size())
            .put("grants_ended", loss.grants().size())
            .put("for_good", forGood)
            .build();
    return AuditEvent.of("library.exception-ended", Outcome.SUCCESS, at, end.id(), evidence);
  }

  /// By this everything about a publication is found in the record.
  static String correlation(long number) {
    return "library-" + number;
  }

  private static JsonObject.Builder step(long number, String base, String version) {
    return JsonObject.builder().put("number", number).put("base", base).put("version", version);
  }

  /// The record names a signature by its hash; the signature itself is beside the step.
  private static void append(
      Connection connection, String type, Proposal.Said said, JsonObject.Builder evidence)
      throws SQLException {
    evidence.put("by", said.by()).put("rationale", said.rationale());
    if (!said.statement().isEmpty()) {
      evidence.put("statement_hash", OpaqueToken.hash(new Secret(said.statement())));
    }
    var all = evidence.build();
    var number = all.text("number").orElseThrow();
    AuditLog.append(
        connection,
        AuditEvent.of(type, Outcome.SUCCESS, said.at(), correlation(Long.parseLong(number)), all));
  }
}
