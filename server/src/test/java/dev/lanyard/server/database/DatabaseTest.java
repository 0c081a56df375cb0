package dev.lanyard.server.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  /// Opening, transactions and migrations, on whichever database.
  abstract static class Contract {
    final DatabaseConfig config;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    Database open() {
      return Database.open(config, GroupCommitContract.CLOCK);
    }

    void execute(String sql) throws SQLException {
      try (var connection = DriverManager.getConnection(config.url());
          var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Test
    @DisplayName("Nodes that start at once on an empty database all come up on the same tables")
    void concurrent_first_start() throws Exception {
      var opened =
          GroupCommitContract.together(Collections.nCopies(4, (Callable<Database>) this::open));

      for (var database : opened) {
        database
            .groupCommit()
            .commit(Unit.of(List.of(GroupCommitContract.fact("f" + opened.indexOf(database)))));
      }
      assertThat(GroupCommitContract.count(opened.getFirst(), "deny", "1 = 1")).isEqualTo(4);
      assertThat(GroupCommitContract.count(opened.getFirst(), "flyway_schema_history", "success"))
          .isEqualTo(Migrations.SCRIPTS.size());
      opened.forEach(Database::close);
    }

    @Test
    @DisplayName("What Flyway recorded is recognised without Flyway, checksums included")
    void recorded_scripts_are_recognised() {
      try (var database = open()) {
        assertThat(database.<Boolean>read(Migrations::areApplied)).isTrue();
      }
    }

    @Test
    @DisplayName("A script that is not the one that was applied stops the start")
    void a_changed_script_stops_the_start() throws Exception {
      open().close();
      execute("UPDATE flyway_schema_history SET checksum = checksum + 1");

      assertThatThrownBy(this::open)
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("checksum");
    }

    @Test
    @DisplayName("A database of a newer version stops the start")
    void a_newer_database_stops_the_start() throws Exception {
      open().close();
      execute(
          """
          INSERT INTO flyway_schema_history
          SELECT 99, '99', 'future', 'SQL', 'V99__future.sql', 1, installed_by, installed_on, 1, success
          FROM flyway_schema_history WHERE version = '1'
          """);

      assertThatThrownBy(this::open)
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("newer version")
          .hasMessageContaining("V99__future.sql");
    }

    @Test
    @DisplayName("A transaction that throws leaves nothing")
    void a_failed_transaction_leaves_nothing() {
      try (var database = open()) {
        assertThatThrownBy(() ->
                database.write(connection -> {
                  GroupCommitContract.fact("a").insert(connection);
                  throw new SQLException("then this");
                }))
            .isInstanceOf(DatabaseException.class)
            .hasMessageContaining("then this");

        assertThat(GroupCommitContract.count(database, "deny", "1 = 1")).isZero();
        database.<Boolean>write(connection -> {
          GroupCommitContract.fact("a").insert(connection);
          return true;
        });
        assertThat(GroupCommitContract.count(database, "deny", "1 = 1")).isEqualTo(1);
      }
    }
  }

  @Nested
  class OnSqlite extends Contract {
    private final Path folder;

    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.emptySqlite(folder.resolve("new/data")));
      this.folder = folder;
    }

    @Test
    @DisplayName("The files are their owner's alone")
    void file_permissions() throws IOException {
      try (var database = open()) {
        database.groupCommit().commit(Unit.of(List.of(GroupCommitContract.fact("a"))));
        try (var files = Files.list(config.sqliteFile().getParent())) {
          assertThat(files.filter(file -> !file.toString().endsWith(".migration")))
              .isNotEmpty()
              .allSatisfy(file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
        }
      }
    }

    @Test
    @DisplayName("A full disk is a fault for the caller, leaves nothing, and is got over")
    void disk_full() throws SQLException {
      open().close();
      var full = new AtomicBoolean(true);
      var engine = new Sqlite(config);
      var clock = GroupCommitContract.CLOCK;
      var refusals = new Refusals(clock);
      try (var groupCommit = new GroupCommit(onFullDisk(engine, full), refusals, clock)) {
        var large = GroupCommitContract.note("x".repeat(2_000_000), Optional.empty());
        var unit = GroupCommitContract.claiming("a", large, large);

        assertThatThrownBy(() -> groupCommit.commit(unit))
            .isInstanceOf(DatabaseException.class)
            .hasMessageContaining("full");
        var refused = refusals.seen();
        assertThat(refused.transactions()).isEqualTo(1);
        assertThat(refused.nowToo()).isTrue();

        full.set(false);
        assertThat(groupCommit.commit(unit)).as("the claim was not kept").isEqualTo(Outcome.FIRST);
        assertThat(refusals.seen().nowToo()).isFalse();
      } finally {
        engine.close();
      }
    }

    /// SQLite answers the same when it may not use more pages as when the disk has none.
    private static Engine onFullDisk(Engine engine, AtomicBoolean full) {
      return (Engine)
          Proxy.newProxyInstance(
              Engine.class.getClassLoader(),
              new Class<?>[] {Engine.class},
              (_, method, arguments) -> {
                try {
                  var result = method.invoke(engine, arguments);
                  if (full.get() && result instanceof Connection connection) {
                    try (var statement = connection.createStatement()) {
                      statement.execute("PRAGMA max_page_count = 100");
                    }
                  }
                  return result;
                } catch (InvocationTargetException e) {
                  throw requireNonNull(e.getCause());
                }
              });
    }

    @Test
    @DisplayName("A file that is no database is named")
    void not_a_database() throws IOException {
      var file = folder.resolve("text.db");
      Files.writeString(file, "this is no database, but long enough to be looked at".repeat(100));

      assertThatThrownBy(
              () -> Database.open(DatabaseConfig.sqlite(file), GroupCommitContract.CLOCK))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("text.db");
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.emptyPostgres());
    }

    @Test
    @DisplayName("An outage is a fault for every caller, and is got over without a restart")
    void outage() throws Exception {
      try (var database = open()) {
        var before =
            GroupCommitContract.claiming(
                "a", GroupCommitContract.fact("a"), GroupCommitContract.fact("b"));
        assertThat(database.groupCommit().commit(before)).isEqualTo(Outcome.FIRST);

        try (var _ = TestDatabases.outage(config)) {
          var during = Unit.of(List.of(GroupCommitContract.fact("during")));
          assertThatThrownBy(() -> database.groupCommit().commit(during))
              .isInstanceOf(DatabaseException.class);
          assertThatThrownBy(() -> GroupCommitContract.count(database, "deny", "1 = 1"))
              .isInstanceOf(DatabaseException.class);
        }

        var after = Unit.of(List.of(GroupCommitContract.fact("after")));
        assertThat(database.groupCommit().commit(after)).isEqualTo(Outcome.FIRST);
        assertThat(GroupCommitContract.count(database, "deny", "value = 'during'")).isZero();
        assertThat(GroupCommitContract.count(database, "deny", "value = 'after'")).isEqualTo(1);
      }
    }

    @Test
    @DisplayName(
        "A cut during a rest is not even noticed: the claim asks first, nothing was finished")
    void a_cut_while_nobody_came() throws Exception {
      var now = new AtomicReference<>(GroupCommitContract.CLOCK.instant());
      try (var database = Database.open(config, now::get)) {
        var fact = GroupCommitContract.fact("a");
        database.groupCommit().commit(GroupCommitContract.claiming("a", fact, fact));
        TestDatabases.outage(config).close();
        now.updateAndGet(then -> then.plusSeconds(1));

        var next = GroupCommitContract.fact("b");
        assertThat(database.groupCommit().commit(GroupCommitContract.claiming("b", next, next)))
            .isEqualTo(Outcome.FIRST);
      }
    }

    @Test
    @DisplayName("A unit whose commit was under way at the cut is a fault, the next one is not")
    void a_cut_while_committing() throws Exception {
      try (var database = open()) {
        database.groupCommit().commit(Unit.of(List.of(GroupCommitContract.fact("a"))));
        TestDatabases.outage(config).close();

        var lost = Unit.of(List.of(GroupCommitContract.fact("b")));
        assertThatThrownBy(() -> database.groupCommit().commit(lost))
            .isInstanceOf(DatabaseException.class);
        assertThat(database.groupCommit().commit(Unit.of(List.of(GroupCommitContract.fact("c")))))
            .isEqualTo(Outcome.FIRST);
      }
    }

    @Test
    @DisplayName("A commit is durable before it is answered, whatever the server's default is")
    void asynchronous_commit_is_not_used() throws Exception {
      execute(
          "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$");
      try (var database = open()) {
        var setting =
            database.write(connection -> {
              try (var rows =
                  connection.createStatement().executeQuery("SHOW synchronous_commit")) {
                rows.next();
                return rows.getString(1);
              }
            });
        assertThat(setting).isEqualTo("on");
      }
    }
  }

  @Nested
  @DisplayName("The configuration says what is wrong with it")
  class Configuration {
    @Test
    void another_database() {
      assertThatThrownBy(() -> DatabaseConfig.of("jdbc:h2:mem:x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("database.url");
    }

    @Test
    void a_bound_that_the_poll_cannot_keep() {
      var config = DatabaseConfig.of("jdbc:sqlite:x");

      assertThatThrownBy(() -> config.withFreshness(Duration.ofSeconds(1), Duration.ofSeconds(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stale_after");
    }

    @Test
    void an_unreachable_server() {
      var config = DatabaseConfig.of("jdbc:postgresql://127.0.0.1:1/none");

      assertThatThrownBy(() -> Database.open(config, GroupCommitContract.CLOCK))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    @DisplayName("Every script of the folder is known to the check that keeps Flyway away")
    void scripts() throws IOException, URISyntaxException {
      var folder = Path.of(Migrations.class.getResource("/db/migration").toURI());
      try (var files = Files.list(folder)) {
        assertThat(files.map(file -> file.getFileName().toString()).sorted())
            .containsExactlyElementsOf(Migrations.SCRIPTS.stream().sorted().toList());
      }
    }
  }
}
