package dev.lanyard.server.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A PostgreSQL of a test's own, with data in its folder: it can be stopped, killed, started again
/// and paused, as a process.
public final class PostgresProcess implements AutoCloseable {
  /// After a crash, beside other tests, on a slow machine.
  private static final Duration STARTING = Duration.ofMinutes(1);

  private final Path folder;
  private EmbeddedPostgres running;

  /// It alone starts and ends all others.
  private ProcessHandle main;

  private PostgresProcess(Path folder) {
    this.folder = folder;
    this.running = started(folder, 0);
    this.main = main(folder);
  }

  /// Starts one.
  ///
  /// @param folder for its data
  public static PostgresProcess start(Path folder) {
    return new PostgresProcess(folder);
  }

  private static EmbeddedPostgres started(Path folder, int port) {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(folder)
          .setCleanDataDirectory(false)
          .setPort(port)
          .setPGStartupWait(STARTING)
          .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log(folder).toFile()))
          .setServerConfig("fsync", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("synchronous_commit", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path log(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".log");
  }

  /// What it has said so far, over all its starts.
  public String log() {
    try {
      return Files.readString(log(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new database in it.
  public DatabaseConfig database(String name) {
    execute("CREATE DATABASE " + name);
    return DatabaseConfig.of(running.getJdbcUrl("postgres", name));
  }

  /// A new database in it, with all its tables in a folder elsewhere.
  public DatabaseConfig database(String name, Path elsewhere) {
    execute("CREATE TABLESPACE " + name + " LOCATION '" + elsewhere + "'");
    execute("CREATE DATABASE " + name + " TABLESPACE " + name);
    return DatabaseConfig.of(running.getJdbcUrl("postgres", name));
  }

  /// Moves its own log to a folder elsewhere, while it does not run.
  public void moveLog(Path elsewhere) throws IOException {
    var log = folder.resolve("pg_wal");
    try (var within = Files.list(log)) {
      for (var path : within.toList()) {
        if (Files.isDirectory(path)) {
          Files.delete(path);
          Files.createDirectory(elsewhere.resolve(path.getFileName()));
        } else {
          Files.move(path, elsewhere.resolve(path.getFileName()));
        }
      }
    }
    Files.delete(log);
    Files.createSymbolicLink(log, elsewhere);
  }

  /// Begins another segment of its log, for which there must be room. It ends if there is none.
  public void switchLog() {
    execute("SELECT pg_switch_wal()");
  }

  /// Starts it again if it has ended, as whoever supervises it would.
  public void supervise() throws IOException {
    if (!main.isAlive()) {
      running.close();
      startAgain();
    }
  }

  private void execute(String sql) {
    try (var connection = running.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Ends it in order, with everybody's connections.
  public void stop() throws IOException {
    running.close();
  }

  /// Ends it as a power cut would.
  public void kill() throws IOException, InterruptedException {
    var all = processes();
    signal("-KILL", all);
    main.onExit().join();
    running.close();
  }

  /// Starts it again, on the same data and the same port.
  public void startAgain() {
    running = started(folder, running.getPort());
    main = main(folder);
  }

  /// All its processes stand still; their connections stay.
  public void pause() throws IOException, InterruptedException {
    signal("-STOP", processes());
  }

  /// They go on.
  public void resume() throws IOException, InterruptedException {
    signal("-CONT", processes());
  }

  private static ProcessHandle main(Path folder) {
    try (var lines = Files.lines(folder.resolve("postmaster.pid"))) {
      return ProcessHandle.of(Long.parseLong(lines.findFirst().orElseThrow().strip()))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Long> processes() {
    var all = new ArrayList<>(List.of(main.pid()));
    main.descendants().map(ProcessHandle::pid).forEach(all::add);
    return all;
  }

  private static void signal(String signal, List<Long> processes)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("kill", signal));
    processes.forEach(pid -> command.add(String.valueOf(pid)));
    // One may have ended meanwhile, which is no reason to fail.
    var _ = new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
