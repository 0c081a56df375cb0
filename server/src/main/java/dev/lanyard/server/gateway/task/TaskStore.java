package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.gateway.admission.Begun;
import dev.lanyard.server.gateway.task.KeptTask.Owner;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose the tasks are that servers upstream have made, by the hashes of their ids. Nothing of them
/// is in memory: what a kill has dropped is gone on every node.
public final class TaskStore {
  /// How many are taken at once, so that whoever takes them is done with them before they are due
  /// again.
  static final int MOST_DUE = 10;

  private static final RowKind TASK =
      RowKind.claim(
          "mcp_task",
          List.of("connector", "task_hash"),
          "subject",
          "client",
          "session_hash",
          "tool",
          "provider",
          "made_at",
          "kept_for",
          "forget_after",
          "sealed");

  private static final String COLUMNS =
      "subject, client, session_hash, tool, provider, made_at, kept_for, forget_after";

  /// Where a server has given the id anew, it means another task or session by now. Asked once more
  /// which are due, because another node may have taken them meanwhile.
  private static final String DUE =
      """
      UPDATE mcp_task_end SET due_at = ? WHERE connector = ? AND due_at <= ? AND task_hash IN (
        SELECT one.task_hash FROM mcp_task_end one
        WHERE one.connector = ? AND one.due_at <= ? AND one.forget_after > ?
          AND NOT EXISTS (SELECT 1 FROM mcp_task
            WHERE mcp_task.connector = one.connector AND mcp_task.task_hash = one.task_hash)
          AND NOT EXISTS (SELECT 1 FROM mcp_session
            WHERE mcp_session.connector = one.connector
              AND mcp_session.session_hash = one.task_hash)
        ORDER BY one.due_at LIMIT %s)
      RETURNING task_hash, subject, client, tool, correlation, sealed
      """
          .formatted(MOST_DUE);

  private final Database database;
  private final TaskSeal seal;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("mcp_task", "forget_after");
  }

  /// @param seal for how servers are told that a task ends
  public TaskStore(Database database, TaskSeal seal) {
    this.database = database;
    this.seal = seal;
  }

  /// Where that is sealed.
  public static List<SealedColumn> sealed() {
    return Map.of(
            "mcp_task", "task_hash", EndedTasks.TABLE, "task_hash", "mcp_session", "session_hash")
        .entrySet()
        .stream()
        .map(one ->
            new SealedColumn(
                one.getKey(),
                List.of("connector", one.getValue()),
                "sealed",
                key -> context(key.get(0), key.get(1))))
        .toList();
  }

  private static String context(String connector, String hash) {
    return "task " + hash + " at " + connector;
  }

  /// What is kept with a session, to tell its server of its end.
  ///
  /// @param address how the server is told
  Optional<String> sealed(String connector, String session, Secret address) {
    return seal.sealed(address, context(connector, OpaqueToken.hash(new Secret(session))));
  }

  /// Keeps a task, unless its id is taken. Check and record are one step: of two that come at once,
  /// on whatever node, one has it. The same task of the same owner again is theirs.
  ///
  /// @param address how the server is told that it ends; empty if nobody has to be told
  /// @return whether it is this one's
  /// @throws java.io.UncheckedIOException if it is not kept; nobody may learn the id then
  public boolean claim(String connector, TaskId id, KeptTask task, Optional<Secret> address) {
    var sealed = address.flatMap(one -> seal.sealed(one, context(connector, id.hash())));
    var owner = task.owner();
    var row =
        new Row(
            TASK,
            connector,
            id.hash(),
            owner.subject(),
            owner.client(),
            owner.sessionHash(),
            task.tool(),
            task.begun().provider(),
            task.begun().at(),
            task.keptFor().toMillis(),
            task.forgetAfter(),
            sealed);
    return switch (database
        .groupCommit()
        .commit(new Unit(Optional.of(row), List.of(), List.of()))) {
      case FIRST -> true;
      // Also by one whose time is over, until it is removed.
      case TAKEN -> {
        renew(connector, id, task, sealed);
        yield find(connector, id, Instant.EPOCH).filter(task::isSame).isPresent();
      }
    };
  }

  /// One of theirs whose time is over begins anew: its server still gives that id.
  private void renew(String connector, TaskId id, KeptTask task, Optional<String> sealed) {
    var update =
        """
        UPDATE mcp_task SET provider = ?, made_at = ?, kept_for = ?, forget_after = ?,
          sealed = ?
        WHERE connector = ? AND task_hash = ? AND subject = ? AND client = ? AND session_hash = ?
          AND tool = ? AND forget_after <= ?
        """;
    var owner = task.owner();
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(
                    update,
                    task.begun().provider(),
                    task.begun().at(),
                    task.keptFor().toMillis(),
                    task.forgetAfter(),
                    sealed,
                    connector,
                    id.hash(),
                    owner.subject(),
                    owner.client(),
                    owner.sessionHash(),
                    task.tool(),
                    task.forgetAfter().minus(task.keptFor())));
  }

  /// Whose a task is; empty if it is nobody's, or its time is over.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<KeptTask> find(String connector, TaskId id, Instant now) {
    var select =
        "SELECT "
            + COLUMNS
            + " FROM mcp_task WHERE connector = ? AND task_hash = ? AND forget_after > ?";
    return database.read(connection ->
        new Statements(connection).first(select, TaskStore::read, connector, id.hash(), now));
  }

  /// Everything that is kept of somebody at a connector, by the hashes of the ids.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Map<String, KeptTask> of(String connector, String subject, Instant now) {
    var select =
        "SELECT "
            + COLUMNS
            + ", task_hash FROM mcp_task"
            + " WHERE subject = ? AND connector = ? AND forget_after > ?";
    return database.read(connection -> {
      var all = new HashMap<String, KeptTask>();
      var _ =
          new Statements(connection)
              .list(
                  select,
                  row -> all.put(row.getString("task_hash"), read(row)),
                  subject,
                  connector,
                  now);
      return all;
    });
  }

  private static KeptTask read(ResultSet row) throws SQLException {
    return new KeptTask(
        new Owner(row.getString("subject"), row.getString("client"), row.getString("session_hash")),
        row.getString("tool"),
        new Begun(
            Instant.ofEpochMilli(row.getLong("made_at")),
            Optional.ofNullable(row.getString("provider"))),
        Duration.ofMillis(row.getLong("kept_for")),
        Instant.ofEpochMilli(row.getLong("forget_after")));
  }

  /// How many are kept of somebody at a connector.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  int count(String connector, String subject, Instant now) {
    var select =
        "SELECT COUNT(*) FROM mcp_task WHERE subject = ? AND connector = ? AND forget_after > ?";
    return database.read(connection ->
        new Statements(connection)
            .first(select, row -> row.getInt(1), subject, connector, now)
            .orElse(0));
  }

  /// Keeps a task for longer. Of one that is gone nothing is kept.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void prolong(String connector, TaskId id, Instant forgetAfter) {
    var update = "UPDATE mcp_task SET forget_after = ? WHERE connector = ? AND task_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection).update(update, forgetAfter, connector, id.hash()));
  }

  /// It has ended by itself: nobody has to be told any more.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void over(String connector, TaskId id) {
    var update = "UPDATE mcp_task SET sealed = NULL WHERE connector = ? AND task_hash = ?";
    var _ =
        database.write(
            connection -> new Statements(connection).update(update, connector, id.hash()));
  }

  /// Takes those that a kill has dropped and that are due, [#MOST_DUE] at most and those first that
  /// are due for longest: each is one node's until it is due again. One whose id its server has
  /// given anew is not among them.
  ///
  /// @param again when those that are taken are due again
  /// @throws java.io.UncheckedIOException if the store cannot
  List<OpenEnd> due(String connector, Instant now, Instant again) {
    // Mostly there is nothing, and what only reads writes no log.
    var any = "SELECT 1 FROM mcp_task_end WHERE connector = ? AND due_at <= ?";
    if (!database.<Boolean>read(
        connection -> new Statements(connection).finds(any, connector, now))) {
      return List.of();
    }
    return database
        .write(connection ->
            new Statements(connection)
                .list(
                    DUE, row -> opened(connector, row), again, connector, now, connector, now, now))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// Empty if this node cannot open it; another may.
  private Optional<OpenEnd> opened(String connector, ResultSet row) throws SQLException {
    var hash = row.getString("task_hash");
    var subject = row.getString("subject");
    var client = row.getString("client");
    var tool = row.getString("tool");
    var correlation = row.getString("correlation");
    return seal.opened(row.getString("sealed"), context(connector, hash))
        .map(address -> new OpenEnd(hash, subject, client, tool, correlation, address));
  }

  /// A server has taken that a task has ended.
  ///
  /// @param hash of its id
  /// @throws java.io.UncheckedIOException if the store cannot
  void told(String connector, String hash) {
    var delete = "DELETE FROM mcp_task_end WHERE connector = ? AND task_hash = ?";
    var _ =
        database.write(connection -> new Statements(connection).update(delete, connector, hash));
  }

  /// Drops a task of this person's that is dead, as a kill drops what it finds: it is nobody's, and
  /// its server is told by any node that can, unless that has been done.
  ///
  /// @param correlationId in the course of what it ends
  /// @throws java.io.UncheckedIOException if the store cannot
  void drop(String connector, TaskId id, String subject, String correlationId, Instant now) {
    var cause = new EndedTasks.Cause(correlationId, now);
    var which = "connector = ? AND task_hash = ? AND subject = ?";
    var _ =
        database.<Boolean>write(connection -> {
          var values = List.of(connector, id.hash(), subject);
          EndedTasks.drop(new Statements(connection), cause, which, values);
          return true;
        });
  }
}
