package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The sign-ins at upstream providers that are under way. They are in the database, because the
/// answer may come to another node.
///
/// Anybody can begin one, from as many networks as they have, so there is a bound on all that are
/// kept: the oldest go first. Who has begun one has the time in which so many others begin theirs.
public final class UpstreamSignInStore {
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

  /// More than all people of a large company who sign in within the same minutes.
  private static final int MOST = 100_000;

  /// To count costs milliseconds, so it is not done every time.
  private static final int LOOK_EVERY = 1_000;

  private final Database database;
  private final String server;
  private final int most;
  private final int lookEvery;
  private final AtomicInteger begun = new AtomicInteger();

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("upstream_sign_in", "expires_at");
  }

  public UpstreamSignInStore(Database database, Issuer server) {
    this(database, server, MOST, LOOK_EVERY);
  }

  /// @param most how many are kept, of all servers in this database
  /// @param lookEvery after how many that this node has begun it looks whether there are more
  UpstreamSignInStore(Database database, Issuer server, int most, int lookEvery) {
    this.database = database;
    this.server = server.value();
    this.most = most;
    this.lookEvery = lookEvery;
  }

  /// Keeps one.
  ///
  /// @param state the `state` parameter of the request
  /// @throws java.io.UncheckedIOException if it could not be made durable
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
    if (begun.incrementAndGet() % lookEvery == 0) {
      forgetOldest();
    }
  }

  /// All have the same time, so the oldest are those whose time ends first.
  private void forgetOldest() {
    database.write(connection ->
        new Statements(connection)
            .update(
                """
                DELETE FROM upstream_sign_in WHERE expires_at < (
                  SELECT expires_at FROM upstream_sign_in
                  ORDER BY expires_at DESC LIMIT 1 OFFSET ?)
                """,
                most - 1));
  }

  /// Takes one away: whoever comes second with the same state gets nothing (SEC-17).
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<UpstreamSignIn> take(Secret state) {
    if (!OpaqueToken.isPossible(state)) {
      return Optional.empty();
    }
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
