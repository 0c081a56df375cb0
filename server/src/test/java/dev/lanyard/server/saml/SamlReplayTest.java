package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-12: an assertion is used once")
class SamlReplayTest {
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
    private static final Instant FORGET = Instant.parse("2026-11-23T10:00:00Z");

    private final DatabaseConfig config;
    private Database database;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, new TestClock());
    }

    @AfterEach
    void close() {
      database.close();
    }

    private boolean first(String issuer, String id) {
      return database.write(connection -> SamlReplay.first(connection, issuer, id, FORGET));
    }

    @Test
    void only_the_first_use_is_the_first() {
      assertThat(first("idp", "_1")).isTrue();
      assertThat(first("idp", "_1")).isFalse();
    }

    @Test
    void the_same_id_of_another_provider_is_another_assertion() {
      assertThat(first("one", "_2")).isTrue();
      assertThat(first("other", "_2")).isTrue();
      assertThat(first("one", "_2" + "x".repeat(10_000))).isTrue();
    }

    @Test
    void of_many_at_once_exactly_one_is_first() throws InterruptedException {
      var firsts = new AtomicInteger();
      AtOnce.run(
          8,
          () -> {
            if (first("idp", "_3")) {
              firsts.incrementAndGet();
            }
          });
      assertThat(firsts).hasValue(1);
    }
  }
}
