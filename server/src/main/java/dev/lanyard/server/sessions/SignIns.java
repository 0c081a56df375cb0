package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The sign-ins of sessions, ended ones too as long as they are in the record. Thread-safe.
final class SignIns {
  private static final String SELECT = "SELECT id, person, auth_time, acr, amr FROM session";

  /// With more PostgreSQL would rather read the whole table than go to each of them.
  private static final int AT_ONCE = 100;

  private final Database database;

  SignIns(Database database) {
    this.database = database;
  }

  /// By their sessions.
  Map<String, LiveGrant.SignIn> all() {
    return read(SELECT);
  }

  /// Those of these sessions.
  Map<String, LiveGrant.SignIn> of(Collection<String> sessions) {
    var found = new HashMap<String, LiveGrant.SignIn>();
    for (var part : Chunks.of(List.copyOf(sessions), AT_ONCE)) {
      found.putAll(read(SELECT + " WHERE id IN " + Statements.inList(part), part.toArray()));
    }
    return found;
  }

  private record Found(String session, LiveGrant.SignIn signIn) {}

  private Map<String, LiveGrant.SignIn> read(String select, Object... values) {
    var found = new HashMap<String, LiveGrant.SignIn>();
    database
        .read(connection -> new Statements(connection).list(select, SignIns::found, values))
        .forEach(one -> found.put(one.session(), one.signIn()));
    return found;
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        row.getString("id"),
        new LiveGrant.SignIn(row.getString("person"), Columns.authentication(row)));
  }
}
