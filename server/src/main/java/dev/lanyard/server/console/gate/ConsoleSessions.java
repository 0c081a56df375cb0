package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The sessions of the console, in the database, so that every node knows them.
public final class ConsoleSessions {
  private static final RowKind SESSION =
      RowKind.of(
          "console_session",
          "id",
          "secret_hash",
          "person",
          "broker_session",
          "family",
          "auth_time",
          "acr",
          "amr",
          "created_at",
          "expires_at");

  private static final String SELECT =
      "SELECT id, person, broker_session, family, auth_time, acr, amr, created_at, expires_at"
          + " FROM console_session WHERE ended_at = 0 AND ";

  private final Database database;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("console_session", "expires_at");
  }

  public ConsoleSessions(Database database) {
    this.database = database;
  }

  /// The fact that a session has begun.
  static Row begun(Secret cookie, ConsoleSession session) {
    return new Row(
        SESSION,
        session.id(),
        OpaqueToken.hash(cookie),
        session.person(),
        session.brokerSession(),
        session.family(),
        session.authentication().time(),
        session.authentication().contextClass(),
        String.join(" ", session.authentication().methods()),
        session.createdAt(),
        session.expiresAt());
  }

  /// The session of a browser, also one that is over; never one that was ended.
  Optional<ConsoleSession> find(Secret cookie) {
    if (!OpaqueToken.isPossible(cookie)) {
      return Optional.empty();
    }
    return database.read(connection ->
        new Statements(connection)
            .first(SELECT + "secret_hash = ?", ConsoleSessions::session, OpaqueToken.hash(cookie)));
  }

  /// The sessions of a person that have neither ended nor expired, the newest first.
  List<ConsoleSession> of(String person, Instant now) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                SELECT + "person = ? AND expires_at > ? ORDER BY created_at DESC",
                ConsoleSessions::session,
                person,
                now));
  }

  /// Ends a session of a person's own, in a transaction of the caller's.
  ///
  /// @return whether it was theirs and live
  static boolean end(Connection connection, String id, String person, Instant at)
      throws SQLException {
    var update =
        "UPDATE console_session SET ended_at = ? WHERE id = ? AND person = ? AND ended_at = 0";
    return new Statements(connection).update(update, at, id, person) > 0;
  }

  /// Ends the session of a browser that has begun another: nobody could tell any more whose it is.
  void replaced(Secret cookie, Instant at) {
    var update = "UPDATE console_session SET ended_at = ? WHERE secret_hash = ? AND ended_at = 0";
    var _ =
        database.write(
            connection -> new Statements(connection).update(update, at, OpaqueToken.hash(cookie)));
  }

  private static ConsoleSession session(ResultSet row) throws SQLException {
    long time = row.getLong("auth_time");
    var known = row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(time));
    var methods = row.getString("amr");
    return new ConsoleSession(
        row.getString("id"),
        row.getString("person"),
        row.getString("broker_session"),
        row.getString("family"),
        new AuthenticationContext(
            known,
            Optional.ofNullable(row.getString("acr")),
            methods.isEmpty() ? List.of() : List.of(methods.split(" ", -1))),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }
}
