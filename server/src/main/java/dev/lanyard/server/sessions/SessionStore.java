package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Writing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sessions of one server.
public final class SessionStore {
  private static final RowKind SESSION =
      RowKind.of(
          "session",
          "id",
          "server",
          "secret_hash",
          "person",
          "upstream",
          "upstream_session",
          "upstream_subject",
          "upstream_ends_by",
          "auth_time",
          "acr",
          "amr",
          "created_at",
          "expires_at");

  private static final String FOUND = "SELECT id, person, upstream_subject FROM session WHERE ";

  private static final String END_LATE =
      """
      UPDATE session SET ended_at = COALESCE(ended_at, ?)
      FROM (VALUES %s) AS late
      WHERE person = late.column1 AND created_at <= late.column2
        AND (ended_at IS NULL OR ended_at > late.column2)
      RETURNING id, person
      """;

  private final Database database;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("session", "expires_at");
  }

  public SessionStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  /// The fact that a session has begun.
  ///
  /// @param cookie the secret that the browser holds
  public Row begun(Secret cookie, Session session) {
    return new Row(
        SESSION,
        session.id(),
        server,
        OpaqueToken.hash(cookie),
        session.person(),
        session.upstream().map(Session.Upstream::id),
        session.upstream().flatMap(Session.Upstream::session),
        session.upstream().flatMap(Session.Upstream::subject),
        session.endsBy(),
        session.authentication().time(),
        session.authentication().contextClass(),
        Columns.joined(session.authentication().methods()),
        session.createdAt(),
        session.expiresAt());
  }

  /// The session of a browser, also one that is over; never one that was ended.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<Session> find(Secret cookie) {
    if (!OpaqueToken.isPossible(cookie)) {
      return Optional.empty();
    }
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT id, person, upstream, upstream_session, upstream_subject, upstream_ends_by,"
                  + " auth_time, acr, amr, created_at, expires_at FROM session"
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
    var upstreamSubject = Columns.text(row, "upstream_subject");
    var endsBy = Columns.instantIfAny(row, "upstream_ends_by");
    return new Session(
        row.getString("id"),
        row.getString("person"),
        Columns.text(row, "upstream")
            .map(id -> new Session.Upstream(id, upstreamSession, upstreamSubject, endsBy)),
        Columns.authentication(row),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "expires_at"));
  }

  /// A session with whose it is.
  ///
  /// @param upstreamSubject the `sub` of the person at the provider upstream
  public record Found(String id, String person, Optional<String> upstreamSubject) {}

  /// A session by its name, also one that is over or was ended; within the caller's transaction.
  public Optional<Found> find(Connection connection, String id) throws SQLException {
    return found(connection, FOUND + "id = ?", id).stream().findFirst();
  }

  /// The sessions that stand on a session at a provider upstream, also those that are over.
  ///
  /// @param upstream the configured name of the provider
  /// @param session its `sid`
  public List<Found> standingOn(Connection connection, String upstream, String session)
      throws SQLException {
    return found(connection, FOUND + "upstream_session = ? AND upstream = ?", session, upstream);
  }

  /// The sessions of somebody whom a provider upstream calls so, also those that are over.
  ///
  /// @param upstream the configured name of the provider
  /// @param subject its `sub`
  public List<Found> standingOnSubject(Connection connection, String upstream, String subject)
      throws SQLException {
    return found(connection, FOUND + "upstream_subject = ? AND upstream = ?", subject, upstream);
  }

  private static List<Found> found(Connection connection, String select, String... values)
      throws SQLException {
    try (var query = connection.prepareStatement(select)) {
      for (int i = 0; i < values.length; i++) {
        query.setString(i + 1, values[i]);
      }
      try (var rows = query.executeQuery()) {
        var found = new ArrayList<Found>();
        while (rows.next()) {
          found.add(
              new Found(
                  rows.getString("id"),
                  rows.getString("person"),
                  Columns.text(rows, "upstream_subject")));
        }
        return found;
      }
    }
  }

  /// Ends sessions, within the caller's transaction. Ending one twice changes nothing.
  public void end(Writing writes, Collection<String> ids, Instant at) throws SQLException {
    for (var chunk : Chunks.of(List.copyOf(ids), Statements.MOST_IN_LIST)) {
      var values = new ArrayList<Object>(List.of(at));
      values.addAll(chunk);
      writes.write(
          "UPDATE session SET ended_at = ? WHERE ended_at IS NULL AND id IN "
              + Statements.inList(chunk),
          values.toArray());
    }
  }

  /// Ends the sessions of people, within the caller's transaction.
  ///
  /// @param begunBy of each person, up to which beginning
  public void endAll(Writing writes, Map<String, Instant> begunBy, Instant at) throws SQLException {
    var people = new HashMap<Instant, List<String>>();
    begunBy.forEach(
        (person, begun) -> people.computeIfAbsent(begun, _ -> new ArrayList<>()).add(person));
    for (var alike : people.entrySet()) {
      for (var chunk : Chunks.of(alike.getValue(), Statements.MOST_IN_LIST)) {
        var values = new ArrayList<Object>(List.of(at, alike.getKey()));
        values.addAll(chunk);
        writes.write(
            "UPDATE session SET ended_at = ? WHERE created_at <= ? AND ended_at IS NULL"
                + " AND person IN "
                + Statements.inList(chunk),
            values.toArray());
      }
    }
  }

  /// The same of an end that lies in the past of this call. A session that was ended in between,
  /// for whatever lesser cause, is among those.
  ///
  /// @param begunBy of each person, up to which beginning: when their sessions should have ended
  /// @return the sessions that went on after that, with whose they are
  public Map<String, String> endLate(
      Connection connection, Map<String, Instant> begunBy, Instant at) throws SQLException {
    var ended = new HashMap<String, String>();
    for (var chunk : Chunks.of(List.copyOf(begunBy.entrySet()), Statements.MOST_IN_LIST)) {
      var values = new ArrayList<Object>(List.of(at));
      chunk.forEach(end -> Collections.addAll(values, end.getKey(), end.getValue()));
      var update = END_LATE.formatted(String.join(",", Collections.nCopies(chunk.size(), "(?,?)")));
      new Statements(connection)
          .list(update, rows -> Map.entry(rows.getString(1), rows.getString(2)), values.toArray())
          .forEach(one -> ended.put(one.getKey(), one.getValue()));
    }
    return ended;
  }
}
