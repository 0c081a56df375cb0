package dev.lanyard.server.delivery;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.delivery.Letters.Claimed;
import dev.lanyard.server.delivery.Letters.Sender;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is in the outbox, on every node; of all nodes one sends a message at a time.
///
/// It is woken when a message is written anywhere, and looks from time to time for what is due
/// again. A destination that answers slowly keeps only its own messages waiting. Thread-safe.
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /// How many attempts one node makes at once, and for one destination.
  private static final int AT_ONCE = 64;

  private static final int AT_ONCE_FOR_EACH = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  private final Database database;
  private final Letters letters;
  private final Map<String, Courier> couriers;
  private final DeliveryConfig config;
  private final InstantSource clock;
  private final Attempt attempt;
  private final Sender sender;
  private final Semaphore due = new Semaphore(1);
  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
  private final ExecutorService carriers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("delivery-", 0).factory());
  private final Thread thread;
  private volatile Backlog backlog = Backlog.NONE;
  private volatile Map<String, Integer> waiting = Map.of();
  private long counted;
  private volatile boolean closing;

  private Dispatcher(
      Database database,
      Map<String, Courier> couriers,
      Journal journal,
      DeliveryConfig config,
      InstantSource clock) {
    this.database = database;
    this.letters = new Letters(journal);
    this.couriers = Map.copyOf(couriers);
    this.config = config;
    this.clock = clock;
    this.attempt = new Attempt(config, new SecureRandom(), database::cautious);
    this.sender = new Sender(UUID.randomUUID().toString(), Set.copyOf(couriers.keySet()));
    database.changes().watch(Outbox.CHANGE, _ -> due.release());
    this.thread = Thread.ofPlatform().daemon().name("deliveries").start(this::run);
  }

  /// Starts to send.
  ///
  /// @param couriers by the kind of message they carry; other kinds are left to other nodes
  /// @param journal learns how messages end
  public static Dispatcher start(
      Database database,
      Map<String, Courier> couriers,
      Journal journal,
      DeliveryConfig config,
      InstantSource clock) {
    return new Dispatcher(database, couriers, journal, config, clock);
  }

  /// What has not arrived, as of the last look.
  public Backlog backlog() {
    return backlog;
  }

  /// How many messages of a kind have not arrived, as of the last look: whoever asks must have an
  /// answer also while the database has none.
  public int waiting(String kind) {
    return waiting.getOrDefault(kind, 0);
  }

  private void run() {
    while (!closing) {
      try {
        if (due.tryAcquire(config.look().toMillis(), TimeUnit.MILLISECONDS)) {
          due.drainPermits();
        }
        dispatch();
      } catch (DatabaseException e) {
        LOG.warn("the outbox cannot be read, trying again: {}", e.getMessage());
        rest();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // A fault of ours must not keep everything that is to be told for ever.
        LOG.error("the outbox cannot be sent, trying again", e);
        rest();
      }
    }
  }

  /// Whether its thread has not ended.
  public boolean isAlive() {
    return thread.isAlive();
  }

  private void rest() {
    try {
      Thread.sleep(config.look());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes messages as long as there are any that may be sent now.
  private void dispatch() {
    count();
    while (!closing && !sender.kinds().isEmpty() && isAnyDue()) {
      var claimed = claim();
      if (claimed.isEmpty()) {
        return;
      }
      for (var one : claimed) {
        if (closing) {
          // Given back at the end.
          return;
        }
        send(one);
      }
    }
  }

  /// Not at every message: counting takes the longer the more there are.
  private void count() {
    long now = System.nanoTime();
    if (counted == 0 || now - counted > COUNT_EVERY.toNanos()) {
      hasten();
      backlog = database.read(Letters::backlog);
      waiting = database.read(Letters::waitingByKind);
      counted = now;
    }
  }

  /// What a clock that was wrong has put off or holds would wait for that clock. By the clock that
  /// all nodes share: one whose own is behind would spare nobody a pause, and one whose own is
  /// ahead does not doubt what it has just put off itself.
  private void hasten() {
    var ours = clock.instant();
    var now = database.time().filter(ours::isBefore).orElse(ours);
    var next = now.plus(config.longestPause()).plus(ClockSkew.MAX);
    var lease = now.plus(config.lease()).plus(ClockSkew.MAX);
    if (database.read(connection -> Letters.isAnyLate(connection, next, lease))) {
      int _ = database.write(connection -> Letters.hasten(connection, now, next, lease));
    }
  }

  /// Reading first keeps an idle node from writing.
  private boolean isAnyDue() {
    return database.read(connection -> Letters.isAnyDue(connection, clock.instant()));
  }

  private List<Claimed> claim() {
    int free = AT_ONCE - underWay.values().stream().mapToInt(Integer::intValue).sum();
    if (free <= 0) {
      return List.of();
    }
    var busy = new HashSet<String>();
    underWay.forEach((destination, count) -> {
      if (count >= AT_ONCE_FOR_EACH) {
        busy.add(destination);
      }
    });
    var now = clock.instant();
    return database.write(connection ->
        letters.claim(
            connection, sender, busy, now, now.plus(config.lease()), AT_ONCE_FOR_EACH, free));
  }

  private void send(Claimed claimed) {
    var destination = claimed.letter().delivery().destination();
    underWay.merge(destination, 1, Integer::sum);
    try {
      carriers.execute(() -> {
        try {
          carry(claimed);
        } finally {
          ended(destination);
        }
      });
    } catch (RuntimeException | Error e) {
      ended(destination);
      throw e;
    }
  }

  private void ended(String destination) {
    underWay.computeIfPresent(
        destination, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    due.release();
  }

  private void carry(Claimed claimed) {
    var delivery = claimed.letter().delivery();
    var courier = Objects.requireNonNull(couriers.get(delivery.kind()));
    var result = attempt.carry(courier, claimed);
    if (Thread.currentThread().isInterrupted()) {
      // Cut off by our own end: not the other side's answer.
      return;
    }
    try {
      var settlement = attempt.settlement(claimed, result, clock.instant());
      database.write(connection ->
          letters.settle(connection, claimed.sequence(), sender.holder(), settlement));
      if (settlement.state() == Letter.State.DEAD) {
        LOG.error(
            "gave up telling {} ({}): {}",
            delivery.destination(),
            delivery.kind(),
            settlement.answer());
      }
    } catch (DatabaseException e) {
      // The lease runs out, and it is sent again.
      LOG.warn("how a message ended could not be noted: {}", e.getMessage());
    }
  }

  /// Ends the attempts that are under way within a few seconds, cuts the others, and gives their
  /// messages back.
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    due.release();
    try {
      // First whoever hands out work: the carriers must not be closed under its hands.
      thread.join(PATIENCE);
      carriers.shutdown();
      if (!carriers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        carriers.shutdownNow();
        var _ = carriers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      database.write(connection -> {
        letters.release(connection, sender.holder());
        return sender;
      });
    } catch (DatabaseException e) {
      LOG.debug("the leases run out by themselves: {}", e.getMessage());
    }
  }
}
