package dev.lanyard.server.gateway.task;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Drops tasks and sessions in the transaction of the kill: of a person, of an organisation, and of
/// everybody. What is not dropped, because its call was under way, is dead by its age. What their
/// servers have to be told is kept, sealed as it was, until they have taken it.
///
/// A single sign-in, grant or token that ends takes none with it: another one of the same person
/// through the same client may ask.
public final class EndedTasks implements Downstream {
  static final String TABLE = "mcp_task_end";

  /// The node that has seen a task tells its server at once; another one if it has not by then.
  static final Duration OTHERS_AFTER = Duration.ofSeconds(30);

  /// When the server of a session is told: tasks in it are cancelled before.
  static final Duration SESSIONS_AFTER = OTHERS_AFTER.plusSeconds(10);

  /// A server that takes nothing for so long is told no more.
  static final Duration TOLD_FOR = Duration.ofHours(1);

  private static final String KEEP =
      """
      INSERT INTO mcp_task_end
        (connector, task_hash, subject, client, tool, sealed, correlation, due_at, forget_after)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String DROP =
      """
      DELETE FROM mcp_task WHERE %s RETURNING connector, task_hash, subject, client, tool, sealed
      """;

  private static final String DROP_SESSIONS =
      """
      DELETE FROM mcp_session WHERE %s
      RETURNING connector, session_hash AS task_hash, subject, client, '' AS tool, sealed
      """;

  private static final String OF_ORGANISATION =
      "subject IN (SELECT id FROM person WHERE organisation = ?)";

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable(TABLE, "forget_after");
  }

  /// In the course of what tasks end.
  record Cause(String correlationId, Instant at) {}

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var byCause = new LinkedHashMap<Cause, List<Denied>>();
    for (var incident : incidents) {
      var cause = new Cause(incident.signal().correlationId(), incident.at());
      byCause.computeIfAbsent(cause, _ -> new ArrayList<>()).addAll(incident.denied());
    }
    var statements = new Statements(connection);
    for (var one : byCause.entrySet()) {
      end(statements, one.getKey(), one.getValue().stream().distinct().toList());
    }
  }

  private static void end(Statements statements, Cause cause, List<Denied> denied)
      throws SQLException {
    if (denied.stream().anyMatch(one -> one.kind() == Denied.Kind.ALL)) {
      dropAll(statements, cause, "1 = 1", List.of());
      return;
    }
    for (var part : Chunks.of(of(denied, Denied.Kind.PERSON), Statements.MOST_IN_LIST)) {
      dropAll(statements, cause, "subject IN " + Statements.inList(part), part);
    }
    for (var organisation : of(denied, Denied.Kind.ORGANISATION)) {
      dropAll(statements, cause, OF_ORGANISATION, List.of(organisation));
    }
  }

  private static void dropAll(Statements statements, Cause cause, String which, List<String> values)
      throws SQLException {
    drop(statements, cause, which, values);
    var sessions =
        statements.list(DROP_SESSIONS.formatted(which), EndedTasks::row, values.toArray());
    for (var table : List.of("mcp_subscription", "mcp_asked")) {
      statements.each(
          "DELETE FROM " + table + " WHERE connector = ? AND session_hash = ?",
          sessions.stream().map(one -> new Object[] {one.connector(), one.hash()}).toList());
    }
    keep(statements, sessions, cause, cause.at().plus(SESSIONS_AFTER));
  }

  /// @param which condition on rows of `mcp_task`
  static void drop(Statements statements, Cause cause, String which, List<String> values)
      throws SQLException {
    // What is kept is what this has dropped: a task may be written down between two statements.
    var dropped = statements.list(DROP.formatted(which), EndedTasks::row, values.toArray());
    keep(statements, dropped, cause, cause.at().plus(OTHERS_AFTER));
  }

  private static void keep(Statements statements, List<Dropped> dropped, Cause cause, Instant dueAt)
      throws SQLException {
    statements.each(
        KEEP,
        dropped.stream()
            .filter(row -> row.sealed().isPresent())
            .map(row -> row.kept(cause, dueAt))
            .toList());
  }

  /// A task or session as it was written down.
  private record Dropped(
      String connector,
      String hash,
      String subject,
      String client,
      String tool,
      Optional<String> sealed) {
    Object[] kept(Cause cause, Instant dueAt) {
      return new Object[] {
        connector,
        hash,
        subject,
        client,
        tool,
        sealed,
        cause.correlationId(),
        dueAt,
        cause.at().plus(TOLD_FOR)
      };
    }
  }

  private static Dropped row(ResultSet rows) throws SQLException {
    return new Dropped(
        rows.getString("connector"),
        rows.getString("task_hash"),
        rows.getString("subject"),
        rows.getString("client"),
        rows.getString("tool"),
        Optional.ofNullable(rows.getString("sealed")));
  }

  private static List<String> of(List<Denied> denied, Denied.Kind kind) {
    return denied.stream().filter(one -> one.kind() == kind).map(Denied::value).toList();
  }
}
