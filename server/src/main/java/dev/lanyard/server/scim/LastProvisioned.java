package dev.lanyard.server.scim;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.time.Instant;
import java.util.Optional;

/// When a connection changed a person or a group last, of those that it still keeps.
public final class LastProvisioned {
  private static final String SELECT =
      """
      SELECT MAX(at) FROM (
        SELECT MAX(modified_at) AS at FROM provisioned_person WHERE source = ?
        UNION ALL
        SELECT MAX(modified_at) AS at FROM provisioned_group WHERE source = ?
      ) AS newest
      """;

  private final Database database;

  public LastProvisioned(Database database) {
    this.database = database;
  }

  /// @param connection its id
  public Optional<Instant> by(String connection) {
    return database
        .read(open ->
            new Statements(open).first(SELECT, rows -> rows.getLong(1), connection, connection))
        .filter(millis -> millis > 0)
        .map(Instant::ofEpochMilli);
  }
}
