package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Everything that is out there and has not expired, as the record has it: what was denied is among
/// it. Thread-safe.
public final class LiveGrants {
  private static final int PAGE = 2000;

  private static final int AT_ONCE = 500;

  private static final String GRANTS =
      """
      SELECT id, organisation, issuer, person, client, resources, scopes, key_thumbprint, issued_at,
        expires_at, session, issuer_client, asserted_at, authorization_details
      FROM ras_grant WHERE expires_at > ?\
      """;

  private final Database database;
  private final SignIns signIns;

  public LiveGrants(Database database) {
    this.database = database;
    this.signIns = new SignIns(database);
  }

  /// The grants of people.
  public List<LiveGrant> of(Collection<String> people, Instant now) {
    return among("person", people, now);
  }

  /// Those of these grants that are out there still.
  public List<LiveGrant> withIds(Collection<String> ids, Instant now) {
    return among("id", ids, now);
  }

  private List<LiveGrant> among(String column, Collection<String> any, Instant now) {
    var grants = new ArrayList<LiveGrant>();
    for (var part : Chunks.of(List.copyOf(any), AT_ONCE)) {
      var values = new ArrayList<Object>(List.of(now));
      values.addAll(part);
      var some =
          list(GRANTS + " AND " + column + " IN " + Statements.inList(part), values.toArray());
      grants.addAll(descending(some, signIns.of(sessions(some))));
    }
    return grants;
  }

  private static Set<String> sessions(List<Issued> grants) {
    return grants.stream()
        .flatMap(one -> one.grant().origin().session().stream())
        .collect(Collectors.toSet());
  }

  private static List<LiveGrant> descending(
      List<Issued> grants, Map<String, LiveGrant.SignIn> signIns) {
    return grants.stream()
        .map(one ->
            new LiveGrant(
                one.grant(),
                one.issuer(),
                one.grant()
                    .origin()
                    .session()
                    .flatMap(session -> Optional.ofNullable(signIns.get(session)))))
        .toList();
  }

  /// Whether anything lives that an issuer has asserted.
  public boolean isThereOf(Issuer issuer, Instant now) {
    return database.read(connection ->
        new Statements(connection)
            .finds(
                "SELECT 1 FROM ras_grant WHERE issuer = ? AND expires_at > ? LIMIT 1",
                issuer.value(),
                now));
  }

  /// Whether any token for a resource lives.
  public boolean isThereFor(ResourceIndicator resource, Instant now) {
    // The wildcards in a URL find more, never less.
    return list(
            GRANTS + " AND resources LIKE ?", now, "%" + resource.value().replace('\\', '_') + "%")
        .stream()
        .anyMatch(one -> one.grant().resources().contains(resource));
  }

  /// Tells of every grant, one after the other: there may be a million. No transaction is open
  /// meanwhile, so whoever is told may take their time. The sign-in of a grant that was made since
  /// this began may be missing.
  public void forEach(Instant now, Consumer<LiveGrant> each) {
    // There are far fewer sessions than grants, and joined to a page all of them would be read
    // each time. A session is older than its grants: all that are of age now are among these.
    var all = signIns.all();
    var page = page("", now);
    descending(page, all).forEach(each);
    while (page.size() == PAGE) {
      page = page(page.getLast().grant().id(), now);
      descending(page, all).forEach(each);
    }
  }

  private List<Issued> page(String after, Instant now) {
    return list(GRANTS + " AND id > ? ORDER BY id LIMIT " + PAGE, now, after);
  }

  /// A session that has neither ended nor expired.
  ///
  /// @param upstream the provider that it stands on
  public record LiveSession(
      String id, String person, Optional<String> upstream, Instant begunAt, Instant endsAt) {}

  /// Every session.
  public List<LiveSession> sessions(Instant now) {
    return sessions("", now);
  }

  /// The sessions of a person, the newest first.
  public List<LiveSession> sessionsOf(String person, Instant now) {
    return sessions(" AND person = ? ORDER BY created_at DESC", now, person);
  }

  private List<LiveSession> sessions(String which, Object... values) {
    var select =
        "SELECT id, person, upstream, created_at, expires_at FROM session"
            + " WHERE ended_at IS NULL AND expires_at > ?";
    return database.read(connection ->
        new Statements(connection)
            .list(
                select + which,
                rows ->
                    new LiveSession(
                        rows.getString(1),
                        rows.getString(2),
                        Optional.ofNullable(rows.getString(3)),
                        Instant.ofEpochMilli(rows.getLong(4)),
                        Instant.ofEpochMilli(rows.getLong(5))),
                values));
  }

  /// A row of grants.
  private record Issued(Redemption.Grant grant, Issuer issuer) {}

  private List<Issued> list(String sql, Object... values) {
    return database.read(
        connection -> new Statements(connection).list(sql, LiveGrants::grant, values));
  }

  private static Issued grant(ResultSet row) throws SQLException {
    return new Issued(GrantRows.read(row), new Issuer(row.getString("issuer")));
  }
}
