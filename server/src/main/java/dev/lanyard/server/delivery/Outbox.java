package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The messages that are to arrive outside. Thread-safe.
public final class Outbox {
  /// The kind of change that wakes the dispatchers of all nodes.
  static final String CHANGE = "delivery";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final Database database;
  private final Letters letters;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("delivery", "forget_after");
  }

  /// @param journal learns what administrators do
  public Outbox(Database database, Journal journal, InstantSource clock) {
    this.database = database;
    this.letters = new Letters(journal);
    this.clock = clock;
  }

  /// Writes a message in the caller's transaction: it is sent when, and only if, that commits.
  ///
  /// @return the message's id, which also the other side sees if the courier tells it
  public String append(Connection connection, Delivery delivery) throws SQLException {
    return appendAll(connection, List.of(delivery)).getFirst();
  }

  /// Writes messages in the caller's transaction.
  ///
  /// @return their ids, in their order
  public List<String> appendAll(Connection connection, List<Delivery> deliveries)
      throws SQLException {
    return appendAll(connection, deliveries, Duration.ZERO);
  }

  /// Writes messages in the caller's transaction that are sent a while later.
  ///
  /// @return their ids, in their order
  public List<String> appendAll(Connection connection, List<Delivery> deliveries, Duration after)
      throws SQLException {
    var byId = new LinkedHashMap<String, Delivery>();
    deliveries.forEach(delivery -> byId.put(id(), delivery));
    if (!byId.isEmpty()) {
      var now = clock.instant();
      letters.insert(connection, byId, now, now.plus(after));
      database.changes().append(connection, CHANGE, JsonObject.EMPTY);
    }
    return List.copyOf(byId.keySet());
  }

  private static String id() {
    var bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The messages that were given up, oldest first.
  public List<Letter> dead() {
    return database.read(connection -> letters.inState(connection, Letter.State.DEAD));
  }

  /// Whether some message to a destination was given up, in a transaction with what depends on it.
  public static boolean hasGivenUp(Connection connection, String destination) throws SQLException {
    return Letters.isAnyDead(connection, destination);
  }

  /// The messages that are still tried, oldest first.
  public List<Letter> waiting() {
    return database.read(connection -> letters.inState(connection, Letter.State.WAITING));
  }

  /// What one cause has led to, oldest first.
  ///
  /// @param correlationId as in [Delivery#correlationId]
  public List<Letter> causedBy(String correlationId) {
    return database.read(connection -> letters.causedBy(connection, correlationId));
  }

  /// The same, of what is about one of these people or about nobody.
  ///
  /// @param people at most some hundred
  public List<Letter> causedBy(String correlationId, Collection<String> people) {
    return database.read(connection -> letters.causedBy(connection, correlationId, people));
  }

  /// Has a dead letter tried again, as if it were new.
  ///
  /// @return the letter, or empty if none with this id is dead
  public Optional<Letter> retry(String id) {
    return database.write(connection -> retry(connection, id));
  }

  /// The same in the caller's transaction.
  public Optional<Letter> retry(Connection connection, String id) throws SQLException {
    var letter = letters.revive(connection, id, clock.instant());
    if (letter.isPresent()) {
      database.changes().append(connection, CHANGE, JsonObject.EMPTY);
    }
    return letter;
  }
}
