package dev.lanyard.server.saml;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;

/// Keeps used assertions in the table `saml_assertion`.
public final class JdbcSamlReplay implements SamlReplay {
  private static final String USE =
      """
      INSERT INTO saml_assertion (issuer, id_hash, forget_after) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("saml_assertion", "forget_after");
  }

  @Override
  public boolean first(Connection connection, String issuer, String id, Instant forgetAfter)
      throws SQLException {
    // Providers choose how long an id is; its hash is short.
    return new Statements(connection).update(USE, issuer, hash(id), forgetAfter) > 0;
  }

  private static String hash(String id) {
    var digest = Sha256.of(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }
}
