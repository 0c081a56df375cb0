package dev.lanyard.server.signals.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Lease;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Shared Signals Framework 1.0: which node looks after a source")
class ListeningTest {
  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @Test
    @DisplayName("of several nodes one looks after a source; when it dies another does")
    void one_node_at_a_time() {
      var clock = new TestClock();
      try (var database = Database.open(config, clock)) {
        var now = clock.instant();
        var later = now.plusSeconds(60);

        boolean first = leased(database, "one", now);
        boolean second = leased(database, "two", now);
        boolean again = leased(database, "one", now.plusSeconds(30));
        boolean afterwards = leased(database, "two", later.plusSeconds(31));

        assertThat(List.of(first, second, again, afterwards))
            .containsExactly(true, false, true, true);
      }
    }

    @Test
    @DisplayName("what a node took by a clock that was ahead is anybody's when it is gone")
    void taken_by_a_clock_that_was_ahead() {
      var clock = new TestClock();
      try (var database = Database.open(config, clock)) {
        var now = InstantSource.system().instant();
        var wrong = now.plus(Duration.ofDays(1));
        boolean gone =
            database.write(connection -> {
              Listening.begin(connection, "leased", now);
              return Listening.lease(
                  connection, "leased", "gone", new Lease(wrong, wrong.plusSeconds(60), wrong));
            });
        assertThat(gone).isTrue();
        assertThat(leased(database, "one", now)).isTrue();
        assertThat(leased(database, "two", now)).isFalse();
      }
    }

    @Test
    @DisplayName("on PostgreSQL a node whose clock is behind takes nothing from the others")
    void wanted_by_a_clock_that_is_behind() {
      var clock = new TestClock();
      try (var database = Database.open(config, clock)) {
        if (database.time().isPresent()) {
          var now = InstantSource.system().instant();
          assertThat(leased(database, "one", now)).isTrue();
          assertThat(leased(database, "behind", now.minus(Duration.ofDays(1)))).isFalse();
          // What one takes that is a little behind is as long as any.
          database.write(connection -> Listening.lease(connection, "leased", "one", ended(now)));
          assertThat(leased(database, "little", now.minusSeconds(90))).isTrue();
          assertThat(leased(database, "one", now)).isFalse();
        }
      }
    }

    private static Lease ended(Instant now) {
      return new Lease(now, now.minusSeconds(100), now.plus(Duration.ofDays(1)));
    }

    private static boolean leased(Database database, String node, Instant now) {
      return database.write(connection -> {
        Listening.begin(connection, "leased", now);
        return Listening.lease(
            connection, "leased", node, database.lease(connection, now, Duration.ofSeconds(60)));
      });
    }
  }
}
