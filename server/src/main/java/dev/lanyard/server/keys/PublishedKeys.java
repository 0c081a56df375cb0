package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Reading;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The public keys of one purpose on a node that has no master key: fetched where every resource
/// server fetches them, and counted only while the record says that they are published. So a key
/// that is revoked is gone with the change feed, however old the set is that was fetched, and
/// however long no other can be had. Thread-safe.
public final class PublishedKeys implements KeySource {
  private final String server;
  private final Purpose purpose;
  private final KeySource fetched;
  private final List<Runnable> bereaved = new CopyOnWriteArrayList<>();

  /// Of how many withdrawals those that want to know were told.
  private final AtomicLong told = new AtomicLong();

  private volatile Published published = new Published(Set.of(), 0);

  private PublishedKeys(String server, Purpose purpose, KeySource fetched) {
    this.server = server;
    this.purpose = purpose;
    this.fetched = fetched;
  }

  /// Follows what the record says of the keys of a server.
  ///
  /// @param server the name of the authorization server, e.g. `ras`
  /// @param fetched the set that it publishes
  public static PublishedKeys following(
      Database database, String server, Purpose purpose, KeySource fetched) {
    var keys = new PublishedKeys(server, purpose, fetched);
    database.changes().watch(KeyTable.CHANGE, keys::follow);
    keys.follow(database);
    return keys;
  }

  /// The key ids of one moment.
  private record Published(Set<String> keyIds, long withdrawals) {}

  private void follow(Reading record) {
    // With a connection in hand: who waits for one must not keep the change feed waiting.
    long withdrawals = record.read(this::renew);
    if (told.getAndSet(withdrawals) != withdrawals) {
      bereaved.forEach(Runnable::run);
    }
  }

  /// One at a time, so that an older state never takes the place of a newer one.
  ///
  /// @return how often a key was gone since the start
  private synchronized long renew(Connection connection) throws SQLException {
    var now =
        KeyTable.published(connection, server).stream()
            .map(KeyTable.Stored::entry)
            .filter(entry -> entry.purpose() == purpose)
            .map(KeyEntry::keyId)
            .collect(Collectors.toUnmodifiableSet());
    var before = published;
    boolean isLess = !now.containsAll(before.keyIds());
    published = new Published(now, before.withdrawals() + (isLess ? 1 : 0));
    return published.withdrawals();
  }

  @Override
  public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
    return keyId.filter(published.keyIds()::contains).isPresent()
        ? fetched.find(keyId, algorithm)
        : new Lookup.None();
  }

  @Override
  public long withdrawals() {
    return published.withdrawals();
  }

  @Override
  public void onWithdrawal(Runnable listener) {
    bereaved.add(listener);
  }
}
