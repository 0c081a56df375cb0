package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// When somebody signed in last by each provider upstream, as far back as sessions are kept.
public final class LastSignIns {
  private final Database database;

  public LastSignIns(Database database) {
    this.database = database;
  }

  /// By our names of the providers.
  public Map<String, Instant> byUpstream() {
    var last = new HashMap<String, Instant>();
    var select =
        "SELECT upstream, MAX(created_at) FROM session WHERE upstream IS NOT NULL GROUP BY"
            + " upstream";
    database.read(connection ->
        new Statements(connection)
            .list(
                select,
                rows -> last.put(rows.getString(1), Instant.ofEpochMilli(rows.getLong(2)))));
    return last;
  }
}
