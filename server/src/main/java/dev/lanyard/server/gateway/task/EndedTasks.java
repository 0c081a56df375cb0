package dev.lanyard.server.gateway.task;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Drops tasks in the transaction of the kill: of a person, of an organisation, and of everybody.
/// What is not dropped, because its call was under way, is dead by its age.
///
/// A single sign-in, grant or token that ends takes no task with it: another one of the same person
/// through the same client may ask.
public final class EndedTasks implements Downstream {
  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var denied = incidents.stream().flatMap(one -> one.denied().stream()).distinct().toList();
    var statements = new Statements(connection);
    if (denied.stream().anyMatch(one -> one.kind() == Denied.Kind.ALL)) {
      var _ = statements.update("DELETE FROM mcp_task");
      return;
    }
    for (var part : Chunks.of(of(denied, Denied.Kind.PERSON), Statements.MOST_IN_LIST)) {
      var _ =
          statements.update(
              "DELETE FROM mcp_task WHERE subject IN " + Statements.inList(part), part.toArray());
    }
    for (var organisation : of(denied, Denied.Kind.ORGANISATION)) {
      var _ =
          statements.update(
              "DELETE FROM mcp_task WHERE subject IN (SELECT id FROM person WHERE organisation = ?)",
              organisation);
    }
  }

  private static List<String> of(List<Denied> denied, Denied.Kind kind) {
    return denied.stream().filter(one -> one.kind() == kind).map(Denied::value).toList();
  }
}
