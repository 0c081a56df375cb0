package dev.lanyard.server.sessions;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What the opaque access tokens of one server stand for.
public final class OpaqueTokenStore {
  private static final RowKind TOKEN =
      RowKind.of("access_token", "token_hash", "server", "claims", "expires_at");

  private final SecretRows<JsonObject> tokens;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("access_token", "expires_at");
  }

  public OpaqueTokenStore(Database database, Issuer server) {
    this.tokens =
        new SecretRows<>(
            database,
            "SELECT claims FROM access_token WHERE token_hash = ? AND server = ?",
            server,
            OpaqueTokenStore::claims);
    this.server = server.value();
  }

  /// The fact that a token was issued.
  ///
  /// @param claims what a JWT in its place would say
  public Row issued(Secret token, JsonObject claims, Instant expiresAt) {
    return new Row(TOKEN, OpaqueToken.hash(token), server, claims.toJson(), expiresAt);
  }

  /// What a token stands for, also one that has expired or was revoked.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<JsonObject> find(Secret token) {
    return tokens.find(token);
  }

  private static JsonObject claims(ResultSet row) throws SQLException {
    try {
      return JsonObject.parse(row.getString("claims"));
    } catch (MalformedException e) {
      throw new IllegalStateException("the record holds an access token with odd claims", e);
    }
  }
}
