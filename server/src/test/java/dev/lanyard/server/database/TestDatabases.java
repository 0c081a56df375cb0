package dev.lanyard.server.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/// Databases of both kinds without a row, for the contracts of stores: copies of one that has the
/// tables, since making them takes longer than most tests.
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
    var config = emptySqlite(folder);
    try {
      Files.createDirectories(folder);
      Files.copy(SqliteTables.FILE, config.sqliteFile(), StandardCopyOption.COPY_ATTRIBUTES);
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One that is not there yet, and will get its tables when it is opened.
  static DatabaseConfig emptySqlite(Path folder) {
    return DatabaseConfig.sqlite(folder.resolve("lanyard-" + NEXT.incrementAndGet() + ".db"));
  }

  /// A new database on the one PostgreSQL server of this test run, which dies with it. It does not
  /// wait for the disk: that protects against the end of the machine, which no test brings about.
  public static DatabaseConfig postgres() {
    return Server.INSTANCE.newDatabase(Server.TABLES);
  }

  /// One without tables, which it will get when it is opened.
  static DatabaseConfig emptyPostgres() {
    return Server.INSTANCE.newDatabase("template1");
  }

  /// Cuts every connection to one PostgreSQL database and lets no new one in, until it is closed.
  public static Outage outage(DatabaseConfig config) {
    return new Outage(name(config));
  }

  private static String name(DatabaseConfig config) {
    return config.url().replaceFirst(".*/(test[0-9]+).*", "$1");
  }

  /// Cuts every connection to one PostgreSQL database and gives those that come a server that takes
  /// no writes, as a standby does, until it is closed. Connections that were made meanwhile stay as
  /// they are.
  static Failover failover(DatabaseConfig config) {
    return new Failover(config);
  }

  /// A database that takes no writes.
  static final class Failover implements AutoCloseable {
    private final String alter;

    private Failover(DatabaseConfig config) {
      alter = "ALTER DATABASE " + name(config);
      Server.INSTANCE.execute(alter + " SET default_transaction_read_only = on");
      outage(config).close();
    }

    @Override
    public void close() {
      Server.INSTANCE.execute(alter + " RESET default_transaction_read_only");
    }
  }

  /// A database that cannot be reached.
  public static final class Outage implements AutoCloseable {
    private final String name;

    private Outage(String name) {
      this.name = name;
      Server.INSTANCE.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
      Server.INSTANCE.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    @Override
    public void close() {
      Server.INSTANCE.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }
  }

  /// Made by the first test that needs it.
  private static final class SqliteTables {
    static final Path FILE = make();

    private static Path make() {
      try {
        var folder = Files.createTempDirectory("lanyard-tables");
        folder.toFile().deleteOnExit();
        var config = DatabaseConfig.sqlite(folder.resolve("tables.db"));
        Database.open(config, InstantSource.system()).close();
        try (var files = Files.list(folder)) {
          files.forEach(file -> file.toFile().deleteOnExit());
        }
        return config.sqliteFile();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Started by the first test that needs it.
  private static final class Server {
    static final String TABLES = "tables";
    static final Server INSTANCE = new Server();

    private final EmbeddedPostgres postgres;

    private Server() {
      try {
        postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("autovacuum", "off")
                // File by file it takes the end of the run ten seconds, and the next run removes
                // it, too.
                .setCleanDataDirectory(false)
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      execute("CREATE DATABASE " + TABLES);
      Database.open(config(TABLES), InstantSource.system()).close();
    }

    DatabaseConfig newDatabase(String template) {
      var name = "test" + NEXT.incrementAndGet();
      execute("CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY FILE_COPY");
      return config(name);
    }

    private DatabaseConfig config(String name) {
      return DatabaseConfig.of(postgres.getJdbcUrl("postgres", name));
    }

    void execute(String sql) {
      try (var connection = postgres.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }
  }
}
