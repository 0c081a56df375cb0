package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Sessions in the database.
public final class JdbcSessionStore implements SessionStore {
  private static final RowKind SESSION =
      RowKind.of(
          "session",
          "id",
          "server",
          "secret_hash",
          "person",
          "upstream",
          "upstream_session",
          "auth_time",
          "acr",
          "amr",
          "created_at",
          "expires_at");

  private final Database database;
  private final String server;

  public JdbcSessionStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  @Override
  public Row begun(Secret cookie, Session session) {
    return new Row(
        SESSION,
        session.id(),
        server,
        OpaqueToken.hash(cookie),
        session.person(),
        session.upstream().map(Session.Upstream::id),
        session.upstream().flatMap(Session.Upstream::session),
        session.authentication().time(),
        session.authentication().contextClass(),
        Columns.joined(session.authentication().methods()),
        session.createdAt(),
        session.expiresAt());
  }

  @Override
  public Optional<Session> find(Secret cookie) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT id, person, upstream, upstream_session, auth_time, acr, amr, created_at,"
                  + " expires_at FROM session"
                  + " WHERE secret_hash = ? AND server = ? AND ended_at IS NULL")) {
        query.setString(1, OpaqueToken.hash(cookie));
        query.setString(2, server);
        try (var rows = query.executeQuery()) {
          return rows.next() ? Optional.of(session(rows)) : Optional.empty();
        }
      }
    });
  }

  private static Session session(ResultSet row) throws SQLException {
    var upstreamSession = Columns.text(row, "upstream_session");
    return new Session(
        row.getString("id"),
        row.getString("person"),
        Columns.text(row, "upstream").map(id -> new Session.Upstream(id, upstreamSession)),
        Columns.authentication(row),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "expires_at"));
  }

  @Override
  public void end(Connection connection, String id, Instant at) throws SQLException {
    end(connection, "id", id, at);
  }

  @Override
  public void endAll(Connection connection, String person, Instant at) throws SQLException {
    end(connection, "person", person, at);
  }

  private void end(Connection connection, String column, String value, Instant at)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE session SET ended_at = ? WHERE " + column + " = ? AND ended_at IS NULL")) {
      update.setLong(1, at.toEpochMilli());
      update.setString(2, value);
      update.executeUpdate();
    }
  }
}
