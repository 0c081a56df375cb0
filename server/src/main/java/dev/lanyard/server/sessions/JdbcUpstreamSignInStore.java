package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Unit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Sign-ins under way, in the database: the answer may come to another node.
public final class JdbcUpstreamSignInStore implements UpstreamSignInStore {
  private static final RowKind SIGN_IN =
      RowKind.of(
          "upstream_sign_in",
          "state_hash",
          "server",
          "upstream",
          "browser_hash",
          "nonce",
          "code_verifier",
          "authorization_query",
          "expires_at");

  private final Database database;
  private final String server;

  public JdbcUpstreamSignInStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  @Override
  public void begin(Secret state, UpstreamSignIn signIn) {
    var row =
        new Row(
            SIGN_IN,
            OpaqueToken.hash(state),
            server,
            signIn.upstream(),
            signIn.browserHash(),
            signIn.nonce(),
            signIn.verifier().secret().reveal(),
            signIn.authorizationQuery(),
            signIn.expiresAt());
    database.groupCommit().commit(Unit.of(List.of(row)));
  }

  @Override
  public Optional<UpstreamSignIn> take(Secret state) {
    return database.write(connection -> {
      try (var delete =
          connection.prepareStatement(
              "DELETE FROM upstream_sign_in WHERE state_hash = ? AND server = ?"
                  + " RETURNING upstream, browser_hash, nonce, code_verifier,"
                  + " authorization_query, expires_at")) {
        delete.setString(1, OpaqueToken.hash(state));
        delete.setString(2, server);
        try (var rows = delete.executeQuery()) {
          return rows.next() ? Optional.of(signIn(rows)) : Optional.empty();
        }
      }
    });
  }

  private static UpstreamSignIn signIn(ResultSet row) throws SQLException {
    return new UpstreamSignIn(
        row.getString("upstream"),
        row.getString("browser_hash"),
        row.getString("nonce"),
        new Pkce.Verifier(new Secret(row.getString("code_verifier"))),
        row.getString("authorization_query"),
        Columns.instant(row, "expires_at"));
  }
}
