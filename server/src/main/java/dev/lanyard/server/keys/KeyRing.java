package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.http.Document;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signing keys of one authorization server: one active key for each purpose, and one for each
/// further algorithm that a relying party wants. Thread-safe.
///
/// Keys that do not exist yet are made when they are first needed; of two nodes that do so at once
/// both end with the keys of one. Keys that another node makes, retires or revokes arrive with the
/// change feed.
public final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
  private static final Duration PUBLISHED_LIFE = Duration.ofMinutes(5);

  private final KeyTable table;
  private final KeySafe safe;
  private final InstantSource clock;
  private final String server;
  private final SigningAlgorithm usual;
  private final Lock loading = new ReentrantLock();
  private final List<Runnable> bereaved = new CopyOnWriteArrayList<>();

  /// Of how many withdrawals those that want to know were told.
  private final AtomicInteger told = new AtomicInteger();

  private volatile Snapshot snapshot;

  private KeyRing(
      Database database, KeySafe safe, InstantSource clock, String server, SigningAlgorithm usual) {
    this.table = new KeyTable(database);
    this.safe = safe;
    this.clock = clock;
    this.server = server;
    this.usual = usual;
    this.snapshot = Snapshot.of(List.of(), usual, 0);
  }

  /// Opens the ring of a server and makes the keys that it lacks.
  ///
  /// @param server the name of the authorization server, e.g. `broker`
  /// @param purposes what it signs
  /// @param algorithm for new keys; existing ones stay
  /// @throws KeyException if the master key is not the one of this database
  public static KeyRing open(
      Database database,
      KeySafe safe,
      InstantSource clock,
      String server,
      Set<Purpose> purposes,
      SigningAlgorithm algorithm) {
    var ring = new KeyRing(database, safe, clock, server, algorithm);
    database.changes().watch(KeyTable.CHANGE, ring::follow);
    ring.load();
    for (var purpose : purposes) {
      if (!ring.snapshot.active().containsKey(purpose)) {
        ring.create(purpose, algorithm);
      }
    }
    ring.load();
    return ring;
  }

  /// The key that signs now, unless somebody wants another algorithm.
  ///
  /// @throws IllegalArgumentException if the ring was not opened for this purpose, or its key was
  ///   revoked and no other could be made yet
  public SigningKey active(Purpose purpose) {
    return lines(purpose).usual();
  }

  /// The key that signs now with this algorithm. The first time it is made, which takes a moment;
  /// verifiers find it because they fetch anew for a `kid` that they do not know (KEY-3).
  ///
  /// @throws IllegalArgumentException if the ring was not opened for this purpose, or its key was
  ///   revoked and no other could be made yet
  public SigningKey active(Purpose purpose, SigningAlgorithm algorithm) {
    var known = lines(purpose).byAlgorithm().get(algorithm);
    if (known != null) {
      return known;
    }
    create(purpose, algorithm);
    load();
    return Optional.ofNullable(lines(purpose).byAlgorithm().get(algorithm)).orElseThrow();
  }

  /// What it can sign with for whoever wants another algorithm than the usual.
  public Set<SigningAlgorithm> algorithms() {
    return safe.algorithms();
  }

  private Lines lines(Purpose purpose) {
    var lines = snapshot.active().get(purpose);
    if (lines == null) {
      throw new IllegalArgumentException(server + " has no key that signs " + purpose.value());
    }
    return lines;
  }

  /// The public keys of every purpose: next, active and retired.
  public PublicKeySet published() {
    return snapshot.published();
  }

  /// The public keys of one purpose, as they are at each look-up: what was signed for another one
  /// does not count here (KEY-6).
  public KeySource of(Purpose purpose) {
    return new KeySource() {
      @Override
      public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
        return snapshot.find(purpose, keyId, algorithm);
      }

      @Override
      public long withdrawals() {
        return snapshot.withdrawals();
      }

      @Override
      public void onWithdrawal(Runnable listener) {
        bereaved.add(listener);
      }
    };
  }

  /// The same as the document at `jwks_uri`; ask again for every request, it changes with the keys.
  public Document jwks() {
    return snapshot.jwks();
  }

  /// Changes whenever a key is withdrawn: what was verified before must be verified again.
  public int withdrawals() {
    return snapshot.withdrawals();
  }

  /// A secret of the whole installation, which stays the same for ever.
  ///
  /// @param name what it is for
  public Secret secret(String name) {
    return InstallationSecret.of(table.database(), safe.masterKey(), name, clock);
  }

  private void create(Purpose purpose, SigningAlgorithm algorithm) {
    var made = safe.make(server, purpose, algorithm);
    var now = clock.instant();
    var entry =
        new KeyEntry(made.key().keyId(), server, purpose, algorithm, KeyState.ACTIVE, now, now);
    boolean ours =
        table
            .database()
            .write(connection -> {
              boolean added = table.add(connection, entry, made.sealed());
              table.announce(connection);
              return added;
            });
    if (!ours) {
      safe.destroy(entry.keyId());
    }
  }

  private void follow(Reading record) {
    load(record, false);
  }

  private void load() {
    load(table.database(), true);
  }

  /// One at a time, so that an older state never takes the place of a newer one.
  ///
  /// @param strict whether a key that cannot be opened is a fault. A running node does without it:
  ///   it must go on learning what was revoked.
  private void load(Reading record, boolean strict) {
    int withdrawals = record.read(connection -> renew(connection, strict));
    if (told.getAndSet(withdrawals) != withdrawals) {
      bereaved.forEach(Runnable::run);
    }
  }

  /// @return how many keys are gone since the start
  private int renew(Connection connection, boolean strict) throws SQLException {
    // With a connection in hand: who waits for one must not keep the change feed waiting.
    loading.lock();
    try {
      var before = snapshot;
      var keys = new ArrayList<Held>();
      for (var stored : KeyTable.published(connection, server)) {
        held(before, stored, strict).ifPresent(keys::add);
      }
      snapshot = Snapshot.of(keys, usual, before.withdrawals() + before.lost(keys));
      return snapshot.withdrawals();
    } finally {
      loading.unlock();
    }
  }

  private Optional<Held> held(Snapshot before, KeyTable.Stored stored, boolean strict) {
    var entry = stored.entry();
    var known = before.byId().get(entry.keyId());
    if (known != null && known.entry().purpose() == entry.purpose()) {
      return Optional.of(new Held(entry, known.key()));
    }
    try {
      return Optional.of(new Held(entry, safe.open(entry, stored.sealed())));
    } catch (KeyException e) {
      if (strict) {
        throw e;
      }
      LOG.error("the key {} of {} cannot be used on this node", entry.keyId(), server, e);
      return Optional.empty();
    }
  }

  /// A key that is published.
  private record Held(KeyEntry entry, SigningKey key) {}

  /// The active keys of one purpose.
  private record Lines(SigningKey usual, Map<SigningAlgorithm, SigningKey> byAlgorithm) {}

  /// What is held in memory, always of one moment.
  private record Snapshot(
      Map<Purpose, Lines> active,
      Map<String, Held> byId,
      Map<Purpose, PublicKeySet> byPurpose,
      PublicKeySet published,
      Document jwks,
      int withdrawals) {

    static Snapshot of(List<Held> keys, SigningAlgorithm usual, int withdrawals) {
      var active = new EnumMap<Purpose, Lines>(Purpose.class);
      var byPurpose = new EnumMap<Purpose, PublicKeySet>(Purpose.class);
      for (var purpose : Purpose.values()) {
        var its = keys.stream().filter(held -> held.entry().purpose() == purpose).toList();
        byPurpose.put(purpose, publicKeys(its));
        var lines = new EnumMap<SigningAlgorithm, SigningKey>(SigningAlgorithm.class);
        its.stream()
            .filter(held -> held.entry().state() == KeyState.ACTIVE)
            .forEach(held -> lines.put(held.key().algorithm(), held.key()));
        if (!lines.isEmpty()) {
          var first = lines.getOrDefault(usual, lines.values().iterator().next());
          active.put(purpose, new Lines(first, lines));
        }
      }
      var byId = new HashMap<String, Held>();
      keys.forEach(held -> byId.put(held.key().keyId(), held));
      var published = publicKeys(keys);
      var document = Document.of(published.toJson(), PUBLISHED_LIFE);
      return new Snapshot(active, byId, byPurpose, published, document, withdrawals);
    }

    private static PublicKeySet publicKeys(List<Held> keys) {
      return new PublicKeySet(keys.stream().map(Held::key).map(SigningKey::publicKey).toList());
    }

    /// How many of our keys are not among these.
    int lost(List<Held> now) {
      var gone = new HashMap<>(byId);
      now.forEach(held -> gone.remove(held.key().keyId()));
      return gone.size();
    }

    KeySource.Lookup find(Purpose purpose, Optional<String> keyId, SigningAlgorithm algorithm) {
      return Optional.ofNullable(byPurpose.get(purpose)).orElseThrow().find(keyId, algorithm);
    }
  }
}
