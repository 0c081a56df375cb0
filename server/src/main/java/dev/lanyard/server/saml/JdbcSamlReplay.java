package dev.lanyard.server.saml;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  @Override
  public boolean first(Connection connection, String issuer, String id, Instant forgetAfter)
      throws SQLException {
    try (var statement = connection.prepareStatement(USE)) {
      statement.setString(1, issuer);
      // Providers choose how long an id is; its hash is short.
      statement.setString(2, hash(id));
      statement.setLong(3, forgetAfter.toEpochMilli());
      return statement.executeUpdate() > 0;
    }
  }

  private static String hash(String id) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
