package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/// Which tokens of signals were taken already.
final class SeenTokens {
  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("signal_token", "forget_after");
  }

  private SeenTokens() {}

  /// Records a token if it is the first of its name. Check and record are one atomic step of the
  /// caller's transaction: of two of the same name exactly one is first.
  ///
  /// @param source what kind of token, and whose
  /// @param id its `jti`
  /// @param forgetAfter from when on the token would be refused for its age
  static boolean first(Connection connection, String source, String id, Instant forgetAfter)
      throws SQLException {
    var insert =
        """
        INSERT INTO signal_token (source, token_hash, forget_after) VALUES (?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    // Others choose how long an id is; its hash is short.
    var hash = OpaqueToken.hash(new Secret(id));
    return new Statements(connection).update(insert, source, hash, forgetAfter) > 0;
  }
}
