package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The table `signal`: the claims that make a signal count once.
final class SignalTable {
  /// Longer than anybody delivers again. A still older one finds a newer standing.
  private static final Duration REMEMBERED = Duration.ofDays(90);

  private static final int ROWS = 500;
  private static final int LONGEST_ID = 256;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("signal", "forget_after");
  }

  private SignalTable() {}

  record Key(String source, String id) {
    /// A longer id than anybody needs is kept as its hash: it must fit into an index.
    static Key of(Signal signal) {
      var id = signal.id();
      return new Key(
          signal.source().name(),
          id.length() <= LONGEST_ID ? id : OpaqueToken.hash(new Secret(id)));
    }
  }

  /// @param subject what the row says it is about
  record Claim(Signal signal, String incident, String subject, Optional<PersonId> person) {
    static Claim of(Signal signal, String subject, Optional<PersonId> person) {
      return new Claim(signal, OpaqueToken.identifier(), subject, person);
    }
  }

  /// Claims signals.
  ///
  /// @param claims each key once
  /// @return those that nobody has claimed before
  static Set<Key> claim(Connection connection, List<Claim> claims, Instant now)
      throws SQLException {
    var won = new HashSet<Key>();
    var inOrder =
        claims.stream()
            .sorted(
                Comparator.comparing((Claim claim) -> claim.signal().source().name())
                    .thenComparing(claim -> claim.signal().id()))
            .toList();
    for (var chunk : Chunks.of(inOrder, ROWS)) {
      var tuples =
          chunk.stream().map(_ -> "(?,?,?,?,?,?,?,?,?,?,?)").collect(Collectors.joining(","));
      try (var insert =
          connection.prepareStatement(
              "INSERT INTO signal (source, id, incident, what, subject, person, occurred_at,"
                  + " received_at, reason, correlation_id, forget_after) VALUES "
                  + tuples
                  + " ON CONFLICT DO NOTHING RETURNING source, id")) {
        int at = 0;
        for (var claim : chunk) {
          var signal = claim.signal();
          var key = Key.of(signal);
          insert.setString(++at, key.source());
          insert.setString(++at, key.id());
          insert.setString(++at, claim.incident());
          insert.setString(++at, signal.what().name());
          insert.setString(++at, claim.subject());
          insert.setString(++at, claim.person().map(PersonId::value).orElse(null));
          insert.setLong(++at, signal.occurredAt().toEpochMilli());
          insert.setLong(++at, now.toEpochMilli());
          insert.setString(++at, signal.reason());
          insert.setString(++at, signal.correlationId());
          insert.setLong(++at, now.plus(REMEMBERED).toEpochMilli());
        }
        try (var rows = insert.executeQuery()) {
          while (rows.next()) {
            won.add(new Key(rows.getString(1), rows.getString(2)));
          }
        }
      }
    }
    return won;
  }

  /// The incidents of signals that were claimed before.
  static Map<Key, String> incidents(Connection connection, Set<Key> keys) throws SQLException {
    var incidents = new HashMap<Key, String>();
    var select = "SELECT incident FROM signal WHERE source = ? AND id = ?";
    try (var query = connection.prepareStatement(select)) {
      for (var key : keys) {
        query.setString(1, key.source());
        query.setString(2, key.id());
        try (var rows = query.executeQuery()) {
          if (rows.next()) {
            incidents.put(key, rows.getString(1));
          }
        }
      }
    }
    return incidents;
  }
}
