package dev.lanyard.server.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Duration WAIT = Duration.ofSeconds(1);

    OnPostgres() {
      super(TestDatabases.emptyPostgres());
    }

    /// Of requests that do not wait long for a connection.
    private static Database open(DatabaseConfig config) throws SQLException {
      return Database.open(
          new Postgres(config, Duration.ofSeconds(20), WAIT),
          config,
          GroupCommitContract.CLOCK,
          _ -> true);
    }

    @Test
    @DisplayName("An outage is a fault for every caller, and is got over without a restart")
    void outage() throws Exception {
      try (var database = open(config)) {
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
    @DisplayName("After a restart nobody is told of the connections that died with it")
    void stale_connections() throws Exception {
      try (var database = open();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        int many = config.connections();
        var all = new CyclicBarrier(many);
        Callable<Boolean> reading = () -> database.read(connection -> together(all, connection));
        for (var one : threads.invokeAll(Collections.nCopies(many, reading))) {
          assertThat(one.get()).isTrue();
        }

        TestDatabases.outage(config).close();

        all.reset();
        Callable<Boolean> writing =
            () -> {
              var again = new AtomicInteger();
              return database.write(connection ->
                  again.getAndIncrement() > 0 ? pid(connection) > 0 : together(all, connection));
            };
        for (var one : threads.invokeAll(Collections.nCopies(many, writing))) {
          assertThat(one.get()).isTrue();
        }
      }
    }

    /// All at once, so that each has a connection of its own.
    private static boolean together(CyclicBarrier all, Connection connection) throws SQLException {
      try {
        var _ = all.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
      return pid(connection) > 0;
    }

    private static int pid(Connection connection) throws SQLException {
      return new Statements(connection)
          .first("SELECT pg_backend_pid()", row -> row.getInt(1))
          .orElseThrow();
    }

    @Test
    @DisplayName("A transaction whose commit was cut is not run again: it may have happened")
    void a_cut_commit() throws Exception {
      try (var database = open()) {
        var runs = new AtomicInteger();

        assertThatThrownBy(() ->
                database.write(connection -> {
                  execute("SELECT pg_terminate_backend(" + pid(connection) + ", 5000)");
                  return runs.incrementAndGet();
                }))
            .isInstanceOf(DatabaseException.class);

        assertThat(runs).hasValue(1);
      }
    }

    @Test
    @DisplayName("Nor is one that tells the nodes something, though that takes the commit along")
    void a_cut_commit_that_tells_something() throws Exception {
      try (var database = open()) {
        var runs = new AtomicInteger();

        assertThatThrownBy(() ->
                database.write(connection -> {
                  var _ = database.changes().append(connection, "test", JsonObject.EMPTY);
                  execute("SELECT pg_terminate_backend(" + pid(connection) + ", 5000)");
                  return runs.incrementAndGet();
                }))
            .isInstanceOf(DatabaseException.class);

        assertThat(runs).hasValue(1);
      }
    }

    @Test
    @DisplayName("What was committed without an answer is there once, and the caller is told so")
    void a_lost_answer() throws Exception {
      try (var network = dev.lanyard.server.database.Proxy.to(config);
          var database = Database.open(network.through(config), GroupCommitContract.CLOCK)) {
        for (boolean needsNumber : List.of(false, true)) {
          var fact = needsNumber ? "second" : "first";
          var runs = new AtomicInteger();

          network.loseAnswerTo("COMMIT");
          assertThatThrownBy(() ->
                  database.write(connection -> {
                    runs.incrementAndGet();
                    GroupCommitContract.fact(fact).insert(connection);
                    var change = database.changes().append(connection, "test", JsonObject.EMPTY);
                    if (needsNumber) {
                      database
                          .changes()
                          .onceNumbered(
                              connection,
                              writes ->
                                  writes.write(
                                      "UPDATE change SET kind = 'numbered' WHERE seq = ?",
                                      change.sequence()));
                    }
                    return true;
                  }))
              .isInstanceOf(DatabaseException.class);

          assertThat(runs).hasValue(1);
          assertThat(GroupCommitContract.count(database, "deny", "value = '" + fact + "'"))
              .isEqualTo(1);
        }
        assertThat(GroupCommitContract.count(database, "change", "kind IN ('test', 'numbered')"))
            .isEqualTo(2);
      }
    }

    @Test
    @DisplayName("One that is cut again and again is a fault")
    void cut_again() throws Exception {
      try (var database = open()) {
        var runs = new AtomicInteger();

        assertThatThrownBy(() ->
                database.read(connection -> {
                  runs.incrementAndGet();
                  execute("SELECT pg_terminate_backend(" + pid(connection) + ", 5000)");
                  return pid(connection);
                }))
            .isInstanceOf(DatabaseException.class);

        assertThat(runs).hasValue(2);
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
    @DisplayName(
        "After a failover to a server that takes no writes health says so, and when there is a"
            + " primary again nothing has to be restarted")
    void a_server_that_takes_no_writes() throws Exception {
      try (var database = open()) {
        var unit = Unit.of(List.of(GroupCommitContract.fact("a")));
        try (var _ = TestDatabases.failover(config)) {
          // Ends with the connection that was cut.
          assertThatThrownBy(() -> database.write(this::another))
              .isInstanceOf(DatabaseException.class);
          fillPool(database);
          assertThatThrownBy(() -> database.groupCommit().commit(unit))
              .isInstanceOf(DatabaseException.class)
              .hasMessageContaining("read-only");
          assertThatThrownBy(() -> database.write(this::another))
              .isInstanceOf(DatabaseException.class)
              .hasMessageContaining("read-only");

          assertThat(database.refusals().seen().nowToo()).isTrue();
          assertThat(database.refusals().seen().transactions()).isEqualTo(3);
        }

        assertThat(database.groupCommit().commit(unit)).isEqualTo(Outcome.FIRST);
        assertThat(database.refusals().seen().nowToo()).isFalse();
        assertThat(database.<Boolean>write(this::another)).isTrue();
        assertThat(GroupCommitContract.count(database, "deny", "1 = 1")).isEqualTo(2);
      }
    }

    private boolean another(Connection connection) throws SQLException {
      GroupCommitContract.fact("another").insert(connection);
      return true;
    }

    /// Has every place of the pool taken by a connection of now.
    private void fillPool(Database database) throws Exception {
      var all = new CountDownLatch(config.connections());
      Callable<Boolean> read =
          () ->
              database.read(_ -> {
                all.countDown();
                try {
                  return all.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  throw new SQLException(e);
                }
              });
      assertThat(GroupCommitContract.together(Collections.nCopies(config.connections(), read)))
          .containsOnly(true);
    }

    @Test
    @DisplayName("Whom the database does not let in has one fault for all units, and says so")
    void no_connection_is_not_the_fault_of_units() throws Exception {
      try (var network = dev.lanyard.server.database.Proxy.to(config);
          var database = open(network.through(config))) {
        try (var _ = TestDatabases.outage(config)) {
          // Lost with the connection that was there.
          assertThatThrownBy(() -> database.groupCommit().commit(Unit.of(List.of())))
              .isInstanceOf(DatabaseException.class);
          long before = database.refusals().seen().transactions();
          var logins = network.conversations().size();
          var units = new ArrayList<GroupCommit.InFlight>();
          for (int i = 0; i < 200; i++) {
            units.add(database.groupCommit().begin(Unit.of(List.of())));
          }
          assertThat(units)
              .allSatisfy(
                  unit -> assertThatThrownBy(unit::outcome).isInstanceOf(DatabaseException.class));

          assertThat(database.refusals().seen().transactions()).isEqualTo(before + 200);
          assertThat(network.conversations().size() - logins).isLessThan(100);

          // A login that fails for a reason of its own, by way of the pool.
          assertThatThrownBy(() -> database.write(this::another))
              .isInstanceOf(DatabaseException.class);
          assertThat(database.refusals().seen().transactions()).isEqualTo(before + 201);
        }
      }
    }

    @Test
    @DisplayName("Whoever migrates may take longer than a request may wait, and others wait for it")
    void a_migration_takes_its_time() throws Exception {
      var silence = Duration.ofSeconds(1);
      try (var first = DriverManager.getConnection(config.url());
          var statement = first.createStatement();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        statement.execute("SELECT pg_advisory_lock(" + Postgres.MIGRATION_LOCK + ")");
        var engine = new Postgres(config, silence, WAIT);
        try {
          var second =
              threads.submit(() -> {
                engine.migrate();
                return true;
              });
          assertThatThrownBy(() -> second.get(silence.toMillis() * 2, TimeUnit.MILLISECONDS))
              .isInstanceOf(TimeoutException.class);
          statement.execute("SELECT pg_advisory_unlock(" + Postgres.MIGRATION_LOCK + ")");

          assertThat(second.get()).isTrue();
          assertThat(engine.<Boolean>read(Migrations::areApplied)).isTrue();
        } finally {
          engine.close();
        }
      }
    }

    @Test
    @DisplayName("A script that takes longer than a request may wait is applied")
    void a_slow_script() throws Exception {
      execute(
          """
          CREATE SCHEMA elsewhere;
          CREATE FUNCTION elsewhere.slow() RETURNS event_trigger LANGUAGE plpgsql
            AS $$ BEGIN IF tg_tag = 'CREATE TABLE' THEN PERFORM pg_sleep(2); DROP EVENT TRIGGER slow; END IF; END $$;
          CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION elsewhere.slow();
          """);
      var engine = new Postgres(config, Duration.ofSeconds(1), WAIT);
      try {
        engine.migrate();

        assertThat(engine.<Boolean>read(Migrations::areApplied)).isTrue();
      } finally {
        engine.close();
      }
    }

    @Test
    @DisplayName("A commit is durable before it is answered, whatever the server's default is")
    void asynchronous_commit_is_not_used() throws Exception {
      execute(
          "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit"
              + " = off'; END $$");
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
    @DisplayName("A secret in the URL is refused, and the message does not repeat it")
    void a_secret_in_the_url() {
      for (var name : List.of("password", "sslpassword")) {
        var url = "jdbc:postgresql://db.example/lanyard?user=lanyard&" + name + "=wombat";
        assertThatThrownBy(() -> DatabaseConfig.of(url))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("password")
            .message()
            .doesNotContain("wombat");
      }
      assertThatThrownBy(() -> DatabaseConfig.of("jdbc:postgresql://db/lanyard?password=wombat"))
          .hasMessageContaining("database.password_file");
    }

    @Test
    @DisplayName("What a message names is the URL without its parameters")
    void parameters_are_not_told() {
      var config = DatabaseConfig.of("jdbc:postgresql://127.0.0.1:1/none?sslkey=wombat");

      assertThatThrownBy(() -> Database.open(config, GroupCommitContract.CLOCK))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/none")
          .message()
          .doesNotContain("wombat");
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
