package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What belongs together across parties (`txn`): many events of one cause have one. What leaves us
/// keeps the transaction under which it came.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8417.html#section-2.2 RFC 8417 §2.2 (AUD-2)
public final class Transactions {
  private static final Duration KEPT = Duration.ofDays(31);

  private static final String INSERT =
      """
      INSERT INTO ssf_transaction (kind, key_hash, txn, forget_after) VALUES (?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("ssf_transaction", "forget_after");
  }

  private Transactions() {}

  /// Records to what a signal that came belongs.
  static void arrived(
      Connection connection, String source, String signal, String transaction, Instant now)
      throws SQLException {
    new Statements(connection)
        .update(INSERT, "of " + source, hash(signal), transaction, now.plus(KEPT));
  }

  /// A signal that came.
  ///
  /// @param source who sent it
  public record Arrival(String source, String signal) {}

  /// To what signals that came belong, of those whose sources said so.
  public static Map<Arrival, String> of(Connection connection, Collection<Arrival> signals)
      throws SQLException {
    var byKey = new HashMap<Key, Arrival>();
    signals.forEach(one -> byKey.put(new Key("of " + one.source(), hash(one.signal())), one));
    var found = new HashMap<Arrival, String>();
    // The key of the table begins with the kind: without it the whole table would be read.
    var kinds = byKey.keySet().stream().map(Key::kind).distinct().toList();
    var hashes = byKey.keySet().stream().map(Key::hash).distinct().toList();
    var select =
        "SELECT kind, key_hash, txn FROM ssf_transaction WHERE kind IN "
            + Statements.inList(kinds)
            + " AND key_hash IN";
    for (var row : new Statements(connection).among(select, hashes, Kept::of, kinds.toArray())) {
      Optional.ofNullable(byKey.get(row.key())).ifPresent(one -> found.put(one, row.txn()));
    }
    return found;
  }

  private record Key(String kind, String hash) {}

  private record Kept(Key key, String txn) {
    static Kept of(ResultSet row) throws SQLException {
      return new Kept(new Key(row.getString(1), row.getString(2)), row.getString(3));
    }
  }

  private static String hash(String id) {
    return OpaqueToken.hash(new Secret(id));
  }
}
