package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SQLite: what is committed gets into the file beside the writers")
class CheckpointsTest {
  private static final RowKind AUDIT =
      RowKind.of("audit", "at", "type", "outcome", "correlation_id", "evidence");
  private static final long MEBIBYTE = 1024 * 1024;

  /// As long as eight pages.
  private static final String LONG = "x".repeat(32 * 1024);

  private Path file;
  private Database database;

  @BeforeEach
  void open(@TempDir Path folder) {
    var config = TestDatabases.sqlite(folder);
    file = config.sqliteFile();
    database = Database.open(config, InstantSource.system());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void commits(int times) {
    for (int i = 0; i < times; i++) {
      var row = new Row(AUDIT, Instant.EPOCH, "a.test", "success", "a-request", LONG);
      assertThat(database.groupCommit().commit(Unit.of(List.of(row)))).isEqualTo(Outcome.FIRST);
    }
  }

  private long log() throws IOException {
    return Files.size(Path.of(file + "-wal"));
  }

  private int records() {
    return database.read(connection ->
        new Statements(connection)
            .first("SELECT count(*) FROM audit WHERE type = 'a.test'", row -> row.getInt(1))
            .orElseThrow());
  }

  @Test
  void while_it_is_open() throws IOException {
    commits(600);
    Soon.until(() -> Files.size(file) > 12 * MEBIBYTE);
  }

  /// How much of the database the file does not have yet.
  private long notCopied() throws IOException {
    long pages =
        database.read(connection ->
            new Statements(connection)
                .first("PRAGMA page_count", row -> row.getLong(1))
                .orElseThrow());
    return pages * 4096 - Files.size(file);
  }

  @Test
  @DisplayName("and a log that is copied is written over: it does not grow with what was written")
  void the_log_begins_anew() throws IOException {
    // Without us SQLite would copy it when it has 64 MiB. Nobody writes faster than it is copied,
    // however
    // busy the machine is, and some commits are always left: then the writers pause.
    for (int i = 0; i < 12; i++) {
      commits(250);
      Soon.until(() -> notCopied() < 3 * MEBIBYTE);
    }
    assertThat(log()).isLessThan(48 * MEBIBYTE);
    assertThat(records()).isEqualTo(3_000);
  }

  @Test
  @DisplayName(
      "and what was deleted leaves the log as well, as soon as nobody reads what was before")
  void deleted_behind_a_long_reader() throws Exception {
    commits(3);
    database.forgetDeleted();
    Soon.until(() -> log() == 0);

    var read = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reader =
          threads.submit(() ->
              database.read(connection -> {
                var count = "SELECT count(*) FROM audit";
                var seen = new Statements(connection).first(count, row -> row.getInt(1));
                read.countDown();
                try {
                  done.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return seen;
              }));
      read.await();
      commits(3);
      database.forgetDeleted();
      assertThat(log()).isPositive();
      commits(1);
      done.countDown();
      assertThat(reader.get()).contains(3);
    }
    Soon.until(() -> log() == 0);
    assertThat(records()).isEqualTo(7);
  }

  @Test
  @DisplayName("whoever reads for long sees one state, and nobody waits for that")
  void a_long_reader() throws Exception {
    var read = new CountDownLatch(1);
    var written = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var seen =
          threads.submit(() ->
              database.read(connection -> {
                var count = "SELECT count(*) FROM audit WHERE type = 'a.test'";
                var statements = new Statements(connection);
                int before = statements.first(count, row -> row.getInt(1)).orElseThrow();
                read.countDown();
                try {
                  written.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return List.of(before, statements.first(count, row -> row.getInt(1)).orElseThrow());
              }));
      read.await();
      commits(1_100);
      written.countDown();
      assertThat(seen.get()).containsExactly(0, 0);
    }
    assertThat(records()).isEqualTo(1_100);
  }
}
