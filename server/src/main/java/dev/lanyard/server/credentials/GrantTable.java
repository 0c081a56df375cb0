package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.credentials.UpstreamGrant.Basis.Kind;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Lease;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.SealedColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Grants in the database, in one transaction of the caller's. Thread-safe.
///
/// However a grant ends, it ends in one way: it is marked, recorded, and a message is written that
/// revokes it at its server. The sealed tokens stay until that has arrived.
final class GrantTable {
  private static final String TABLE = "upstream_grant";
  private static final String COLUMNS =
      "id, person, connector, issuer, client, scopes, sealed, revision, expires_at,"
          + " lives_until, granted_at, renewed_at, way, sign_in, session";

  private static final String INSERT =
      """
      INSERT INTO upstream_grant (id, person, connector, issuer, client, scopes, sealed, revision,
        expires_at, lives_until, granted_at, renewed_at, way, sign_in, session, ended_at, ended_why)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String LEASE =
      """
      UPDATE upstream_grant SET leased = ?
      WHERE id = ? AND revision = ? AND (leased <= ? OR leased > ?) AND ended_at = 0
      """;

  private static final String RENEWED =
      """
      UPDATE upstream_grant SET sealed = ?, expires_at = ?, lives_until = ?, renewed_at = ?, leased = 0,
        revision = revision + 1
      WHERE id = ? AND revision = ? AND ended_at = 0
      """;

  private static final String END =
      """
      UPDATE upstream_grant SET ended_at = ?, ended_why = ? WHERE ended_at = 0 AND %s
      RETURNING id, person, connector, issuer
      """;

  /// Why a token ended whose time with us was over.
  private static final String OVER = "its time was over";

  private final Supplier<MasterKey> masterKey;
  private final Outbox outbox;
  private final ChangeFeed changes;

  /// @param masterKey opened when it is first needed: a kill needs none
  GrantTable(Supplier<MasterKey> masterKey, Outbox outbox, ChangeFeed changes) {
    this.masterKey = masterKey;
    this.outbox = outbox;
    this.changes = changes;
  }

  static SealedColumn sealed() {
    return new SealedColumn(TABLE, List.of("id"), "sealed", key -> context(key.getFirst()));
  }

  private static String context(String id) {
    return "upstream grant " + id;
  }

  private record Ended(String id, String person, String connector, String issuer) {}

  /// Keeps a grant in place of the one that the person may have for the connector, which ends.
  void keep(Connection connection, UpstreamGrant grant, String correlationId) throws SQLException {
    end(
        connection,
        "person = ? AND connector = ? AND way = 'consent'",
        new Ending("replaced", correlationId, grant.grantedAt()),
        grant.person(),
        grant.connector());
    var _ = insert(INSERT, connection, grant, 0, Optional.empty());
  }

  /// Keeps what was obtained under a sign-in, unless somebody was faster.
  boolean keepFirst(Connection connection, UpstreamGrant grant) throws SQLException {
    return insert(INSERT + " ON CONFLICT DO NOTHING", connection, grant, 0, Optional.empty());
  }

  /// Keeps tokens that came for a grant which has ended meanwhile, only to be revoked.
  void strayed(Connection connection, UpstreamGrant grant, Ending ending) throws SQLException {
    strayed(connection, grant, ending, Duration.ZERO);
  }

  /// The same.
  ///
  /// @param after how long they are still shown by calls that are under way
  void strayed(Connection connection, UpstreamGrant grant, Ending ending, Duration after)
      throws SQLException {
    var _ =
        insert(INSERT, connection, grant, ending.at().toEpochMilli(), Optional.of(ending.why()));
    tell(
        connection,
        new Ended(grant.id(), grant.person(), grant.connector(), grant.issuer().value()),
        ending,
        after);
  }

  private boolean insert(
      String sql, Connection connection, UpstreamGrant grant, long endedAt, Optional<String> why)
      throws SQLException {
    return new Statements(connection)
            .update(
                sql,
                grant.id(),
                grant.person(),
                grant.connector(),
                grant.issuer().value(),
                grant.client().value(),
                grant.scopes().toString(),
                seal(grant.id(), grant.tokens()),
                millis(grant.expiresAt()),
                millis(grant.livesUntil()),
                grant.grantedAt(),
                grant.renewedAt(),
                grant.basis().kind().value(),
                grant.basis().signIn(),
                grant.basis().session(),
                endedAt,
                why)
        > 0;
  }

  private String seal(String id, Tokens tokens) {
    return masterKey.get().seal(tokens.toSecret(), context(id));
  }

  /// Absent is as good as for ever.
  private static long millis(Optional<Instant> at) {
    return at.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
  }

  private static Optional<Instant> instant(long millis) {
    return millis == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /// What a person has consented to for a connector.
  Optional<UpstreamGrant> live(Connection connection, String person, String connector)
      throws SQLException {
    return live(connection, person, connector, UpstreamGrant.Basis.CONSENT);
  }

  Optional<UpstreamGrant> live(
      Connection connection, String person, String connector, UpstreamGrant.Basis basis)
      throws SQLException {
    return new Statements(connection)
        .first(
            """
            SELECT %s FROM %s
            WHERE person = ? AND connector = ? AND way = ? AND sign_in = ? AND ended_at = 0
            """
                .formatted(COLUMNS, TABLE),
            this::grant,
            person,
            connector,
            basis.kind().value(),
            basis.signIn());
  }

  /// What a person has consented to.
  List<UpstreamGrant> liveOf(Connection connection, String person) throws SQLException {
    return new Statements(connection)
        .list(
            """
            SELECT %s FROM %s WHERE person = ? AND way = 'consent' AND ended_at = 0
            ORDER BY connector
            """
                .formatted(COLUMNS, TABLE),
            this::grant,
            person);
  }

  /// Whose they are and for what, without opening any.
  List<Held> allLive(Connection connection) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT id, person, connector, issuer, client, granted_at, way FROM "
                + TABLE
                + " WHERE ended_at = 0 ORDER BY person, connector",
            row ->
                new Held(
                    row.getString("id"),
                    row.getString("person"),
                    row.getString("connector"),
                    row.getString("issuer"),
                    row.getString("client"),
                    Instant.ofEpochMilli(row.getLong("granted_at")),
                    Kind.of(row.getString("way"))));
  }

  /// One that has ended and is not revoked at its server yet.
  Optional<UpstreamGrant> ended(Connection connection, String id) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT %s FROM %s WHERE id = ? AND ended_at > 0".formatted(COLUMNS, TABLE),
            this::grant,
            id);
  }

  /// Takes a grant to be renewed by nobody else for a while: with many servers a refresh token that
  /// is used twice ends everything.
  boolean lease(Connection connection, UpstreamGrant grant, Lease lease) throws SQLException {
    return new Statements(connection)
            .update(LEASE, lease.until(), grant.id(), grant.revision(), lease.now(), lease.latest())
        > 0;
  }

  /// Puts fresh tokens in the place of those of a grant.
  ///
  /// @return whether the grant was still alive, and the one that was renewed
  boolean renewed(Connection connection, UpstreamGrant grant, UpstreamGrant fresh)
      throws SQLException {
    return new Statements(connection)
            .update(
                RENEWED,
                seal(grant.id(), fresh.tokens()),
                millis(fresh.expiresAt()),
                millis(fresh.livesUntil()),
                fresh.renewedAt(),
                grant.id(),
                grant.revision())
        > 0;
  }

  /// Whether there is one by this id, alive or ended otherwise than by time.
  boolean isInPlace(Connection connection, String id) throws SQLException {
    return new Statements(connection)
        .finds(
            "SELECT id FROM upstream_grant WHERE id = ? AND (ended_at = 0 OR ended_why <> ?)",
            id,
            OVER);
  }

  /// Has the access token renewed before it is used again.
  void distrust(Connection connection, UpstreamGrant grant, Instant now) throws SQLException {
    new Statements(connection)
        .update(
            "UPDATE upstream_grant SET expires_at = ? WHERE id = ? AND revision = ?",
            now,
            grant.id(),
            grant.revision());
  }

  int endOf(Connection connection, String person, Ending ending) throws SQLException {
    return end(connection, "person = ?", ending, person);
  }

  int endOf(Connection connection, String person, String connector, Ending ending)
      throws SQLException {
    return end(connection, "person = ? AND connector = ?", ending, person, connector);
  }

  /// Of all of these.
  void endOfPeople(Connection connection, List<String> people, Ending ending) throws SQLException {
    for (var part : Chunks.of(people, Statements.MOST_IN_LIST)) {
      var which = "person IN " + Statements.inList(part);
      end(connection, which, ending, part.toArray(String[]::new));
    }
  }

  int endOfOrganisation(Connection connection, String organisation, Ending ending)
      throws SQLException {
    var which = "person IN (SELECT id FROM person WHERE organisation = ?)";
    return end(connection, which, ending, organisation);
  }

  /// What was obtained in a session at the broker.
  int endOfSession(Connection connection, String session, Ending ending) throws SQLException {
    return end(connection, "session = ?", ending, session);
  }

  int endAll(Connection connection, Ending ending) throws SQLException {
    return end(connection, "1 = 1", ending);
  }

  int endOne(Connection connection, String id, Ending ending) throws SQLException {
    return end(connection, "id = ?", ending, id);
  }

  private int end(Connection connection, String which, Ending ending, Object... values)
      throws SQLException {
    var all = new Object[values.length + 2];
    all[0] = ending.at();
    all[1] = ending.why();
    System.arraycopy(values, 0, all, 2, values.length);
    var ended =
        new Statements(connection)
            .list(
                END.formatted(which),
                row ->
                    new Ended(
                        row.getString("id"),
                        row.getString("person"),
                        row.getString("connector"),
                        row.getString("issuer")),
                all);
    for (var one : ended) {
      tell(connection, one, ending, Duration.ZERO);
    }
    EndedGrants.tell(connection, changes, ending, ended.stream().map(Ended::id).toList());
    return ended.size();
  }

  private void tell(Connection connection, Ended ended, Ending ending, Duration after)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("grant", ended.id())
            .put("connector", ended.connector())
            .put("issuer", ended.issuer())
            .put("why", ending.why())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of(
                "upstream.grant-ended",
                Outcome.SUCCESS,
                ending.at(),
                ending.correlationId(),
                evidence)
            .withPerson(ended.person()));
    var message =
        Delivery.of(
                GrantRevocation.KIND,
                ended.issuer(),
                JsonObject.builder().put("grant", ended.id()).build(),
                ending.correlationId())
            .withPerson(ended.person());
    outbox.appendAll(connection, List.of(message), after);
  }

  /// Forgets one that is revoked at its server.
  void forget(Connection connection, String id) throws SQLException {
    new Statements(connection).update("DELETE FROM upstream_grant WHERE id = ?", id);
  }

  /// Has done with access by Enterprise-Managed Authorization whose time is over: what has ended at
  /// its server too is forgotten, and what lives on there, or may, is ended there.
  void finish(Connection connection, String correlationId, Instant now) throws SQLException {
    new Statements(connection)
        .update(
            """
            DELETE FROM upstream_grant
            WHERE way = 'ema' AND ended_at = 0 AND lives_until <= ? AND expires_at <= ?
            """,
            now,
            now);
    var ending = Ending.quiet(OVER, correlationId, now);
    end(connection, "way = 'ema' AND expires_at <= ?", ending, now);
  }

  /// A grant without its tokens.
  record Held(
      String id,
      String person,
      String connector,
      String issuer,
      String client,
      Instant grantedAt,
      Kind kind) {
    boolean isManaged() {
      return kind == Kind.MANAGED;
    }
  }

  private UpstreamGrant grant(ResultSet row) throws SQLException {
    var id = row.getString("id");
    return new UpstreamGrant(
        id,
        row.getString("person"),
        row.getString("connector"),
        new Issuer(row.getString("issuer")),
        new ClientId(row.getString("client")),
        Scopes.of(
            row.getString("scopes").isEmpty()
                ? List.of()
                : List.of(row.getString("scopes").split(" ", -1))),
        Tokens.parse(masterKey.get().open(row.getString("sealed"), context(id))),
        row.getLong("revision"),
        instant(row.getLong("expires_at")),
        instant(row.getLong("lives_until")),
        Instant.ofEpochMilli(row.getLong("granted_at")),
        Instant.ofEpochMilli(row.getLong("renewed_at")),
        new UpstreamGrant.Basis(
            Kind.of(row.getString("way")),
            row.getString("sign_in"),
            Optional.ofNullable(row.getString("session"))));
  }
}
