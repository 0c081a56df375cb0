package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.pair.Soon;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What [ChangeFeed] promises, on whichever database.
abstract class ChangeFeedContract {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final Duration SOON = Duration.ofSeconds(10);

  final DatabaseConfig config;
  final Database one;
  final Database other;
  final List<Change> seen = new CopyOnWriteArrayList<>();

  ChangeFeedContract(DatabaseConfig config) {
    this.config = config.withFreshness(Duration.ofMillis(100), Duration.ofMillis(600));
    this.one = Database.open(this.config, CLOCK);
    this.other = Database.open(this.config, CLOCK);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  static Follower each(Consumer<Change> consumer) {
    return new Follower() {
      @Override
      public void follow(List<Change> changes, Reading record) {
        changes.forEach(consumer);
      }

      @Override
      public void reload(Reading record) {
        throw new AssertionError("nothing was removed");
      }
    };
  }

  /// Remembers what it was told, and how often it had to begin anew.
  static final class Memory implements Follower {
    final List<Change> followed = new CopyOnWriteArrayList<>();
    final List<Long> reloadedAt = new CopyOnWriteArrayList<>();

    @Override
    public void follow(List<Change> changes, Reading record) {
      followed.addAll(changes);
    }

    @Override
    public void reload(Reading record) {
      reloadedAt.add(
          record.read(connection -> {
            try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT MAX(seq) FROM change")) {
              rows.next();
              return rows.getLong(1);
            }
          }));
    }
  }

  static JsonObject body(int number) {
    return JsonObject.builder().put("number", number).build();
  }

  static long append(Database database, int number) {
    return database
        .write(connection -> database.changes().append(connection, "test", body(number)))
        .sequence();
  }

  @Nested
  @DisplayName("Every node learns every change, in the order of the commits")
  class Delivery {
    @Test
    void on_the_node_that_made_it_and_on_another() {
      var here = new CopyOnWriteArrayList<Change>();
      one.changes().follow("test", each(here::add));
      other.changes().follow("test", each(seen::add));

      long sequence = append(one, 7);
      one.changes().awaitApplied(sequence, SOON);
      other.changes().awaitApplied(sequence, SOON);

      assertThat(here).containsExactly(new Change(sequence, "test", body(7), NOW));
      assertThat(seen).isEqualTo(here);
    }

    @Test
    void also_after_one_for_which_a_follower_lacked_memory() {
      var first = new AtomicBoolean(true);
      one.changes()
          .follow(
              "test",
              each(change -> {
                if (first.getAndSet(false)) {
                  throw new OutOfMemoryError("of a test");
                }
                seen.add(change);
              }));

      append(other, 1);
      one.changes().awaitApplied(append(other, 2), SOON);

      assertThat(seen).extracting(Change::body).containsExactly(body(1), body(2));
      assertThat(one.endedThreads()).isEmpty();
    }

    @Test
    void only_of_the_kind_asked_for() {
      one.changes().follow("something else", each(seen::add));

      one.changes().awaitApplied(append(other, 1), SOON);

      assertThat(seen).isEmpty();
    }

    @Test
    void what_two_nodes_append_at_once_arrives_without_gap_and_once() throws Exception {
      one.changes().follow("test", each(seen::add));
      var work =
          IntStream.range(0, 100)
              .mapToObj(i -> (Callable<Long>) () -> append(i % 2 == 0 ? one : other, i))
              .toList();

      var sequences = GroupCommitContract.together(work);

      one.changes().awaitApplied(100, SOON);
      assertThat(sequences).doesNotHaveDuplicates();
      assertThat(seen)
          .extracting(Change::sequence)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void more_than_one_look_can_fetch() {
      one.changes().follow("test", each(seen::add));

      var last =
          other.write(connection -> {
            for (int i = 1; i < 1200; i++) {
              other.changes().append(connection, "test", body(i));
            }
            return other.changes().append(connection, "test", body(1200));
          });

      one.changes().awaitApplied(last, SOON);
      assertThat(seen)
          .extracting(Change::body)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 1200).mapToObj(ChangeFeedContract::body).toList());
    }

    @Test
    void what_needs_the_number_is_written_in_the_same_transaction() {
      var written =
          one.write(connection -> {
            var change = one.changes().append(connection, "test", body(1));
            assertThatThrownBy(change::sequence).isInstanceOf(IllegalStateException.class);
            one.changes()
                .onceNumbered(
                    connection,
                    writes ->
                        writes.write(
                            "UPDATE change SET kind = 'numbered ' || seq WHERE seq = ?",
                            change.sequence()));
            return change;
          });

      var kind =
          one.read(connection ->
              new Statements(connection).first("SELECT kind FROM change", row -> row.getString(1)));
      assertThat(kind).contains("numbered " + written.sequence());
    }

    @Test
    void what_needs_the_number_tells_nothing_more() {
      assertThatThrownBy(() ->
              one.write(connection -> {
                one.changes().append(connection, "test", body(1));
                one.changes()
                    .onceNumbered(
                        connection, _ -> one.changes().append(connection, "test", body(2)));
                return true;
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(append(one, 3)).isEqualTo(1);
    }

    @Test
    void nothing_is_appended_outside_of_a_transaction() {
      assertThatThrownBy(
              () -> one.read(connection -> one.changes().append(connection, "test", body(1))))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_change_whose_transaction_fails_never_was() {
      one.changes().follow("test", each(seen::add));

      assertThatThrownBy(() ->
              other.write(connection -> {
                other.changes().append(connection, "test", body(1));
                throw new IllegalStateException("after the append");
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("after the append");

      long next = append(other, 2);
      one.changes().awaitApplied(next, SOON);
      assertThat(next).isEqualTo(1);
      assertThat(seen).extracting(Change::body).containsExactly(body(2));
    }

    @Test
    void what_was_before_the_node_started_is_not_told_again() {
      append(one, 1);
      try (var late = Database.open(config, CLOCK)) {
        late.changes().follow("test", each(seen::add));
        late.changes().awaitApplied(append(one, 2), SOON);
      }
      assertThat(seen).extracting(Change::body).containsExactly(body(2));
    }
  }

  @Nested
  @DisplayName("A node that may have missed a change says that it is stale")
  class Staleness {
    @Test
    void a_node_that_follows_is_fresh_however_long_nothing_changes() throws Exception {
      Thread.sleep(config.staleAfter().plusMillis(200).toMillis());

      assertThat(one.changes().freshness()).isInstanceOf(Freshness.Fresh.class);
    }

    @Test
    void a_consumer_that_fails_gets_the_change_again_and_the_node_is_stale_meanwhile()
        throws Exception {
      var failures = new AtomicInteger(1_000_000);
      var delivered = new ArrayList<Change>();
      one.changes()
          .follow(
              "test",
              each(change -> {
                if (failures.getAndDecrement() > 0) {
                  throw new IllegalStateException("not now");
                }
                delivered.add(change);
              }));

      long sequence = append(other, 1);
      Soon.until(() -> one.changes().freshness() instanceof Freshness.Stale);
      failures.set(0);
      one.changes().awaitApplied(sequence, SOON);
      Soon.until(() -> one.changes().freshness() instanceof Freshness.Fresh);

      assertThat(delivered).hasSize(1);
    }

    @Test
    void waiting_for_a_change_that_does_not_come_ends() {
      assertThatThrownBy(() -> one.changes().awaitApplied(99, Duration.ofMillis(50)))
          .isInstanceOf(DatabaseException.class);
    }
  }

  @Nested
  @DisplayName("A node that slept for so long that changes were removed loads everything anew")
  class Gap {
    /// As after a long sleep: what comes next is not what comes after the last that it knows.
    private void sleepThrough(int changes) {
      one.write(connection -> {
        for (int i = 0; i < changes; i++) {
          one.changes().append(connection, "test", body(i));
        }
        one.changes()
            .onceNumbered(
                connection, writes -> writes.write("DELETE FROM change WHERE seq < ?", changes));
        return true;
      });
    }

    @Test
    void whoever_follows_is_told_to_reload_once_and_goes_on_from_there() {
      var memory = new Memory();
      other.changes().follow("test", memory);
      sleepThrough(5);
      other.changes().awaitApplied(5, SOON);
      assertThat(memory.reloadedAt).containsExactly(5L);
      assertThat(memory.followed).isEmpty();

      other.changes().awaitApplied(append(one, 6), SOON);
      assertThat(memory.reloadedAt).hasSize(1);
      assertThat(memory.followed).extracting(Change::body).containsExactly(body(6));
    }

    @Test
    void also_whoever_follows_another_kind_because_nobody_knows_what_is_gone() {
      var memory = new Memory();
      other.changes().follow("another", memory);
      sleepThrough(5);
      other.changes().awaitApplied(5, SOON);
      assertThat(memory.reloadedAt).containsExactly(5L);
    }

    @Test
    void a_gap_between_two_that_are_left_is_one_too() {
      var memory = new Memory();
      other.changes().follow("test", memory);
      one.write(connection -> {
        for (int i = 1; i <= 3; i++) {
          one.changes().append(connection, "test", body(i));
        }
        one.changes()
            .onceNumbered(connection, writes -> writes.write("DELETE FROM change WHERE seq = 2"));
        return true;
      });
      other.changes().awaitApplied(3, SOON);
      assertThat(memory.reloadedAt).containsExactly(3L);
    }

    @Test
    void old_changes_go_but_the_last_of_each_kind_stays() {
      append(one, 1);
      append(one, 2);
      one.write(connection -> one.changes().append(connection, "another", body(3)));
      append(one, 4);
      one.changes().awaitCurrent(SOON);
      other.changes().awaitCurrent(SOON);

      assertThat(one.changes().forget(NOW)).as("nothing is older").isZero();
      assertThat(one.changes().forget(NOW.plusMillis(1))).isEqualTo(2);
      assertThat(one.changes().forget(NOW.plusMillis(1))).isZero();
      assertThat(append(one, 5)).as("numbers go on").isEqualTo(5);
    }
  }
}
