package dev.lanyard.server.clients.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssertionStoreTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

  @Nested
  class InMemory extends AssertionStoreContract {
    private final AssertionStore store = new MemoryAssertionStore();

    @Override
    AssertionStore store() {
      return store;
    }
  }

  abstract static class Jdbc extends AssertionStoreContract {
    private final Database database;
    private final AssertionStore store;

    Jdbc(DatabaseConfig config) {
      database = Database.open(config, CLOCK);
      store = new JdbcAssertionStore(database.groupCommit(), new Issuer("https://ras.example"));
    }

    @AfterEach
    void close() {
      database.close();
    }

    @Override
    AssertionStore store() {
      return store;
    }

    @Test
    void another_server_has_its_own_clients() {
      var other =
          new JdbcAssertionStore(database.groupCommit(), new Issuer("https://broker.example"));
      var client = new ClientId("signer");
      assertThat(store.recordFirst(client, "a", CLOCK.instant())).isTrue();
      assertThat(other.recordFirst(client, "a", CLOCK.instant())).isTrue();
    }
  }

  @Nested
  class OnSqlite extends Jdbc {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Jdbc {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
