package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Instant;
import java.util.Optional;

/// Consents under way, in the database: the answer may come to another node.
final class ErrandTable {
  private static final String INSERT =
      """
      INSERT INTO upstream_errand
        (state_hash, person, session, connector, issuer, verifier, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String TAKE =
      """
      DELETE FROM upstream_errand WHERE state_hash = ?
      RETURNING person, session, connector, issuer, verifier, expires_at
      """;

  private final Database database;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("upstream_errand", "expires_at");
  }

  ErrandTable(Database database) {
    this.database = database;
  }

  void begin(Secret state, Errand errand) {
    database.write(connection ->
        new Statements(connection)
            .update(
                INSERT,
                OpaqueToken.hash(state),
                errand.person(),
                errand.session(),
                errand.connector(),
                errand.issuer().value(),
                errand.verifier().secret().reveal(),
                errand.expiresAt()));
  }

  /// Takes one away: whoever comes second with the same state gets nothing.
  Optional<Errand> take(Secret state) {
    if (!OpaqueToken.isPossible(state)) {
      return Optional.empty();
    }
    return database.write(connection ->
        new Statements(connection)
            .first(
                TAKE,
                row ->
                    new Errand(
                        row.getString("person"),
                        row.getString("session"),
                        row.getString("connector"),
                        new Issuer(row.getString("issuer")),
                        new Pkce.Verifier(new Secret(row.getString("verifier"))),
                        Instant.ofEpochMilli(row.getLong("expires_at"))),
                OpaqueToken.hash(state)));
  }
}
