package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Soon;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
  @Nested
  class OnSqlite extends ChangeFeedContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Test
  @DisplayName(
      "A machine that was suspended knows at once that it may have missed something, and a clock"
          + " that is set back hides nothing")
  void by_two_clocks(@TempDir Path folder) throws Exception {
    // Nobody looks in between, but who is woken.
    var config =
        TestDatabases.sqlite(folder).withFreshness(Duration.ofHours(1), Duration.ofHours(2));
    var wall = new AtomicReference<>(ChangeFeedContract.NOW);
    Database.open(config, ChangeFeedContract.CLOCK).close();
    var engine = new Sqlite(config);
    var asked = new AtomicInteger();
    InstantSource counted =
        () -> {
          asked.incrementAndGet();
          return wall.get();
        };
    try (var changes = new ChangeFeed(engine, config, ChangeFeedContract.CLOCK, counted)) {
      // At its beginning, and at the first look.
      Soon.until(() -> asked.get() >= 2);
      assertThat(changes.freshness()).isInstanceOf(Freshness.Fresh.class);

      wall.set(ChangeFeedContract.NOW.plus(Duration.ofHours(3)));
      assertThat(changes.freshness())
          .isEqualTo(new Freshness.Stale(ChangeFeedContract.NOW.minus(changes.age())));
      assertThat(changes.age()).isEqualTo(Duration.ofHours(3));

      wall.set(ChangeFeedContract.NOW.minus(Duration.ofHours(3)));
      assertThat(changes.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
      assertThat(changes.freshness()).isInstanceOf(Freshness.Fresh.class);

      wall.set(ChangeFeedContract.NOW.plus(Duration.ofHours(3)));
      Soon.until(() -> {
        changes.wake();
        return changes.freshness() instanceof Freshness.Fresh;
      });
    } finally {
      engine.close();
    }
  }

  @Nested
  class OnPostgres extends ChangeFeedContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    private Connection outside() throws SQLException {
      return DriverManager.getConnection(config.url());
    }

    @Test
    @DisplayName("While a transaction that tells of something goes on, others tell and commit")
    void nobody_waits_for_the_rest_of_a_transaction() {
      one.changes().follow("test", ChangeFeedContract.each(seen::add));

      var slow =
          one.write(connection -> {
            var change = one.changes().append(connection, "test", body(1));
            assertThat(append(other, 2)).isEqualTo(1);
            return change;
          });

      assertThat(slow.sequence()).isEqualTo(2);
      one.changes().awaitApplied(slow, SOON);
      assertThat(seen).extracting(Change::body).containsExactly(body(2), body(1));
    }

    /// What a node that crashed between its commit and the notification leaves, or a lost packet.
    @Test
    @DisplayName("A change without its notification is found by looking")
    void a_lost_notification_only_delays() throws Exception {
      one.changes().follow("test", ChangeFeedContract.each(seen::add));
      try (var connection = outside();
          var statement = connection.createStatement()) {
        statement.execute("INSERT INTO change (seq, kind, body, at) VALUES (1, 'test', '{}', 0)");
      }

      one.changes().awaitApplied(1, SOON);

      assertThat(seen).hasSize(1);
    }

    @Test
    @DisplayName("A listener whose connection is cut catches up on a new one")
    void cut_connections_are_opened_again() throws Exception {
      one.changes().follow("test", ChangeFeedContract.each(seen::add));
      long last = 0;
      for (int round = 0; round < 3; round++) {
        terminateOthers();
        last = appendAgainstCuts(other, round);
      }

      one.changes().awaitApplied(last, SOON);
      Soon.until(() -> one.changes().freshness() instanceof Freshness.Fresh);

      assertThat(seen).extracting(Change::sequence).containsExactly(1L, 2L, 3L);
    }

    /// The pool of that node was cut too: it is told, and tries again.
    private static long appendAgainstCuts(Database database, int number) throws Exception {
      while (true) {
        try {
          return append(database, number);
        } catch (DatabaseException e) {
          Thread.sleep(20);
        }
      }
    }

    @Test
    @DisplayName("After a failover that took changes back, every node hears of those that follow")
    void what_a_failover_took_back() throws Exception {
      var here = followedToTheFifth(one);
      var there = followedToTheFifth(other);
      takeBack("seq > 2");
      // It starts on what is left, and takes numbers that the others know of other changes.
      try (var late = Database.open(config, CLOCK)) {
        assertThat(append(late, 6)).isEqualTo(3);
        TestDatabases.outage(config).close();

        Soon.until(() -> !here.reloadedAt.isEmpty() && !there.reloadedAt.isEmpty());
        var last = appendAgainstCuts(late, 7);
        for (var database : List.of(one, other, late)) {
          database.changes().awaitApplied(last, SOON);
        }

        assertThat(last).as("above every number that was known").isGreaterThan(6);
        assertThat(here.followed).extracting(Change::body).endsWith(body(7));
        assertThat(there.followed).extracting(Change::body).endsWith(body(7));
        assertThat(GroupCommitContract.count(late, "change", "kind = 'setback'")).isEqualTo(1);
      }
    }

    @Test
    @DisplayName("Also a node whose numbers were given again, and more, before it was back")
    void numbers_that_were_given_again() throws Exception {
      try (var network = Proxy.to(config);
          var far = Database.open(network.through(config), CLOCK)) {
        var memory = followedToTheFifth(far);
        far.changes().awaitApplied(5, SOON);
        network.cut();
        takeBack("seq > 2");
        try (var late = Database.open(config, CLOCK)) {
          for (int i = 0; i < 10; i++) {
            append(late, 10 + i);
          }
          network.mend();
          Soon.until(() -> !memory.reloadedAt.isEmpty());

          assertThat(memory.reloadedAt.getFirst()).as("behind a gap").isGreaterThan(13L);
          assertThat(GroupCommitContract.count(late, "change", "kind = 'setback'")).isEqualTo(1);
        }
      }
    }

    @Test
    @DisplayName("A node that is ahead of the record itself gives no number a second time")
    void whoever_is_ahead_leaves_a_gap() throws Exception {
      followedToTheFifth(one);
      var memory = followedToTheFifth(other);
      takeBack("seq > 2");

      // Their connections stand: nothing but the number tells them.
      other.changes().awaitApplied(append(one, 6), SOON);

      assertThat(memory.reloadedAt).containsExactly(7L);
    }

    @Test
    @DisplayName("What was forgotten because it was old is no setback")
    void a_long_sleep() throws Exception {
      var wall = new AtomicReference<>(NOW);
      try (var network = Proxy.to(config)) {
        var engine = new Postgres(network.through(config));
        try (var asleep = new ChangeFeed(engine, network.through(config), wall::get, wall::get)) {
          var memory = new Memory();
          asleep.follow("test", memory);
          asleep.awaitApplied(append(one, 1), SOON);
          network.cut();
          wall.set(NOW.plus(Duration.ofHours(25)));
          append(one, 2);
          append(one, 3);
          assertThat(one.changes().forget(NOW.plusSeconds(1))).isPositive();
          network.mend();

          Soon.until(() -> !memory.reloadedAt.isEmpty());
          assertThat(GroupCommitContract.count(one, "change", "kind = 'setback'")).isZero();
        } finally {
          engine.close();
        }
      }
    }

    @Test
    @DisplayName("A connection that is opened again to the same record loads nothing anew")
    void the_same_record() throws Exception {
      var memory = followedToTheFifth(one);
      TestDatabases.outage(config).close();

      one.changes().awaitApplied(appendAgainstCuts(other, 6), SOON);

      assertThat(memory.reloadedAt).isEmpty();
      assertThat(memory.followed).extracting(Change::body).endsWith(body(6));
    }

    private Memory followedToTheFifth(Database database) {
      var memory = new Memory();
      database.changes().follow("test", memory);
      long head = GroupCommitContract.count(database, "change", "1 = 1");
      for (long i = head; i < 5; i++) {
        append(database, (int) i + 1);
      }
      one.changes().awaitApplied(5, SOON);
      other.changes().awaitApplied(5, SOON);
      return memory;
    }

    /// As a standby is that was promoted before it had the last of them.
    private void takeBack(String which) throws SQLException {
      try (var connection = outside();
          var statement = connection.createStatement()) {
        statement.execute("DELETE FROM change WHERE " + which);
      }
    }

    @Test
    @DisplayName("A node that cannot reach the database turns stale, and fresh again when it can")
    void cut_for_long() throws Exception {
      try (var _ = TestDatabases.outage(config)) {
        Soon.until(() -> one.changes().freshness() instanceof Freshness.Stale);
      }
      Soon.until(() -> one.changes().freshness() instanceof Freshness.Fresh);
    }

    private void terminateOthers() throws SQLException {
      try (var connection = outside();
          var statement = connection.createStatement()) {
        statement.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);
      }
    }
  }
}
