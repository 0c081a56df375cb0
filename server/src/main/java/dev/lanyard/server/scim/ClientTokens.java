package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The access tokens of OAuth clients that speak SCIM (SCIM-14, SCIM-P2), as hashes. A token counts
/// as long as its client is registered, may have one, is named by the connection, and was not
/// killed since. Thread-safe.
final class ClientTokens {
  /// Well below the hour that is the most for such tokens.
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final String PREFIX = "lanyard_scimat_";
  private static final RowKind TOKEN =
      RowKind.of("scim_access_token", "hash", "connection", "client", "issued_at", "expires_at");

  private final Issuer self;
  private final Database database;
  private final ClientRegistry clients;
  private final DenySet denied;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("scim_access_token", "expires_at");
  }

  ClientTokens(
      Issuer self, Database database, ClientRegistry clients, DenySet denied, InstantSource clock) {
    this.self = self;
    this.database = database;
    this.clients = clients;
    this.denied = denied;
    this.clock = clock;
  }

  /// @param secret to be told once
  /// @param row what must be durable before it is
  record Made(Secret secret, Row row) {}

  Made make(ScimConnection connection, ClientId client) {
    var secret = new Secret(PREFIX + OpaqueToken.secret().reveal());
    var now = clock.instant();
    // In the second of a kill of the client it is dated after it, like everything that is issued.
    var at = denied.issuable(origins(client, now), now);
    var row =
        new Row(
            TOKEN, OpaqueToken.hash(secret), connection.id(), client.value(), at, at.plus(LIFE));
    return new Made(secret, row);
  }

  private Origins origins(ClientId client, Instant issuedAt) {
    return Origins.accessToken("", issuedAt).client(self, client);
  }

  private record Entry(String connection, ClientId client, Instant issuedAt, Instant expiresAt) {}

  /// Which connection a secret is a living token of.
  ///
  /// @throws ScimRefusal if this node may have missed that the client was killed
  Optional<String> connectionOf(Secret secret, ScimConfig config) throws ScimRefusal {
    if (!secret.reveal().startsWith(PREFIX) || !OpaqueToken.isPossible(secret)) {
      return Optional.empty();
    }
    if (database.changes().freshness() instanceof Freshness.Stale) {
      throw ScimRefusal.of(503, "this server may not be up to date; try again");
    }
    return database
        .read(c -> find(c, OpaqueToken.hash(secret)))
        .filter(entry -> clock.instant().isBefore(entry.expiresAt()))
        .filter(entry -> denied.denial(origins(entry.client(), entry.issuedAt())).isEmpty())
        .filter(entry -> mayHaveOne(entry.client()))
        .filter(entry ->
            config
                .connection(entry.connection())
                .filter(one -> one.clients().contains(entry.client()))
                .isPresent())
        .map(Entry::connection);
  }

  private boolean mayHaveOne(ClientId id) {
    return clients
        .find(id)
        .filter(client -> client.grantTypes().contains(GrantType.CLIENT_CREDENTIALS))
        .isPresent();
  }

  private static Optional<Entry> find(Connection connection, String hash) throws SQLException {
    var select =
        "SELECT connection, client, issued_at, expires_at FROM scim_access_token WHERE hash = ?";
    return new Statements(connection)
        .first(
            select,
            row ->
                new Entry(
                    row.getString(1),
                    new ClientId(row.getString(2)),
                    Instant.ofEpochMilli(row.getLong(3)),
                    Instant.ofEpochMilli(row.getLong(4))),
            hash);
  }
}
