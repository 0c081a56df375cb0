package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Everything that is out there and has not expired, as the record has it: what was denied is among
/// it. Thread-safe.
public final class LiveGrants {
  private static final int PAGE = 2000;

  private static final int AT_ONCE = 500;

  private static final String GRANTS =
      """
      SELECT g.id, g.organisation, g.issuer, g.person, g.client, g.resources, g.scopes,
        g.key_thumbprint, g.issued_at, g.expires_at, g.session, g.issuer_client, g.asserted_at,
        g.authorization_details,
        s.person AS signed_in, s.auth_time, s.acr, s.amr
      FROM ras_grant g LEFT JOIN session s ON s.id = g.session
      WHERE g.expires_at > ?\
      """;

  private final Database database;

  public LiveGrants(Database database) {
    this.database = database;
  }

  /// The grants of people.
  public List<LiveGrant> of(Collection<String> people, Instant now) {
    return among("g.person", people, now);
  }

  /// Those of these grants that are out there still.
  public List<LiveGrant> withIds(Collection<String> ids, Instant now) {
    return among("g.id", ids, now);
  }

  private List<LiveGrant> among(String column, Collection<String> values, Instant now) {
    var grants = new ArrayList<LiveGrant>();
    for (var part : Chunks.of(List.copyOf(values), AT_ONCE)) {
      grants.addAll(
          list(
              GRANTS + " AND " + column + " IN " + Statements.inList(part),
              statement -> {
                statement.setLong(1, now.toEpochMilli());
                for (int i = 0; i < part.size(); i++) {
                  statement.setString(2 + i, part.get(i));
                }
              }));
    }
    return grants;
  }

  /// Whether anything lives that an issuer has asserted.
  public boolean isThereOf(Issuer issuer, Instant now) {
    return database.read(connection ->
        new Statements(connection)
            .first(
                "SELECT 1 FROM ras_grant WHERE issuer = ? AND expires_at > ? LIMIT 1",
                rows -> rows.getInt(1),
                issuer.value(),
                now)
            .isPresent());
  }

  /// Tells of every grant, one after the other: there may be a million. No transaction is open
  /// meanwhile, so whoever is told may take their time.
  public void forEach(Instant now, Consumer<LiveGrant> each) {
    var page = page("", now);
    page.forEach(each);
    while (page.size() == PAGE) {
      page = page(page.getLast().grant().id(), now);
      page.forEach(each);
    }
  }

  private List<LiveGrant> page(String after, Instant now) {
    return list(
        GRANTS + " AND g.id > ? ORDER BY g.id LIMIT " + PAGE,
        statement -> {
          statement.setLong(1, now.toEpochMilli());
          statement.setString(2, after);
        });
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

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private List<LiveGrant> list(String sql, Binding binding) {
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        binding.bind(statement);
        try (var rows = statement.executeQuery()) {
          var grants = new ArrayList<LiveGrant>();
          while (rows.next()) {
            grants.add(grant(rows));
          }
          return grants;
        }
      }
    });
  }

  private static LiveGrant grant(ResultSet row) throws SQLException {
    var grant =
        new Redemption.Grant(
            row.getString("id"),
            row.getString("organisation"),
            row.getString("person"),
            new ClientId(row.getString("client")),
            Columns.resources(row),
            Columns.scopes(row),
            Columns.details(row),
            Columns.text(row, "key_thumbprint"),
            Columns.instant(row, "issued_at"),
            Columns.instant(row, "expires_at"),
            Columns.origin(row));
    var signedIn = Columns.text(row, "signed_in");
    var signIn =
        signedIn.isEmpty()
            ? Optional.<LiveGrant.SignIn>empty()
            : Optional.of(new LiveGrant.SignIn(signedIn.get(), Columns.authentication(row)));
    return new LiveGrant(grant, new Issuer(row.getString("issuer")), signIn);
  }
}
