package dev.lanyard.server.keys;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.SqlFunction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the signing keys of every server through their states: by the clock, and when an
/// administrator wants it (KEY-2).
///
/// Every step is one transaction that finds the keys in the state in which they were seen, or does
/// nothing: of two nodes that want the same step one takes it. Every node learns a step by the
/// change feed; one that has not yet heard of it goes on signing with a key that is still
/// published. A key that cannot be made holds up no other. Thread-safe.
public final class KeyRotation {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);

  /// Longer than a node may be behind, so that the last token of a key is older than it looks.
  private static final Duration MARGIN = Duration.ofHours(1);

  private final KeyTable table;
  private final KeySafe safe;
  private final KeysConfig config;
  private final KeyJournal journal;
  private final InstantSource clock;

  public KeyRotation(
      Database database, KeySafe safe, KeysConfig config, KeyJournal journal, InstantSource clock) {
    this.table = new KeyTable(database);
    this.safe = safe;
    this.config = config;
    this.journal = journal;
    this.clock = clock;
  }

  /// What became of ending a key.
  public sealed interface Ending {
    /// @param successor who signs now, if the key had signed
    record Ended(KeyEntry key, Optional<KeyEntry> successor) implements Ending {}

    /// It had signed, and is revoked. Nothing signs instead yet: no key could be made. [#step]
    /// makes one as soon as one can be made.
    ///
    /// @param why no key could be made
    record Unsucceeded(KeyEntry key, KeyException why) implements Ending {}

    /// There is no key with this `kid`.
    record Unknown() implements Ending {}

    /// Only an active key can be retired.
    record NotActive(KeyState state) implements Ending {}

    /// No next key is published that could sign instead.
    record NoSuccessor() implements Ending {}

    /// Somebody else has moved the key meanwhile; look again.
    record Overtaken() implements Ending {}
  }

  /// What became of publishing successors.
  ///
  /// @param made the successors
  /// @param unmade why there are others that could not be made
  public record Published(List<KeyEntry> made, List<KeyException> unmade) {
    public Published {
      made = List.copyOf(made);
      unmade = List.copyOf(unmade);
    }
  }

  /// Every key of every server, revoked ones among them.
  public List<KeyEntry> keys() {
    return table.all().stream().map(KeyTable.Stored::entry).toList();
  }

  /// When a key that is next will sign.
  public Instant signsFrom(KeyEntry next) {
    return next.since().plus(config.publishAhead());
  }

  /// When the successor of an active key is made.
  public Instant succeededFrom(KeyEntry active) {
    return active.since().plus(config.rotateEvery()).minus(config.publishAhead());
  }

  /// When a retired key is not published any more; empty if never.
  public Optional<Instant> publishedUntil(KeyEntry retired) {
    return retired.purpose().life().map(life -> retired.since().plus(life).plus(MARGIN));
  }

  /// Takes the steps that are due. Costs one look at a small table if there is none. The clock of
  /// one node that is ahead takes no key from the others, and has none sign that they do not know.
  ///
  /// @throws KeyException when everything else is done, if keys could not be made; it names them
  public void step(String correlationId) {
    var now = table.database().cautious(clock.instant());
    var all = new ArrayList<>(keys());
    var unmade = new ArrayList<KeyException>();
    for (var key : List.copyOf(all)) {
      try {
        step(key, all, now, correlationId);
      } catch (KeyException e) {
        unmade.add(e);
      }
    }
    if (!unmade.isEmpty()) {
      throw together(unmade);
    }
  }

  /// @param all every key; those that are made are added
  private void step(KeyEntry key, List<KeyEntry> all, Instant now, String correlationId) {
    switch (key.state()) {
      case ACTIVE -> {
        if (successor(all, key).isEmpty() && !now.isBefore(succeededFrom(key))) {
          publish(key, KeyState.NEXT, correlationId).ifPresent(all::add);
        }
      }
      case NEXT -> {
        var active = predecessor(all, key);
        if (active.isEmpty() || !now.isBefore(signsFrom(key))) {
          succeed(active, key, correlationId);
        }
      }
      case RETIRED -> {
        if (publishedUntil(key).filter(until -> !now.isBefore(until)).isPresent()) {
          forget(key, correlationId);
        }
      }
      case REVOKED -> {
        // No key could be made in its place. What no vault can make nobody can be served with.
        if (predecessor(all, key).isEmpty()
            && successor(all, key).isEmpty()
            && safe.algorithms().contains(key.algorithm())) {
          publish(key, KeyState.ACTIVE, correlationId).ifPresent(all::add);
        }
      }
    }
  }

  private static KeyException together(List<KeyException> unmade) {
    var first = unmade.getFirst();
    var why = unmade.stream().map(KeyException::getMessage).collect(Collectors.joining("; "));
    return new KeyException(
        why + ". 'lanyard keys revoke' ends a key whose algorithm nobody wants any more", first);
  }

  private static Optional<KeyEntry> successor(List<KeyEntry> all, KeyEntry active) {
    return inLine(all, active, KeyState.NEXT);
  }

  /// Whether a key is published that will sign after this one.
  public boolean hasSuccessor(KeyEntry active) {
    return successor(keys(), active).isPresent();
  }

  private static Optional<KeyEntry> predecessor(List<KeyEntry> all, KeyEntry next) {
    return inLine(all, next, KeyState.ACTIVE);
  }

  private static Optional<KeyEntry> inLine(List<KeyEntry> all, KeyEntry with, KeyState state) {
    return all.stream().filter(key -> key.state() == state && key.isInLineWith(with)).findFirst();
  }

  /// Publishes a successor for each of these active keys that has none yet; it signs when it has
  /// been published long enough, which [#step] sees to.
  public Published rotate(Predicate<KeyEntry> which, String correlationId) {
    var all = keys();
    var made = new ArrayList<KeyEntry>();
    var unmade = new ArrayList<KeyException>();
    for (var key : all) {
      if (key.state() == KeyState.ACTIVE && which.test(key) && successor(all, key).isEmpty()) {
        try {
          publish(key, KeyState.NEXT, correlationId).ifPresent(made::add);
        } catch (KeyException e) {
          unmade.add(e);
        }
      }
    }
    return new Published(made, unmade);
  }

  /// @throws KeyException if no key can be made
  private Optional<KeyEntry> publish(KeyEntry like, KeyState state, String correlationId) {
    var made = made(like, state);
    return atomically(
            connection -> {
              add(connection, made, correlationId);
              return made.entry();
            })
        .or(() -> {
          safe.destroy(made.entry().keyId());
          return Optional.empty();
        });
  }

  private void add(Connection connection, KeyTable.Stored made, String correlationId)
      throws SQLException {
    if (!table.add(connection, made.entry(), made.sealed())) {
      throw new OvertakenException();
    }
    noted(connection, made.entry(), correlationId);
  }

  private KeyTable.Stored made(KeyEntry like, KeyState state) {
    var made = make(like);
    var now = clock.instant();
    var entry =
        new KeyEntry(
            made.key().keyId(), like.server(), like.purpose(), like.algorithm(), state, now, now);
    return new KeyTable.Stored(entry, made.sealed());
  }

  private KeySafe.Made make(KeyEntry like) {
    try {
      return safe.make(like.server(), like.purpose(), like.algorithm());
    } catch (KeyException e) {
      throw new KeyException(
          "no key can be made after %s (%s of %s, %s): %s"
              .formatted(
                  like.keyId(),
                  like.purpose().value(),
                  like.server(),
                  like.algorithm().value(),
                  e.getMessage()),
          e);
    }
  }

  private Optional<KeyEntry> succeed(
      Optional<KeyEntry> active, KeyEntry next, String correlationId) {
    return atomically(connection -> {
      if (active.isPresent()) {
        moved(connection, active.get(), KeyState.RETIRED, correlationId);
      }
      return moved(connection, next, KeyState.ACTIVE, correlationId);
    });
  }

  private void forget(KeyEntry retired, String correlationId) {
    var forgotten =
        atomically(connection -> {
          if (!table.remove(connection, retired)) {
            throw new OvertakenException();
          }
          table.announce(connection);
          return retired;
        });
    if (forgotten.isPresent()) {
      LOG.info("{}: the key {} is not published any more", correlationId, retired.keyId());
      safe.destroy(retired.keyId());
    }
  }

  /// Lets the published successor of a key sign at once, however short it has been published.
  public Ending retire(String keyId, String correlationId) {
    var all = keys();
    var found = find(all, keyId);
    if (found.isEmpty()) {
      return new Ending.Unknown();
    }
    var key = found.get();
    if (key.state() != KeyState.ACTIVE) {
      return new Ending.NotActive(key.state());
    }
    var next = successor(all, key);
    if (next.isEmpty()) {
      return new Ending.NoSuccessor();
    }
    return succeed(Optional.of(key), next.get(), correlationId)
        .<Ending>map(now -> new Ending.Ended(key, Optional.of(now)))
        .orElseGet(Ending.Overtaken::new);
  }

  /// Withdraws a key at once: nothing that it signed is accepted here any more, on any node. If it
  /// was the one that signs, its successor or a new key does from the same moment. A key that has
  /// leaked is withdrawn also if no new one can be made.
  public Ending revoke(String keyId, String correlationId) {
    var all = keys();
    var found = find(all, keyId);
    if (found.isEmpty()) {
      return new Ending.Unknown();
    }
    var key = found.get();
    if (key.state() == KeyState.REVOKED) {
      return new Ending.Ended(key, Optional.empty());
    }
    if (key.state() != KeyState.ACTIVE) {
      return revoked(key, correlationId, _ -> Optional.empty());
    }
    var next = successor(all, key);
    if (next.isPresent()) {
      return revoked(
          key,
          correlationId,
          connection -> Optional.of(moved(connection, next.get(), KeyState.ACTIVE, correlationId)));
    }
    try {
      var fresh = made(key, KeyState.ACTIVE);
      return revoked(
          key,
          correlationId,
          connection -> {
            add(connection, fresh, correlationId);
            return Optional.of(fresh.entry());
          });
    } catch (KeyException e) {
      LOG.error("{}: the key {} is revoked, and no other signs", correlationId, keyId, e);
      return revoked(key, correlationId, _ -> Optional.empty()) instanceof Ending.Ended ended
          ? new Ending.Unsucceeded(ended.key(), e)
          : new Ending.Overtaken();
    }
  }

  /// @param succeeded brings the one that signs instead into the same transaction
  private Ending revoked(
      KeyEntry key, String correlationId, SqlFunction<Optional<KeyEntry>> succeeded) {
    var ended =
        atomically(connection -> {
          moved(connection, key, KeyState.REVOKED, correlationId);
          return succeeded.apply(connection);
        });
    ended.ifPresent(_ -> safe.destroy(key.keyId()));
    return ended
        .<Ending>map(successor -> new Ending.Ended(key, successor))
        .orElseGet(Ending.Overtaken::new);
  }

  private static Optional<KeyEntry> find(List<KeyEntry> all, String keyId) {
    return all.stream().filter(key -> key.keyId().equals(keyId)).findFirst();
  }

  private KeyEntry moved(Connection connection, KeyEntry seen, KeyState to, String correlationId)
      throws SQLException {
    var now = clock.instant();
    if (!table.move(connection, seen, to, now)) {
      throw new OvertakenException();
    }
    var key = seen.in(to, now);
    noted(connection, key, correlationId);
    return key;
  }

  private void noted(Connection connection, KeyEntry key, String correlationId)
      throws SQLException {
    journal.note(connection, key, correlationId);
    table.announce(connection);
  }

  /// Rolls back, and is empty, if another node was faster.
  private <T> Optional<T> atomically(SqlFunction<T> work) {
    try {
      return Optional.of(table.database().write(work));
    } catch (OvertakenException e) {
      return Optional.empty();
    }
  }

  /// Rolls a transaction back; never leaves this class.
  private static final class OvertakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OvertakenException() {
      super("another node was faster", null, false, false);
    }
  }
}
