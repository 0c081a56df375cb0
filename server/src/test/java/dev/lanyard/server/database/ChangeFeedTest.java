package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
    try (var changes = new ChangeFeed(engine, config, ChangeFeedContract.CLOCK, wall::get)) {
      assertThat(changes.freshness()).isInstanceOf(Freshness.Fresh.class);

      wall.set(ChangeFeedContract.NOW.plus(Duration.ofHours(3)));
      assertThat(changes.freshness())
          .isEqualTo(new Freshness.Stale(ChangeFeedContract.NOW.minus(changes.age())));
      assertThat(changes.age()).isEqualTo(Duration.ofHours(3));

      wall.set(ChangeFeedContract.NOW.minus(Duration.ofHours(3)));
      assertThat(changes.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
      assertThat(changes.freshness()).isInstanceOf(Freshness.Fresh.class);

      wall.set(ChangeFeedContract.NOW.plus(Duration.ofHours(3)));
      ChangeFeedContract.await(() -> {
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
        last = appendAgainstCuts(round);
      }

      one.changes().awaitApplied(last, SOON);
      await(() -> one.changes().freshness() instanceof Freshness.Fresh);

      assertThat(seen).extracting(Change::sequence).containsExactly(1L, 2L, 3L);
    }

    /// The pool of the other node was cut too: it is told, and tries again.
    private long appendAgainstCuts(int round) throws Exception {
      while (true) {
        try {
          return append(other, round);
        } catch (DatabaseException e) {
          Thread.sleep(20);
        }
      }
    }

    @Test
    @DisplayName("A node that cannot reach the database turns stale, and fresh again when it can")
    void cut_for_long() throws Exception {
      try (var _ = TestDatabases.outage(config)) {
        await(() -> one.changes().freshness() instanceof Freshness.Stale);
      }
      await(() -> one.changes().freshness() instanceof Freshness.Fresh);
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
