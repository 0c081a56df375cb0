package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The bearer credentials of connections (SCIM-14), as hashes. Every question is asked of the
/// record, so that a token that was revoked anywhere is refused at once everywhere. Thread-safe.
public final class ScimTokens {
  /// One in use and one that takes its place: rotation without an outage, and no forgotten third.
  public static final int MOST_AT_ONCE = 2;

  /// So that scanners of source code know what they have found.
  private static final String PREFIX = "lanyard_scim_";

  private static final Duration NOTED_AT_MOST_EVERY = Duration.ofMinutes(10);

  private static final String SELECT =
      "SELECT id, connection, created_at, expires_at, used_at, revoked_at FROM scim_token";

  private final Database database;
  private final InstantSource clock;

  public ScimTokens(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A token without its secret, which nobody has any more.
  ///
  /// @param usedAt when it was last used, give or take ten minutes
  public record Entry(
      String id,
      String connection,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedAt,
      Optional<Instant> revokedAt) {

    public boolean isValid(Instant now) {
      return revokedAt.isEmpty() && expiresAt.filter(expiry -> !now.isBefore(expiry)).isEmpty();
    }
  }

  /// What became of the wish for a token.
  public sealed interface Creation {
    /// @param secret to be shown once
    record Created(String id, Secret secret) implements Creation {}

    /// There are as many as may be.
    record TooMany(List<Entry> valid) implements Creation {}
  }

  /// @param life how long it is valid; without end if empty
  /// @param correlationId of the command, for the record
  public Creation create(ScimConnection connection, Optional<Duration> life, String correlationId) {
    return database.write(c -> create(c, connection, life, correlationId));
  }

  /// The same in the caller's transaction, as the last thing of it: all nodes that change something
  /// wait from then on.
  public Creation create(
      Connection c, ScimConnection connection, Optional<Duration> life, String correlationId)
      throws SQLException {
    var now = clock.instant();
    // Of two who create at once, on whatever node, one sees what the other did.
    database.changes().awaitTurn(c);
    var valid = select(c, connection.id()).stream().filter(one -> one.isValid(now)).toList();
    if (valid.size() >= MOST_AT_ONCE) {
      return new Creation.TooMany(valid);
    }
    var id = OpaqueToken.identifier().substring(0, 8);
    var secret = new Secret(PREFIX + OpaqueToken.secret().reveal());
    insert(c, id, connection.id(), secret, now, life.map(now::plus));
    record(c, "scim.token.created", connection, id, correlationId);
    return new Creation.Created(id, secret);
  }

  private static void insert(
      Connection connection,
      String id,
      String of,
      Secret secret,
      Instant now,
      Optional<Instant> expiry)
      throws SQLException {
    var insert =
        """
        INSERT INTO scim_token (id, connection, hash, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?)
        """;
    new Statements(connection).write(insert, id, of, OpaqueToken.hash(secret), now, expiry);
  }

  /// All tokens of a connection, the revoked and expired too, the oldest first.
  public List<Entry> list(String connection) {
    return database.read(c -> select(c, connection));
  }

  private static List<Entry> select(Connection connection, String of) throws SQLException {
    var sql = SELECT + " WHERE connection = ? ORDER BY created_at, id";
    return new Statements(connection).list(sql, ScimTokens::entry, of);
  }

  /// @param correlationId of the command, for the record
  /// @return whether the connection had such a token, still valid or not
  public boolean revoke(ScimConnection connection, String id, String correlationId) {
    return database.write(c ->
        revoke(c, connection, id, correlationId)
            || select(c, connection.id()).stream().anyMatch(one -> one.id().equals(id)));
  }

  /// The same in the caller's transaction.
  ///
  /// @return whether this has revoked it; `false` if it was revoked before, or never was
  public boolean revoke(Connection c, ScimConnection connection, String id, String correlationId)
      throws SQLException {
    var update =
        "UPDATE scim_token SET revoked_at = ? WHERE connection = ? AND id = ?"
            + " AND revoked_at IS NULL";
    boolean revoked = new Statements(c).update(update, clock.instant(), connection.id(), id) > 0;
    if (revoked) {
      record(c, "scim.token.revoked", connection, id, correlationId);
    }
    return revoked;
  }

  private void record(
      Connection c, String type, ScimConnection connection, String id, String correlationId)
      throws SQLException {
    var evidence = JsonObject.builder().put("connection", connection.id()).put("token", id).build();
    AuditLog.append(
        c,
        AuditEvent.of(type, Outcome.SUCCESS, clock.instant(), correlationId, evidence)
            .withOrganisation(connection.organisation()));
  }

  /// Which connection a secret is a valid token of.
  Optional<String> connectionOf(Secret secret) {
    if (!secret.reveal().startsWith(PREFIX) || !OpaqueToken.isPossible(secret)) {
      return Optional.empty();
    }
    var found = database.read(c -> find(c, OpaqueToken.hash(secret)));
    var now = clock.instant();
    if (found.isEmpty() || !found.get().isValid(now)) {
      return Optional.empty();
    }
    var used = found.get().usedAt();
    if (used.isEmpty() || used.get().plus(NOTED_AT_MOST_EVERY).isBefore(now)) {
      note(found.get().id(), now);
    }
    return Optional.of(found.get().connection());
  }

  private static Optional<Entry> find(Connection connection, String hash) throws SQLException {
    return new Statements(connection).first(SELECT + " WHERE hash = ?", ScimTokens::entry, hash);
  }

  private void note(String id, Instant now) {
    database.write(connection ->
        new Statements(connection)
            .update("UPDATE scim_token SET used_at = ? WHERE id = ?", now, id));
  }

  private static Entry entry(ResultSet rows) throws SQLException {
    return new Entry(
        rows.getString("id"),
        rows.getString("connection"),
        Instant.ofEpochMilli(rows.getLong("created_at")),
        instant(rows, "expires_at"),
        instant(rows, "used_at"),
        instant(rows, "revoked_at"));
  }

  private static Optional<Instant> instant(ResultSet rows, String column) throws SQLException {
    long millis = rows.getLong(column);
    return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
