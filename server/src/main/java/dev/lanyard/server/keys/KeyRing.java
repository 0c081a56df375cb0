package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.http.Document;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The signing keys of one authorization server, one active key for each purpose. Thread-safe.
///
/// Keys that do not exist yet are made when the ring is opened; of two nodes that do so at once
/// both end with the keys of one. Keys that another node makes or retires arrive with the change
/// feed.
public final class KeyRing {
  private static final String CHANGE = "signing-key";
  private static final Duration PUBLISHED_LIFE = Duration.ofMinutes(5);
  private static final RowKind KEY =
      RowKind.claim(
          "signing_key",
          List.of("kid"),
          "server",
          "purpose",
          "state",
          "algorithm",
          "sealed",
          "created_at");

  private final Database database;
  private final MasterKey masterKey;
  private final InstantSource clock;
  private final String server;
  private final Lock loading = new ReentrantLock();
  private volatile Snapshot snapshot;

  private KeyRing(Database database, MasterKey masterKey, InstantSource clock, String server) {
    this.database = database;
    this.masterKey = masterKey;
    this.clock = clock;
    this.server = server;
    this.snapshot = Snapshot.of(List.of());
  }

  /// Opens the ring of a server and makes the keys that it lacks.
  ///
  /// @param server the name of the authorization server, e.g. `broker`
  /// @param purposes what it signs
  /// @param algorithm for new keys; existing ones stay
  /// @throws KeyException if the master key is not the one of this database
  public static KeyRing open(
      Database database,
      MasterKey masterKey,
      InstantSource clock,
      String server,
      Set<Purpose> purposes,
      SigningAlgorithm algorithm) {
    var ring = new KeyRing(database, masterKey, clock, server);
    database.changes().watch(CHANGE, ring::load);
    ring.load();
    for (var purpose : purposes) {
      if (!ring.snapshot.active().containsKey(purpose)) {
        ring.create(purpose, algorithm);
      }
    }
    ring.load();
    return ring;
  }

  /// The key that signs now.
  ///
  /// @throws IllegalArgumentException if the ring was not opened for this purpose
  public SigningKey active(Purpose purpose) {
    var key = snapshot.active().get(purpose);
    if (key == null) {
      throw new IllegalArgumentException(server + " does not sign " + purpose.value());
    }
    return key;
  }

  /// The public keys of every purpose: next, active and retired.
  public PublicKeySet published() {
    return snapshot.published();
  }

  /// The same as the document at `jwks_uri`; ask again for every request, it changes with the keys.
  public Document jwks() {
    return snapshot.jwks();
  }

  private void create(Purpose purpose, SigningAlgorithm algorithm) {
    var key = SigningKey.generate(algorithm);
    var sealed = masterKey.seal(key.toPrivateJwk(), context(key.keyId(), purpose.value()));
    var row =
        new Row(
            KEY,
            key.keyId(),
            server,
            purpose.value(),
            "active",
            algorithm.value(),
            sealed,
            clock.instant());
    database.write(connection -> {
      row.insert(connection);
      return database.changes().append(connection, CHANGE, JsonObject.EMPTY);
    });
  }

  /// A sealed key cannot be moved to another server or purpose.
  private String context(String keyId, String purpose) {
    return "signing key " + keyId + " of " + server + " for " + purpose;
  }

  /// One at a time, so that an older state never takes the place of a newer one.
  private void load() {
    loading.lock();
    try {
      snapshot = Snapshot.of(database.read(this::select));
    } finally {
      loading.unlock();
    }
  }

  private List<Stored> select(Connection connection) throws SQLException {
    var select =
        """
        SELECT kid, purpose, state, sealed FROM signing_key
        WHERE server = ? AND state IN ('next', 'active', 'retired')
        ORDER BY created_at, kid
        """;
    try (var statement = connection.prepareStatement(select)) {
      statement.setString(1, server);
      try (var rows = statement.executeQuery()) {
        var keys = new ArrayList<Stored>();
        while (rows.next()) {
          var purpose = rows.getString("purpose");
          var context = context(rows.getString("kid"), purpose);
          var key = readable(masterKey.open(rows.getString("sealed"), context), context);
          keys.add(new Stored(key, purpose, rows.getString("state")));
        }
        return keys;
      }
    }
  }

  private static SigningKey readable(Secret privateJwk, String context) {
    try {
      return SigningKey.fromPrivateJwk(privateJwk);
    } catch (MalformedException e) {
      throw new KeyException("cannot use " + context, e);
    }
  }

  private record Stored(SigningKey key, String purpose, String state) {}

  /// What is held in memory, always of one moment.
  private record Snapshot(Map<Purpose, SigningKey> active, PublicKeySet published, Document jwks) {

    static Snapshot of(List<Stored> keys) {
      var active = new EnumMap<Purpose, SigningKey>(Purpose.class);
      for (var purpose : Purpose.values()) {
        keys.stream()
            .filter(key -> key.state().equals("active") && key.purpose().equals(purpose.value()))
            .forEach(key -> active.put(purpose, key.key()));
      }
      var published =
          new PublicKeySet(keys.stream().map(Stored::key).map(SigningKey::publicKey).toList());
      return new Snapshot(active, published, Document.of(published.toJson(), PUBLISHED_LIFE));
    }
  }
}
