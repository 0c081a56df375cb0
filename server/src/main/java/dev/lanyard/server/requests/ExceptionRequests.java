package dev.lanyard.server.requests;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.requests.ExceptionRequest.State;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people have asked for. Each step is one transaction with its audit record; of two answers
/// at once, on whatever nodes, one counts. Thread-safe.
///
/// A request ends with the standing of whoever made it: if they were switched off at any time
/// since, it is over, also if they are back. That is read from the history of people, which is
/// written with every change of standing, so that no way of switching somebody off has to know of
/// requests.
public final class ExceptionRequests {
  /// What one person may have open at once.
  public static final int MOST_OPEN = 3;

  /// The longest reason and the longest answer.
  public static final int LONGEST_TEXT = 500;

  /// For how long somebody may ask.
  public static final Duration LONGEST = Duration.ofDays(366);

  /// For how long it can be read what was asked and answered.
  private static final Duration KEPT = Duration.ofDays(90);

  private static final String OFF_SINCE =
      """
      EXISTS (SELECT 1 FROM person_standing s
        WHERE s.person = exception_request.person AND s.since >= exception_request.created_at
          AND s.standing <> 'active')
      """;

  private static final String SELECT =
      "SELECT exception_request.*, CASE WHEN ended_at = 0 AND "
          + OFF_SINCE
          + " THEN 'person-off' ELSE outcome END AS state FROM exception_request ";

  private final Database database;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("exception_request", "forget_after");
  }

  public ExceptionRequests(Database database) {
    this.database = database;
  }

  /// What somebody asks for.
  ///
  /// @param until the last day
  public record Question(String person, String connector, String reason, LocalDate until) {}

  /// Whose doing a record is about.
  ///
  /// @param by our own id of a person
  public record Act(String by, Instant at, String correlationId) {}

  /// What came of an attempt to ask.
  public sealed interface Asked {
    record Made(String id) implements Asked {}

    /// They have asked for this connector already.
    record Before() implements Asked {}

    /// They have as much open as one may have.
    record TooMany() implements Asked {}

    /// Nobody can need it for so long, or the day is over.
    record WrongDay() implements Asked {}
  }

  /// Asks, if there is room for it.
  public Asked ask(Question question, Act act) {
    var today = act.at().atOffset(ZoneOffset.UTC).toLocalDate();
    if (question.until().isBefore(today)
        || question.until().isAfter(today.plusDays(LONGEST.toDays()))) {
      return new Asked.WrongDay();
    }
    return database.write(connection -> ask(connection, question, act));
  }

  private static Asked ask(Connection connection, Question question, Act act) throws SQLException {
    var statements = new Statements(connection);
    // What ended with its person makes room.
    statements.update(
        "UPDATE exception_request SET outcome = 'person-off', ended_at = ? WHERE person = ?"
            + " AND ended_at = 0 AND "
            + OFF_SINCE,
        act.at(),
        question.person());
    if (isOpen(statements, question)) {
      return new Asked.Before();
    }
    for (int slot = 0; slot < MOST_OPEN; slot++) {
      var id = id(question, act, slot);
      if (insert(statements, id, question, act, slot)) {
        record(
            connection,
            "exception-request.made",
            act,
            question.person(),
            JsonObject.builder()
                .put("request", id)
                .put("connector", question.connector())
                .put("reason", question.reason())
                .put("until", question.until().toString()));
        return new Asked.Made(id);
      }
    }
    // What met no free place may have met the same question of another window, a moment ago.
    return isOpen(statements, question) ? new Asked.Before() : new Asked.TooMany();
  }

  private static boolean isOpen(Statements statements, Question question) throws SQLException {
    var select =
        "SELECT 1 FROM exception_request WHERE person = ? AND connector = ? AND ended_at = 0";
    return statements.finds(select, question.person(), question.connector());
  }

  private static boolean insert(
      Statements statements, String id, Question question, Act act, int slot) throws SQLException {
    var insert =
        """
        INSERT INTO exception_request
          (id, person, connector, reason, until, slot, created_at, forget_after)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """;
    var end = question.until().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return statements.update(
            insert,
            id,
            question.person(),
            question.connector(),
            question.reason(),
            question.until().toString(),
            slot,
            act.at(),
            end.plus(KEPT))
        > 0;
  }

  /// Short enough for the name of an exception.
  private static String id(Question question, Act act, int slot) {
    var of = String.join(" ", question.toString(), act.toString(), String.valueOf(slot));
    var hash = OpaqueToken.hash(new Secret(of)).replaceAll("[^A-Za-z0-9]", "");
    return "request-" + hash.substring(0, 12).toLowerCase(Locale.ROOT);
  }

  /// Takes back what one has asked for oneself.
  ///
  /// @return whether it was theirs and open
  public boolean withdraw(String id, Act act) {
    return database.write(connection -> {
      var request = find(connection, id).filter(one -> one.person().equals(act.by()));
      return request.isPresent()
          && ended(
              connection,
              request.get(),
              State.WITHDRAWN,
              "",
              "",
              act,
              "exception-request.withdrawn");
    });
  }

  /// Says no.
  ///
  /// @return whether it was open still
  public boolean decline(String id, String why, Act act) {
    return database.write(connection -> {
      var request = find(connection, id);
      return request.isPresent()
          && ended(
              connection,
              request.get(),
              State.DECLINED,
              why,
              "",
              act,
              "exception-request.declined");
    });
  }

  /// What was asked for is over, so that a draft must not be handed in with it.
  public static final class OverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverException(String id) {
      super(id);
    }
  }

  /// Says of those of these that are requests that a draft of the library has what was asked for.
  /// In the transaction in which that is handed in.
  ///
  /// @param names of what is drafted; most are no requests
  /// @throws OverException if one was declined, taken back, or ended with its person: the caller's
  ///   transaction is to end with nothing done
  public static void submitted(
      Connection connection, Collection<String> names, String submission, Act act)
      throws SQLException {
    for (var name : names) {
      var request = find(connection, name);
      // One that was granted before is an exception like any other, which may be changed.
      if (request.isPresent()
          && request.get().state() != State.SUBMITTED
          && !ended(
              connection,
              request.get(),
              State.SUBMITTED,
              "",
              submission,
              act,
              "exception-request.submitted")) {
        throw new OverException(name);
      }
    }
  }

  /// Opens again what a draft had that is taken back, in the transaction of that; but for what its
  /// person has asked for anew since, or has no place for any more.
  public static void reopened(Connection connection, String submission, Act act)
      throws SQLException {
    var statements = new Statements(connection);
    var found =
        statements.list(
            SELECT + "WHERE submission = ? AND outcome = ? ORDER BY created_at, id",
            ExceptionRequests::request,
            submission,
            State.SUBMITTED.value());
    for (var request : found) {
      var update =
          """
          UPDATE exception_request
          SET outcome = '', answered_by = '', answer = '', submission = '', ended_at = 0
          WHERE id = ? AND outcome = ? AND NOT EXISTS (SELECT 1 FROM exception_request other
            WHERE other.person = exception_request.person AND other.ended_at = 0
              AND (other.slot = exception_request.slot
                OR other.connector = exception_request.connector))
          """;
      if (statements.update(update, request.id(), State.SUBMITTED.value()) > 0) {
        record(
            connection,
            "exception-request.reopened",
            act,
            request.person(),
            JsonObject.builder()
                .put("request", request.id())
                .put("connector", request.connector())
                .put("submission", submission));
      }
    }
  }

  private static boolean ended(
      Connection connection,
      ExceptionRequest request,
      State state,
      String answer,
      String submission,
      Act act,
      String type)
      throws SQLException {
    var update =
        "UPDATE exception_request SET outcome = ?, answered_by = ?, answer = ?, submission = ?,"
            + " ended_at = ? WHERE id = ? AND ended_at = 0 AND NOT "
            + OFF_SINCE;
    int rows =
        new Statements(connection)
            .update(update, state.value(), act.by(), answer, submission, act.at(), request.id());
    if (rows == 0) {
      return false;
    }
    var evidence =
        JsonObject.builder().put("request", request.id()).put("connector", request.connector());
    if (!answer.isEmpty()) {
      evidence.put("reason", answer);
    }
    if (!submission.isEmpty()) {
      evidence.put("submission", submission);
    }
    record(connection, type, act, request.person(), evidence);
    return true;
  }

  private static void record(
      Connection connection, String type, Act act, String person, JsonObject.Builder evidence)
      throws SQLException {
    var all = evidence.put("by", act.by()).build();
    AuditLog.append(
        connection,
        AuditEvent.of(type, Outcome.SUCCESS, act.at(), act.correlationId(), all)
            .withPerson(person));
  }

  public Optional<ExceptionRequest> find(String id) {
    return database.read(connection -> find(connection, id));
  }

  private static Optional<ExceptionRequest> find(Connection connection, String id)
      throws SQLException {
    return new Statements(connection)
        .first(SELECT + "WHERE id = ?", ExceptionRequests::request, id);
  }

  /// What somebody has asked for, the newest first.
  public List<ExceptionRequest> of(String person, int most) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT + "WHERE person = ? ORDER BY created_at DESC, id LIMIT ?",
                ExceptionRequests::request,
                person,
                most));
  }

  /// What waits for an answer, the oldest first.
  ///
  /// @param skip how many to leave out
  public List<ExceptionRequest> open(int skip, int most) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT
                    + "WHERE ended_at = 0 AND NOT "
                    + OFF_SINCE
                    + " ORDER BY created_at, id LIMIT ? OFFSET ?",
                ExceptionRequests::request,
                most,
                skip));
  }

  /// The same by place.
  ///
  /// @param after the last one of before; empty for the first ones
  public List<ExceptionRequest> openAfter(Optional<Place> after, int most) {
    var place = after.orElse(new Place(Instant.EPOCH, ""));
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT
                    + "WHERE ended_at = 0 AND NOT "
                    + OFF_SINCE
                    + " AND (created_at > ? OR (created_at = ? AND id > ?))"
                    + " ORDER BY created_at, id LIMIT ?",
                ExceptionRequests::request,
                place.at(),
                place.at(),
                place.id(),
                most));
  }

  /// Where one stands among the others.
  public record Place(Instant at, String id) {}

  private static ExceptionRequest request(ResultSet row) throws SQLException {
    return new ExceptionRequest(
        row.getString("id"),
        row.getString("person"),
        row.getString("connector"),
        row.getString("reason"),
        LocalDate.parse(row.getString("until")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        State.of(row.getString("state")),
        row.getString("answered_by"),
        row.getString("answer"),
        row.getString("submission"));
  }
}
