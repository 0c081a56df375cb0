package dev.lanyard.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What one of several nodes is to do")
class TurnsTest {
  abstract static class Contract {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClock clock = new TestClock();
    private final Database database;

    Contract(DatabaseConfig config) {
      this.database = Database.open(config, clock);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private boolean take(String what) {
      return Turns.take(database, what, HOUR, clock.instant());
    }

    @Test
    void one_of_several_takes_it_also_at_once_and_again_when_the_time_has_passed()
        throws InterruptedException {
      for (int turn = 0; turn < 2; turn++) {
        var taken = new AtomicInteger();
        AtOnce.run(
            4,
            () -> {
              if (take("a")) {
                taken.incrementAndGet();
              }
            });
        assertThat(taken).hasValue(1);
        assertThat(take("a")).isFalse();
        clock.advance(HOUR);
      }
      assertThat(take("b")).as("another thing").isTrue();
    }

    @Test
    @DisplayName("a clock that was far ahead keeps nobody from it")
    void a_beginning_in_the_future() {
      var ahead = clock.instant().plus(Duration.ofDays(300));
      assertThat(Turns.take(database, "a", HOUR, ahead)).isTrue();
      assertThat(take("a")).isTrue();
    }
  }

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
}
