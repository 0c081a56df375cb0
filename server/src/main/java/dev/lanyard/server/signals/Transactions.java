package dev.lanyard.server.signals;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What belongs together across parties (`txn`), so that a ring of installations that tell each
/// other everything comes to rest: what we have told comes back under the same name.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8417.html#section-2.2 RFC 8417 §2.2 (AUD-2)
final class Transactions {
  private static final Duration KEPT = Duration.ofDays(31);

  private Transactions() {}

  /// Whether we have told others of this.
  static boolean isOurs(Connection connection, String transaction) throws SQLException {
    return found(connection, "told", hash(transaction)).isPresent();
  }

  /// Records that we tell others of this.
  static void told(Connection connection, String transaction, Instant now) throws SQLException {
    put(connection, "told", hash(transaction), transaction, now);
  }

  /// Records to what a signal that came belongs.
  static void arrived(
      Connection connection, String source, String signal, String transaction, Instant now)
      throws SQLException {
    put(connection, "of " + source, hash(signal), transaction, now);
  }

  /// To what a signal that came belongs, if its source said so.
  static Optional<String> of(Connection connection, String source, String signal)
      throws SQLException {
    return found(connection, "of " + source, hash(signal));
  }

  private static Optional<String> found(Connection connection, String kind, String key)
      throws SQLException {
    var select = "SELECT txn FROM ssf_transaction WHERE kind = ? AND key_hash = ?";
    try (var statement = connection.prepareStatement(select)) {
      statement.setString(1, kind);
      statement.setString(2, key);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  private static void put(
      Connection connection, String kind, String key, String transaction, Instant now)
      throws SQLException {
    var insert =
        """
        INSERT INTO ssf_transaction (kind, key_hash, txn, forget_after) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    try (var statement = connection.prepareStatement(insert)) {
      statement.setString(1, kind);
      statement.setString(2, key);
      statement.setString(3, transaction);
      statement.setLong(4, now.plus(KEPT).toEpochMilli());
      statement.executeUpdate();
    }
  }

  private static String hash(String id) {
    return OpaqueToken.hash(new Secret(id));
  }
}
