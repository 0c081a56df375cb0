package dev.lanyard.server.app;

import dev.lanyard.server.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Removes rows that can no longer decide anything, so that the record does not grow without end:
/// what has expired, and replay records of tokens that have. The audit record is never touched.
final class Expired {
  /// Longer than any clock may be wrong: removing late costs space, removing early costs replay
  /// protection.
  private static final Duration MARGIN = Duration.ofHours(1);

  /// Where rows say, in milliseconds, from when on they are no longer needed. Sessions stay: they
  /// tell who signed in, and a kill walks over them.
  private static final Map<String, String> TABLES =
      Map.of(
          "authorization_code", "expires_at",
          "code_redemption", "forget_after",
          "refresh_token", "expires_at",
          "upstream_sign_in", "expires_at",
          "ras_grant", "expires_at",
          "redemption", "forget_after",
          "client_assertion", "forget_after",
          "dpop_proof", "forget_after",
          "deny", "forget_after",
          "delivery", "forget_after");

  private final Database database;

  Expired(Database database) {
    this.database = database;
  }

  /// Removes, table by table, each in a transaction of its own.
  ///
  /// @return how many rows went, by table
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; try again later
  Map<String, Integer> remove(Instant now) {
    var removed = new LinkedHashMap<String, Integer>();
    long before = now.minus(MARGIN).toEpochMilli();
    TABLES.forEach((table, column) ->
        removed.put(
            table,
            database.write(connection -> {
              var delete = "DELETE FROM " + table + " WHERE " + column + " < ?";
              try (var statement = connection.prepareStatement(delete)) {
                statement.setLong(1, before);
                return statement.executeUpdate();
              }
            })));
    return removed;
  }
}
