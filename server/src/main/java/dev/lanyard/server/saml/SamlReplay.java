package dev.lanyard.server.saml;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;

/// Remembers which assertions were used.
public final class SamlReplay {
  private static final String USE =
      """
      INSERT INTO saml_assertion (issuer, id_hash, forget_after) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private SamlReplay() {}

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("saml_assertion", "forget_after");
  }

  /// Records the use of an assertion if it is the first. Check and record are one atomic step of
  /// the caller's transaction: of several on all nodes that commit exactly one gets `true`.
  ///
  /// @param issuer the entity id of the provider: the same id of another one is another assertion
  /// @param forgetAfter from when on the assertion would be refused for its age, clock skew
  ///   included
  public static boolean first(Connection connection, String issuer, String id, Instant forgetAfter)
      throws SQLException {
    // Providers choose how long an id is; its hash is short.
    return new Statements(connection).update(USE, issuer, hash(id), forgetAfter) > 0;
  }

  private static String hash(String id) {
    var digest = Sha256.of(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }
}
