package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Erases what the audit record says of who somebody is, by destroying the key under which it is
/// concealed: in every copy of the record, with the log still verifying. What was decided about
/// them stays, under our own id. What else says it goes too: their own words in requests, answers
/// that are remembered, and that they come back as an organisation's administrator. Thread-safe.
public final class Erasure {
  /// Says that somebody was erased; kept for ever.
  static final String TYPE = "audit.erased";

  /// The motions about somebody, and about holds on them.
  private static final String MOTIONS =
      " FROM console_motion WHERE about = ?"
          + " OR about IN (SELECT id FROM audit_hold WHERE person = ?)";

  private final Database database;
  private final InstantSource clock;

  public Erasure(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of it.
  public sealed interface Verdict {
    /// It is erased, or was before.
    record Erased() implements Verdict {}

    /// These holds forbid it.
    record Held(List<Holds.Hold> holds) implements Verdict {}

    /// The condition was not met; nothing was erased.
    record Unmet() implements Verdict {}
  }

  /// What must be so in the same transaction, before anything is erased; whoever judges it may
  /// write what belongs to it once it is.
  public interface Condition {
    boolean isMet(Connection connection) throws SQLException;
  }

  /// @param person our own id
  /// @param organisation whose, for holds
  /// @param correlationId of what causes it
  public Verdict erase(
      String person, Optional<String> organisation, String by, String correlationId) {
    return erase(person, organisation, by, correlationId, _ -> true);
  }

  /// The same if this holds when it is done.
  public Verdict erase(
      String person,
      Optional<String> organisation,
      String by,
      String correlationId,
      Condition condition) {
    var verdict =
        database.<Verdict>write(
            connection -> erased(connection, person, organisation, by, correlationId, condition));
    if (verdict instanceof Verdict.Erased) {
      database.forgetDeleted();
    }
    return verdict;
  }

  private Verdict erased(
      Connection connection,
      String person,
      Optional<String> organisation,
      String by,
      String correlationId,
      Condition condition)
      throws SQLException {
    // A step that has read the old key, or would make a new one, does nothing. First of all: it
    // waits for whoever is placing a hold, so that the hold is seen.
    new LogTables(connection).overtake();
    var holds =
        Holds.standing(connection).stream()
            .filter(hold -> hold.isAbout(Optional.of(person), organisation.or(hold::organisation)))
            .toList();
    if (!holds.isEmpty()) {
      return new Verdict.Held(holds);
    }
    if (!condition.isMet(connection)) {
      return new Verdict.Unmet();
    }
    var now = clock.instant();
    forget(connection, person, now);
    var evidence = JsonObject.builder().put("by", by).build();
    var event =
        AuditEvent.of(TYPE, Outcome.SUCCESS, now, correlationId, evidence).withPerson(person);
    AuditLog.append(connection, organisation.map(event::withOrganisation).orElse(event));
    return new Verdict.Erased();
  }

  private static void forget(Connection connection, String person, Instant now)
      throws SQLException {
    var statements = new Statements(connection);
    statements.update(
        "INSERT INTO audit_erased (person, at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING",
        person,
        now);
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
    forgetAnswers(statements, person);
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
  }

  /// What calls of the API were answered is remembered for a day, with what somebody is called;
  /// that they were made stays, so that none is made again. When somebody was to be added they had
  /// no id yet: such an answer has that of the motion.
  private static void forgetAnswers(Statements statements, String person) throws SQLException {
    var names = new ArrayList<String>();
    names.add(person);
    names.addAll(statements.list("SELECT id" + MOTIONS, row -> row.getString(1), person, person));
    for (var name : names) {
      statements.update(
          "UPDATE api_repeat SET answer = '{}' WHERE status <> 0"
              + " AND (caller = ? OR answer LIKE ? ESCAPE '!')",
          person,
          "%" + Statements.literal(name) + "%");
    }
  }
}
