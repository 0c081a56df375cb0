package dev.lanyard.server.gateway.task;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.gateway.task.KeptTask.Begun;
import dev.lanyard.server.gateway.task.KeptTask.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tasks in the database, by the hashes of their ids. Nothing of them is in memory: what a kill has
/// dropped is gone on every node.
public final class JdbcTaskStore implements TaskStore {
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
          "forget_after");

  private static final String COLUMNS =
      "subject, client, session_hash, tool, provider, made_at, kept_for, forget_after";

  private final Database database;

  public JdbcTaskStore(Database database) {
    this.database = database;
  }

  @Override
  public boolean claim(String connector, TaskId id, KeptTask task) {
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
            task.forgetAfter());
    return switch (database
        .groupCommit()
        .commit(new Unit(Optional.of(row), List.of(), List.of()))) {
      case FIRST -> true;
      // Also by one whose time is over, until it is removed.
      case TAKEN -> {
        renew(connector, id, task);
        yield find(connector, id, Instant.EPOCH).filter(task::isSame).isPresent();
      }
    };
  }

  /// One of theirs whose time is over begins anew: its server still gives that id.
  private void renew(String connector, TaskId id, KeptTask task) {
    var update =
        """
        UPDATE mcp_task SET provider = ?, made_at = ?, kept_for = ?, forget_after = ?
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
                    connector,
                    id.hash(),
                    owner.subject(),
                    owner.client(),
                    owner.sessionHash(),
                    task.tool(),
                    task.forgetAfter().minus(task.keptFor())));
  }

  @Override
  public Optional<KeptTask> find(String connector, TaskId id, Instant now) {
    var select =
        "SELECT "
            + COLUMNS
            + " FROM mcp_task WHERE connector = ? AND task_hash = ? AND forget_after > ?";
    return database.read(connection ->
        new Statements(connection).first(select, JdbcTaskStore::read, connector, id.hash(), now));
  }

  @Override
  public Map<String, KeptTask> of(String connector, String subject, Instant now) {
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

  @Override
  public int count(String connector, String subject, Instant now) {
    var select =
        "SELECT COUNT(*) FROM mcp_task WHERE subject = ? AND connector = ? AND forget_after > ?";
    return database.read(connection ->
        new Statements(connection)
            .first(select, row -> row.getInt(1), subject, connector, now)
            .orElse(0));
  }

  @Override
  public void prolong(String connector, TaskId id, Instant forgetAfter) {
    var update = "UPDATE mcp_task SET forget_after = ? WHERE connector = ? AND task_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection).update(update, forgetAfter, connector, id.hash()));
  }

  @Override
  public void forget(String connector, TaskId id, String subject) {
    var delete = "DELETE FROM mcp_task WHERE connector = ? AND task_hash = ? AND subject = ?";
    var _ =
        database.write(
            connection -> new Statements(connection).update(delete, connector, id.hash(), subject));
  }
}
