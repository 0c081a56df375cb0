package dev.lanyard.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.Courier.Parcel;
import dev.lanyard.server.delivery.Courier.Result;
import dev.lanyard.server.delivery.Letter.State;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the outbox promises, on either database.
abstract class OutboxContract {
  private static final String KIND = "note";
  private static final DeliveryConfig CONFIG =
      new DeliveryConfig(
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          100,
          Duration.ofSeconds(30),
          Duration.ofDays(1),
          Duration.ofMillis(20));

  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> journal = Collections.synchronizedList(new ArrayList<>());
  private final BlockingQueue<Parcel> sent = new LinkedBlockingQueue<>();
  private Database database;
  private Outbox outbox;

  OutboxContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    outbox = new Outbox(database, this::note, clock);
  }

  @AfterEach
  void close() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
    database.close();
  }

  private void note(java.sql.Connection connection, Letter letter, java.time.Instant at) {
    journal.add(letter.state().value() + " " + letter.delivery().correlationId());
  }

  private Dispatcher dispatcher(Database on, Courier courier) {
    var started = Dispatcher.start(on, Map.of(KIND, courier), this::note, CONFIG, clock);
    open.add(started);
    return started;
  }

  private Dispatcher dispatcher(Courier courier) {
    return dispatcher(database, courier);
  }

  private Result take(Parcel parcel) {
    sent.add(parcel);
    return new Result.Delivered("200");
  }

  private static Delivery to(String destination, String what) {
    return Delivery.of(KIND, destination, JsonObject.EMPTY, what);
  }

  private String write(Delivery delivery) {
    return database.write(connection -> outbox.append(connection, delivery));
  }

  private Parcel next() throws InterruptedException {
    var parcel = sent.poll(20, TimeUnit.SECONDS);
    assertThat(parcel).as("something is sent").isNotNull();
    return parcel;
  }

  private List<Letter> letters(String cause) {
    return outbox.causedBy(cause);
  }

  @Test
  void a_message_leaves_once_when_its_transaction_commits_and_is_remembered() throws Exception {
    dispatcher(this::take);

    var id = write(to("there", "a").withPerson("p1"));

    assertThat(next().id()).isEqualTo(id);
    Soon.until(() -> letters("a").getFirst().state() != Letter.State.WAITING);
    assertThat(journal).containsExactly("delivered a");
    var letter = letters("a").getFirst();
    assertThat(letter.state()).isEqualTo(Letter.State.DELIVERED);
    assertThat(letter.answer()).contains("200");
    assertThat(letter.delivery().person()).contains("p1");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_courier_that_lacks_memory_once_carries_this_one_later_and_the_next_at_once()
      throws Exception {
    var first = new AtomicBoolean(true);
    dispatcher(parcel -> {
      if (first.getAndSet(false)) {
        throw new OutOfMemoryError("of a test");
      }
      return take(parcel);
    });

    write(to("there", "a"));
    Soon.until(() -> letters("a").getFirst().answer().isPresent());
    var next = write(to("there", "b"));
    assertThat(next().id()).isEqualTo(next);
    clock.advance(Duration.ofSeconds(2));
    assertThat(next().delivery().correlationId()).isEqualTo("a");
  }

  @Test
  void a_fault_of_ours_does_not_end_the_thread_that_sends() throws Exception {
    var faults = new AtomicInteger(2);
    var started =
        Dispatcher.start(
            database,
            Map.of(KIND, this::take),
            this::note,
            CONFIG,
            () -> {
              switch (faults.getAndDecrement()) {
                case 2 -> throw new OutOfMemoryError("of a test");
                case 1 -> throw new IllegalStateException("of a test");
                default -> {
                  return clock.instant();
                }
              }
            });
    open.add(started);

    var id = write(to("there", "a"));

    assertThat(next().id()).isEqualTo(id);
    assertThat(faults.get()).isNegative();
    assertThat(started.isAlive()).isTrue();
    started.close();
    assertThat(started.isAlive()).isFalse();
  }

  @Test
  void a_message_whose_transaction_does_not_commit_never_was() throws Exception {
    dispatcher(this::take);

    assertThatThrownBy(() ->
            database.write(connection -> {
              outbox.append(connection, to("there", "rolled back"));
              throw new IllegalStateException("the rest of the transaction fails");
            }))
        .isInstanceOf(IllegalStateException.class);
    write(to("there", "committed"));

    assertThat(next().delivery().correlationId()).isEqualTo("committed");
    assertThat(letters("rolled back")).isEmpty();
  }

  @Test
  @DisplayName("An endpoint that is down for ten minutes gets everything when it is back")
  void down_for_ten_minutes() throws Exception {
    var down = new AtomicBoolean(true);
    var attempts = new LinkedBlockingQueue<Integer>();
    dispatcher(parcel -> {
      attempts.add(parcel.attempt());
      return down.get() ? new Result.RetryLater("connection refused") : take(parcel);
    });
    var written = IntStream.range(0, 5).mapToObj(i -> write(to("there", "m" + i))).toList();

    for (int second = 0; second < 600; second += 30) {
      clock.advance(Duration.ofSeconds(30));
      Thread.sleep(5);
    }
    assertThat(sent).isEmpty();
    down.set(false);
    Soon.until(() -> {
      clock.advance(Duration.ofSeconds(1));
      return sent.stream().map(Parcel::id).distinct().count() == 5;
    });

    // At least once: on a slow machine the clock of this test outruns a lease.
    assertThat(sent).extracting(Parcel::id).containsOnlyElementsOf(written);
    assertThat(attempts.size()).as("it is asked with pauses").isLessThan(5 * 60);
    Soon.until(() -> journal.size() == 5);
    assertThat(journal).allMatch(entry -> entry.startsWith("delivered"));
  }

  @Test
  void of_two_nodes_one_sends_a_message() throws Exception {
    try (var other = Database.open(config, clock)) {
      var mine = dispatcher(this::take);
      var theirs = dispatcher(other, this::take);

      for (int i = 0; i < 100; i++) {
        write(to("there" + i % 20, "m" + i));
      }
      Soon.until(() -> journal.size() == 100);
      mine.close();
      theirs.close();
    }

    assertThat(sent).extracting(Parcel::id).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void a_lane_keeps_its_order_also_when_the_first_message_fails() throws Exception {
    var broken = new AtomicBoolean(true);
    dispatcher(parcel ->
        parcel.delivery().correlationId().equals("m0") && broken.get()
            ? new Result.RetryLater("not yet")
            : take(parcel));
    for (int i = 0; i < 6; i++) {
      write(to("there", "m" + i).inOrder());
    }
    write(to("elsewhere", "free").inOrder());

    assertThat(next().delivery().correlationId()).isEqualTo("free");
    Soon.until(() -> letters("free").getFirst().state() == Letter.State.DELIVERED);
    assertThat(sent).isEmpty();
    broken.set(false);
    clock.advance(Duration.ofMinutes(2));

    // At least once: the clock of this test can outrun the lease of what is on its way.
    var arrived = new LinkedHashSet<String>();
    while (arrived.size() < 6) {
      arrived.add(next().delivery().correlationId());
    }
    assertThat(arrived).containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
  }

  @Test
  void a_slow_endpoint_keeps_only_its_own_messages_waiting() throws Exception {
    var release = new CountDownLatch(1);
    dispatcher(parcel -> {
      if (parcel.delivery().destination().equals("slow")) {
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return take(parcel);
    });
    for (int i = 0; i < 200; i++) {
      write(to("slow", "s" + i));
    }
    write(to("quick", "q"));

    assertThat(next().delivery().correlationId()).isEqualTo("q");
    release.countDown();
    Soon.until(() -> sent.size() == 200);
  }

  @Test
  void what_is_refused_is_a_dead_letter_at_once_and_can_be_tried_again() throws Exception {
    var refuse = new AtomicBoolean(true);
    var dispatcher = dispatcher(parcel -> refuse.get() ? new Result.Refused("401") : take(parcel));
    var id = write(to("there", "a"));
    Soon.until(() -> !outbox.dead().isEmpty());

    assertThat(outbox.dead()).extracting(Letter::id).containsExactly(id);
    Soon.until(() -> dispatcher.backlog().dead() == 1);
    assertThat(outbox.retry("unknown")).isEmpty();

    refuse.set(false);
    assertThat(outbox.retry(id)).isPresent();
    assertThat(next().id()).isEqualTo(id);
    Soon.until(() -> journal.contains("delivered a"));
    assertThat(journal).containsExactly("dead a", "waiting a", "delivered a");
    assertThat(outbox.retry(id)).as("it has arrived").isEmpty();
  }

  @Test
  void what_never_arrives_is_given_up_after_the_time_allowed() throws Exception {
    dispatcher(_ -> new Result.RetryLater("down"));
    write(to("there", "a"));

    Soon.until(() -> {
      clock.advance(Duration.ofMinutes(2));
      return !outbox.dead().isEmpty();
    });

    assertThat(outbox.dead().getFirst().answer()).contains("down");
  }

  @Test
  @DisplayName("However often it was tried: a message is given up by its age and nothing else")
  void time_is_the_limit() throws Exception {
    var seldom =
        new DeliveryConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofHours(10),
            1,
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofMillis(20));
    var tried = new AtomicInteger();
    Courier down =
        _ -> {
          tried.incrementAndGet();
          return new Result.RetryLater("down");
        };
    open.add(Dispatcher.start(database, Map.of(KIND, down), this::note, seldom, clock));
    write(to("there", "a"));

    Soon.until(() -> {
      clock.advance(Duration.ofSeconds(10));
      return tried.get() >= 10 || !outbox.dead().isEmpty();
    });

    assertThat(outbox.dead()).isEmpty();
  }

  @Test
  @DisplayName("What waits for something that ends by itself is not given up before")
  void pending() throws Exception {
    var ended = new AtomicBoolean();
    var failing = new AtomicBoolean();
    dispatcher(parcel ->
        ended.get()
            ? take(parcel)
            : failing.get() ? new Result.RetryLater("a fault") : new Result.Pending("not yet"));
    write(to("there", "a"));
    var until = clock.instant().plus(CONFIG.giveUpAfter().multipliedBy(3));

    Soon.until(() -> {
      clock.advance(Duration.ofMinutes(1));
      return clock.instant().isAfter(until);
    });
    Soon.until(() -> {
      clock.advance(Duration.ofMinutes(1));
      return letters("a").getFirst().answeredAt().filter(until::isBefore).isPresent();
    });
    // A fault after all that time is its first one.
    failing.set(true);
    var since = clock.instant();
    Soon.until(() -> {
      clock.advance(Duration.ofSeconds(10));
      return letters("a").getFirst().answer().equals(Optional.of("a fault"))
          || clock.instant().isAfter(since.plus(CONFIG.giveUpAfter()));
    });
    assertThat(outbox.dead()).isEmpty();
    ended.set(true);

    Soon.until(() -> {
      clock.advance(Duration.ofSeconds(10));
      return letters("a").getFirst().state() == Letter.State.DELIVERED;
    });
  }

  @Test
  void a_courier_that_throws_is_called_again() throws Exception {
    var failed = new AtomicBoolean();
    dispatcher(parcel -> {
      if (failed.compareAndSet(false, true)) {
        throw new IllegalStateException("a bug");
      }
      return take(parcel);
    });
    write(to("there", "a"));
    Soon.until(failed::get);

    Soon.until(() -> {
      clock.advance(Duration.ofSeconds(2));
      return !sent.isEmpty();
    });
  }

  @Test
  void what_a_dead_node_had_taken_is_sent_when_its_lease_has_run_out() throws Exception {
    var id = write(to("there", "a"));
    var letters = new Letters(this::note);
    var dead = new Letters.Sender("a node that was killed", List.of(KIND));
    var now = clock.instant();
    var taken =
        database.write(connection ->
            letters.claim(connection, dead, List.of(), now, now.plus(CONFIG.lease()), 8, 8));
    assertThat(taken).hasSize(1);

    dispatcher(this::take);
    clock.advance(CONFIG.lease().minusSeconds(1));
    assertThat(sent.poll(200, TimeUnit.MILLISECONDS)).isNull();
    clock.advance(Duration.ofSeconds(2));

    assertThat(next().id()).isEqualTo(id);
    Soon.until(() -> journal.contains("delivered a"));
    // The dead one was only slow: its late failure changes nothing.
    var late = new Attempt(CONFIG, new java.util.SplittableRandom(), time -> time);
    var settlement = late.settlement(taken.getFirst(), new Result.Refused("late"), clock.instant());
    boolean noted =
        database.write(connection ->
            letters.settle(connection, taken.getFirst().sequence(), dead.holder(), settlement));
    assertThat(noted).isFalse();
  }

  @Test
  @DisplayName(
      "What a node with a clock ahead had taken or put off is sent before its clock is right")
  void what_a_clock_that_was_ahead_has_left() throws Exception {
    clock.set(InstantSource.system().instant());
    var taken = write(to("there", "a"));
    var putOff = write(to("elsewhere", "b"));
    var letters = new Letters(this::note);
    var wrong = new Letters.Sender("a clock that is a day ahead", List.of(KIND));
    var ahead = clock.instant().plus(Duration.ofDays(1));
    var claimed =
        database.write(connection ->
            letters.claim(connection, wrong, List.of(), ahead, ahead.plus(CONFIG.lease()), 8, 8));
    assertThat(claimed).hasSize(2);
    var failed = claimed.stream().filter(one -> one.letter().id().equals(putOff)).findFirst();
    var attempt = new Attempt(CONFIG, new java.util.SplittableRandom(), database::cautious);
    var settlement = attempt.settlement(failed.orElseThrow(), new Result.RetryLater("503"), ahead);
    if (database.time().isPresent()) {
      assertThat(settlement.state()).as("not given up by that clock").isEqualTo(State.WAITING);
    }
    var waits =
        new Letters.Settlement(
            State.WAITING,
            "503",
            ahead,
            Optional.of(ahead.plusSeconds(1)),
            Optional.empty(),
            Optional.empty());
    boolean noted =
        database.write(connection ->
            letters.settle(connection, failed.orElseThrow().sequence(), wrong.holder(), waits));
    assertThat(noted).isTrue();

    // The clock of the database goes on meanwhile.
    clock.advance(Duration.ofSeconds(30));
    dispatcher(this::take);
    assertThat(List.of(next().id(), next().id())).containsExactlyInAnyOrder(taken, putOff);
  }

  @Test
  void a_message_that_kills_its_senders_is_given_up_too() throws Exception {
    var letters = new Letters(this::note);
    write(to("there", "a"));
    for (int i = 0; i < CONFIG.attempts(); i++) {
      clock.advance(CONFIG.lease().plusSeconds(1));
      var now = clock.instant();
      var sender = new Letters.Sender("killed " + i, List.of(KIND));
      database.write(connection ->
          letters.claim(connection, sender, List.of(), now, now.plus(CONFIG.lease()), 8, 8));
    }
    clock.advance(CONFIG.lease().plusSeconds(1));
    dispatcher(this::take);

    Soon.until(() -> journal.contains("dead a"));
    assertThat(sent).isEmpty();
  }

  @Test
  void a_node_that_ends_in_order_gives_back_what_it_holds() throws Exception {
    var holding = new CountDownLatch(1);
    var first =
        dispatcher(parcel -> {
          holding.countDown();
          try {
            Thread.sleep(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Result.RetryLater("cut off");
        });
    write(to("there", "a"));
    holding.await();

    first.close();
    dispatcher(this::take);

    assertThat(next().attempt()).as("without waiting for the lease").isEqualTo(2);
  }

  @Test
  void kinds_without_a_courier_here_are_left_to_other_nodes() throws Exception {
    dispatcher(this::take);
    write(Delivery.of("other kind", "there", JsonObject.EMPTY, "a"));
    write(to("there", "b"));

    assertThat(next().delivery().correlationId()).isEqualTo("b");
    assertThat(letters("a").getFirst().attempts()).isZero();
  }

  @Test
  void pauses_double_up_to_the_longest_and_are_spread_and_a_wish_is_heard_within_bounds() {
    var attempt = new Attempt(CONFIG, new java.util.SplittableRandom(7), time -> time);
    for (int number = 1; number < 80; number++) {
      var whole = Math.min(60_000L, 1_000L << Math.min(number - 1, 20));
      var pause = attempt.pause(number, Optional.empty()).toMillis();
      assertThat(pause).isBetween(whole / 2, whole);
    }
    assertThat(attempt.pause(1, Optional.of(Duration.ofSeconds(40))))
        .isEqualTo(Duration.ofSeconds(40));
    assertThat(attempt.pause(1, Optional.of(Duration.ofDays(9)))).isEqualTo(Duration.ofMinutes(1));
  }
}
