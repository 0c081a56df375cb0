package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A foreign process holds the write lock of the embedded database")
class ForeignLockTest {
  private static final Duration BOUND = Duration.ofSeconds(6);
  private static final RowKind PROOF =
      RowKind.of("dpop_proof", "key_thumbprint", "proof_id", "forget_after");

  @TempDir Path folder;

  @Test
  void whoever_waits_is_told_so_within_seconds_and_served_when_the_lock_is_gone()
      throws SQLException, InterruptedException, ExecutionException {
    var config = TestDatabases.sqlite(folder);
    try (var database = Database.open(config, InstantSource.system());
        var foreign = DriverManager.getConnection(config.url());
        var statement = foreign.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      var waited = waited(database, 4);
      assertThat(waited).hasSize(4).allMatch(time -> time.compareTo(BOUND) < 0);
      statement.execute("ROLLBACK");

      assertThat(database.groupCommit().commit(unit("after"))).isEqualTo(Outcome.FIRST);
    }
  }

  private static Unit unit(String id) {
    return Unit.of(List.of(new Row(PROOF, "key", id, 1L)));
  }

  /// How long each of several units waited to be told that it is not durable.
  private static List<Duration> waited(Database database, int units)
      throws InterruptedException, ExecutionException {
    var calls = new ArrayList<Callable<Duration>>();
    for (int i = 0; i < units; i++) {
      var unit = unit("during-" + i);
      calls.add(() -> waited(database, unit));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waited = new ArrayList<Duration>();
      for (var wait : threads.invokeAll(calls)) {
        waited.add(wait.get());
      }
      return waited;
    }
  }

  private static Duration waited(Database database, Unit unit) {
    long begun = System.nanoTime();
    try {
      throw new AssertionError("committed as " + database.groupCommit().commit(unit));
    } catch (DatabaseException e) {
      return Duration.ofNanos(System.nanoTime() - begun);
    }
  }
}
