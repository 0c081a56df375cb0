package dev.lanyard.server.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// Empty databases of both kinds, for the contracts of stores.
///
/// ```java
/// class JdbcGrantStoreTest {
///   @Nested class OnSqlite extends GrantStoreContract {
///     OnSqlite(@TempDir Path folder) { super(TestDatabases.sqlite(folder)); }
///   }
///   @Nested class OnPostgres extends GrantStoreContract {
///     OnPostgres() { super(TestDatabases.postgres()); }
///   }
/// }
/// ```
public final class TestDatabases {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private TestDatabases() {}

  /// A new SQLite database in the folder.
  public static DatabaseConfig sqlite(Path folder) {
    return DatabaseConfig.sqlite(folder.resolve("lanyard-" + NEXT.incrementAndGet() + ".db"));
  }

  /// A new database on the one PostgreSQL server of this test run, which dies with it. The server
  /// is as durable as in production.
  public static DatabaseConfig postgres() {
    return Server.INSTANCE.newDatabase();
  }

  /// Started by the first test that needs it.
  private static final class Server {
    static final Server INSTANCE = new Server();

    private final EmbeddedPostgres postgres;

    private Server() {
      try {
        postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "64MB")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    DatabaseConfig newDatabase() {
      var name = "test" + NEXT.incrementAndGet();
      try (var connection = postgres.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
        return DatabaseConfig.of(postgres.getJdbcUrl("postgres", name));
      } catch (SQLException e) {
        throw new IllegalStateException("cannot create " + name, e);
      }
    }
  }
}
