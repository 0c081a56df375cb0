package dev.lanyard.server.directory;

import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The columns of the database that can tell who somebody is, of whatever room they are, and what
/// becomes of each when the person goes: from the directory, or from the audit record. A test reads
/// every table there is, and fails where a column is neither here nor known to be harmless.
///
/// Our own ids of people, and of their sessions and grants, are not among them: they lead to nobody
/// once the rest is gone.
public final class Traces {
  private static final String OF_PEOPLE = "what somebody is called, has or is in";
  private static final String WORDS = "in the words of people, which may tell who it is about";
  private static final String DECIDED = "who has decided, and why: part of what was decided";
  private static final String LIBRARY = "the role library, whose exceptions may name people";
  private static final String MEANT =
      "so that nobody else is ever taken for the person: what is old may still go by it";
  private static final String SAID =
      "what somebody is called at a provider, or what a client was told of them";

  /// The motions about somebody, and about holds on them.
  private static final String MOTIONS =
      " FROM console_motion WHERE about = ?"
          + " OR about IN (SELECT id FROM audit_hold WHERE person = ?)";

  private static final List<Trace> ALL =
      Stream.of(
              of(
                  Fate.LEAVES,
                  OF_PEOPLE,
                  "person.user_name",
                  "person.user_name_key",
                  "person.given_user_name_key",
                  "person.email",
                  "person.display_name",
                  "person_group.group_name",
                  "password.hash",
                  "provisioned_person.external_id",
                  "provisioned_person.attributes",
                  "provisioned_email.email_key",
                  "ssf_stream_subject.subject"),
              of(
                  Fate.EITHER,
                  WORDS,
                  "exception_request.reason",
                  "exception_request.answer",
                  "console_motion.seen",
                  "console_motion.wanted",
                  "console_motion.reason",
                  "console_motion.answer"),
              of(Fate.ERASED, "concealed under their key, which goes", "audit_person_key.sealed"),
              of(Fate.ERASED, "what calls of the API were answered", "api_repeat.answer"),
              of(Fate.ERASED, WORDS, "deny.reason", "signal.reason", "audit_hold.reason"),
              of(
                  Fate.ERASED,
                  "by which they come back as an administrator",
                  "organisation_administrator.subject"),
              of(
                  Fate.EXPIRES,
                  SAID,
                  "access_token.claims",
                  "pushed_request.parameters",
                  "session.upstream_session",
                  "session.upstream_subject",
                  "ras_grant.authorization_details",
                  "ssf_event.claims",
                  "upstream_sign_in.authorization_query"),
              of(
                  Fate.EXPIRES,
                  "the user name of a newcomer until they are there, then their id",
                  "console_motion.about"),
              of(
                  Fate.EXPIRES,
                  "of which resources they want to hear; a server may write whom into a URI",
                  "mcp_subscription.uri"),
              of(
                  Fate.STAYS,
                  "concealed under their key: nobody can read it when that is gone",
                  "audit.evidence"),
              of(
                  Fate.STAYS,
                  MEANT,
                  "person_link.subject",
                  "former_address.address_hash",
                  "former_user_name.name_hash"),
              of(
                  Fate.STAYS,
                  "which groups their id was in, for auditors",
                  "person_membership.group_name"),
              of(
                  Fate.STAYS,
                  "what another server has to be told, until it has taken it",
                  "delivery.body",
                  "delivery.answer"),
              of(
                  Fate.STAYS,
                  LIBRARY,
                  "library_file.content",
                  "library_draft.files",
                  "library_proposal.effect",
                  "library_submission.effect",
                  "exception_end.exemption",
                  "review.pack",
                  "review_decision.item",
                  "review_signature.account"),
              of(
                  Fate.STAYS,
                  DECIDED,
                  "library_answer.approver",
                  "library_answer.rationale",
                  "library_answer.statement",
                  "library_proposal.proposer",
                  "library_proposal.rationale",
                  "library_proposal.statement",
                  "library_publication.publisher",
                  "library_publication.rationale",
                  "library_publication.statement",
                  "library_review.rationale",
                  "library_review.reviewer",
                  "library_review.statement",
                  "library_submission.rationale",
                  "review.opened_by",
                  "review.reviewer",
                  "review_decision.rationale",
                  "review_decision.reviewer",
                  "review_decision.statement",
                  "review_signature.rationale",
                  "review_signature.signer",
                  "review_signature.statement",
                  "forecast.evidence",
                  "forecast.forecaster",
                  "forecast.reason",
                  "forecast.statement",
                  "connector_launch.evidence",
                  "connector_launch.source",
                  "tool.accepted_by",
                  "tool_wording.accepted_by",
                  "audit_hold.placed_by"),
              of(
                  Fate.STAYS,
                  "whom the developers of a client have named as its contacts",
                  "client_document.description",
                  "entered_client.entry",
                  "registered_client.metadata"))
          .flatMap(List::stream)
          .toList();

  private Traces() {}

  /// What becomes of a trace.
  public enum Fate {
    /// It goes when the person leaves the directory: [Directory#erase].
    LEAVES,
    /// It goes when the person is erased from the audit record: [#erase].
    ERASED,
    /// It goes with the first of both.
    EITHER,
    /// It goes by itself: with what was issued, at the latest 90 days after it was asked for.
    EXPIRES,
    /// It stays.
    STAYS
  }

  /// A column that can tell who somebody is.
  ///
  /// @param column with its table: `person.email`
  /// @param what it holds, or why it stays
  public record Trace(String column, Fate fate, String what) {}

  private static List<Trace> of(Fate fate, String what, String... columns) {
    return Stream.of(columns).map(column -> new Trace(column, fate, what)).toList();
  }

  /// All of them.
  public static List<Trace> all() {
    return ALL;
  }

  /// Takes what the directory has of somebody, but for what says that nobody else is meant.
  ///
  /// @param addresses that they have, or had until this transaction
  /// @return whether they were there until now
  static boolean leave(
      Statements statements, PersonId id, Collection<String> addresses, Instant now)
      throws SQLException {
    var person = id.value();
    forgetTold(statements, person, addresses);
    statements.update("DELETE FROM person_group WHERE person = ?", person);
    statements.update("DELETE FROM password WHERE person = ?", person);
    statements.update("DELETE FROM provisioned_member WHERE person = ?", person);
    statements.update("DELETE FROM provisioned_email WHERE person = ?", person);
    statements.update("DELETE FROM provisioned_person WHERE person = ?", person);
    statements.update("DELETE FROM exception_request WHERE person = ?", person);
    // Without the motions nobody would know which answers are about them.
    var answered = statements.list("SELECT id" + MOTIONS, row -> row.getString(1), person, person);
    forgetAnswers(statements, person, answered);
    statements.update("DELETE FROM console_motion WHERE about = ?", person);
    var leave =
        """
        UPDATE person SET user_name = ?, user_name_key = ?, given_user_name_key = NULL, email = NULL,
          display_name = ?, active = 0, deleted_at = ?, updated_at = ?
        WHERE id = ? AND deleted_at IS NULL
        """;
    return statements.update(leave, "deleted", nobodys(id), "deleted", now, now, person) > 0;
  }

  /// A user name of somebody who has left. A key that is made of a name has no capital letters, so
  /// nobody can hold this one.
  static String nobodys(PersonId id) {
    return "DELETED " + id.value();
  }

  /// What receivers of events have said of the person by an address: whoever has it next is
  /// somebody else.
  private static void forgetTold(Statements statements, String person, Collection<String> addresses)
      throws SQLException {
    var theirs = new TreeSet<String>();
    addresses.forEach(address -> theirs.add(address.toLowerCase(Locale.ROOT)));
    var known =
        "SELECT email_key FROM provisioned_email WHERE person = ?"
            + " UNION SELECT email FROM person WHERE id = ? AND email IS NOT NULL";
    statements
        .list(known, row -> row.getString(1), person, person)
        .forEach(address -> theirs.add(address.toLowerCase(Locale.ROOT)));
    // Stream by stream: there may be a million subjects, and the key begins with the stream.
    for (var stream : statements.list("SELECT id FROM ssf_stream", row -> row.getString(1))) {
      for (var address : theirs) {
        var subject = new SubjectIdentifier.Email(address).toJson().toJson();
        int deleted =
            statements.update(
                "DELETE FROM ssf_stream_subject WHERE stream = ? AND subject = ?", stream, subject);
        if (deleted > 0) {
          statements.update("UPDATE ssf_stream SET subjects = subjects - 1 WHERE id = ?", stream);
        }
      }
    }
  }

  /// Takes what the audit record and what is kept beside it say of who somebody is, in the caller's
  /// transaction. Whatever the directory has of them stays there.
  ///
  /// @param person our own id
  public static void erase(Connection connection, String person) throws SQLException {
    var statements = new Statements(connection);
    statements.update("DELETE FROM audit_person_key WHERE person = ?", person);
    // In their own words, which may tell who they are; what was answered is in the record.
    statements.update("DELETE FROM exception_request WHERE person = ?", person);
    statements.update(
        """
        DELETE FROM organisation_administrator WHERE EXISTS (
          SELECT 1 FROM person_link WHERE person_link.person = ?
            AND person_link.organisation = organisation_administrator.organisation
            AND person_link.issuer = organisation_administrator.issuer
            AND person_link.subject = organisation_administrator.subject)
        """,
        person);
    var names = new ArrayList<>(List.of(person));
    names.addAll(statements.list("SELECT id" + MOTIONS, row -> row.getString(1), person, person));
    forgetAnswers(statements, person, names);
    forgetReasons(statements, person);
    statements.update("DELETE" + MOTIONS, person, person);
  }

  /// Why something was ended is said in words that administrators type and providers send. That it
  /// was ended stays. What is denied in consequence, sessions and grants, has the same words. Each
  /// is found by its key: others may have been ended for the same reason, and thousands at once.
  private static void forgetReasons(Statements statements, String person) throws SQLException {
    statements.update(
        """
        UPDATE deny SET reason = ''
        WHERE (kind IN ('PERSON', 'SIGN_IN', 'ASSERTION') AND value = ?)
          OR (kind IN ('SESSION', 'SIGN_IN') AND value IN (
            SELECT id FROM session WHERE person = ?))
          OR (kind = 'GRANT' AND value IN (SELECT id FROM ras_grant WHERE person = ?))
        """,
        person,
        person,
        person);
    statements.update("UPDATE signal SET reason = '' WHERE person = ?", person);
    // One that stands forbids the erasure.
    statements.update(
        "UPDATE audit_hold SET reason = '' WHERE person = ? AND lifted_at IS NOT NULL", person);
  }

  /// What calls of the API were answered is remembered for a day, with what somebody is called;
  /// that they were made stays, so that none is made again. When somebody was to be added they had
  /// no id yet: such an answer has that of the motion.
  ///
  /// @param names by which an answer is about them
  private static void forgetAnswers(Statements statements, String person, List<String> names)
      throws SQLException {
    for (var name : names) {
      statements.update(
          "UPDATE api_repeat SET answer = '{}' WHERE status <> 0"
              + " AND (caller = ? OR answer LIKE ? ESCAPE '!')",
          person,
          "%" + Statements.literal(name) + "%");
    }
  }
}
