package dev.lanyard.benchmarks.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL of its own on loopback that really waits for the disk, as in production, and that
/// has a log to write over, as every database has that is older than its first checkpoints.
public final class DurablePostgres implements AutoCloseable {
  /// The owner of every database.
  public static final String USER = "postgres";

  /// Where it writes which process it is.
  private static final String PID = "postmaster.pid";

  /// Of 16 MiB each, PostgreSQL's default: 1 GiB.
  private static final int LOG_SEGMENTS = 64;

  /// To go on after it was killed it reads its log again, and to end it writes what it has in
  /// memory.
  private static final Duration RECOVERY = Duration.ofMinutes(10);

  private final EmbeddedPostgres postgres;
  private final Path folder;

  private DurablePostgres(EmbeddedPostgres postgres, Path folder) {
    this.postgres = postgres;
    this.folder = folder;
  }

  /// @param folder for its data; made anew
  public static DurablePostgres start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /// @param settings more than it has anyhow
  public static DurablePostgres start(Path folder, Map<String, String> settings)
      throws IOException {
    // Whoever ended an earlier run from outside left it.
    delete(folder);
    return started(builder(folder, settings).setCleanDataDirectory(true).start(), folder, true);
  }

  /// Goes on with the data that is in a folder, and leaves it there; makes it if there is none.
  ///
  /// @param settings more than it has anyhow, of this run
  public static DurablePostgres keep(Path folder, Map<String, String> settings) throws IOException {
    endFormer(folder);
    boolean isNew = !Files.exists(folder.resolve("PG_VERSION"));
    var postgres =
        builder(folder, settings).setCleanDataDirectory(false).setPGStartupWait(RECOVERY).start();
    return started(postgres, folder, isNew);
  }

  /// One that was told to end may still be at it, and one whose driver was killed was not told.
  private static void endFormer(Path folder) throws IOException {
    if (Files.exists(folder.resolve(PID))) {
      var former = ProcessHandle.of(pid(folder)).filter(one -> worksIn(folder, one.pid()));
      if (former.isPresent()) {
        System.out.println("PostgreSQL of an earlier run ends first: " + former.get().pid());
        var _ = former.get().destroy();
        former
            .get()
            .onExit()
            .completeOnTimeout(former.get(), RECOVERY.toSeconds(), TimeUnit.SECONDS)
            .join();
        if (former.get().isAlive()) {
          throw new IOException("PostgreSQL of an earlier run does not end");
        }
      }
    }
  }

  /// Its number may be another process's by now, another database's too.
  private static boolean worksIn(Path folder, long pid) {
    try {
      return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), folder);
    } catch (IOException e) {
      return false;
    }
  }

  private static EmbeddedPostgres.Builder builder(Path folder, Map<String, String> settings) {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            // Both are off by default in this distribution, which is made for tests.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("min_wal_size", LOG_SEGMENTS * 16 + "MB")
            .setServerConfig("max_wal_size", "4GB");
    settings.forEach(builder::setServerConfig);
    return builder;
  }

  private static DurablePostgres started(EmbeddedPostgres postgres, Path folder, boolean isNew)
      throws IOException {
    var running = new DurablePostgres(postgres, folder);
    try {
      running.check("fsync");
      running.check("synchronous_commit");
      if (isNew) {
        running.fillLog();
      }
      return running;
    } catch (SQLException | RuntimeException e) {
      running.close();
      throw new IOException("PostgreSQL is not durable", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var within = Files.walk(folder)) {
        for (var path : within.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void check(String setting) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW " + setting)) {
      if (!row.next() || !row.getString(1).equals("on")) {
        throw new IllegalStateException(setting + " is off");
      }
    }
  }

  /// A new database makes each segment of its log when it needs it: all who wait for a commit then
  /// wait for 16 MiB of zeros. Later it writes over old ones, which is what is to be measured.
  private void fillLog() throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      for (var i = 0; i < LOG_SEGMENTS; i++) {
        statement.execute("SELECT pg_logical_emit_message(false, 'fill', '')");
        statement.execute("SELECT pg_switch_wal()");
      }
      statement.execute("CHECKPOINT");
    }
  }

  /// Makes an empty database.
  ///
  /// @return its JDBC URL, for [#USER] without a password
  public String create(String name) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return url(name);
  }

  /// The JDBC URL of a database.
  public String url(String name) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name;
  }

  /// The process that all its others descend from.
  public long pid() throws IOException {
    return pid(folder);
  }

  private static long pid(Path folder) throws IOException {
    try (var lines = Files.lines(folder.resolve(PID))) {
      return Long.parseLong(lines.findFirst().orElseThrow().trim());
    }
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      System.err.println("PostgreSQL did not stop: " + e.getMessage());
    }
  }
}
