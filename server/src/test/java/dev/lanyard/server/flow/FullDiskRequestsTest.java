package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.WriteWatch;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.PostgresProcess;
import dev.lanyard.server.database.SmallDisk;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.transparency.TransparencyLog;
import dev.lanyard.server.transparency.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database is on a file system of a few mebibytes, which is filled to the last octet.
@DisplayName("Issue 8, bad input: a full disk. 503, an alarm, nothing granted that is not recorded")
@Tag("thorough")
@Tag("mount")
class FullDiskRequestsTest {
  private static final int MEBIBYTES = 64;

  /// More than the pool has.
  private static final int CONNECTIONS = 50;

  abstract static class Contract {
    @TempDir private Path folder;
    private SmallDisk disk;
    private Pair pair;
    private Desk desk;
    private Assertions assertions;

    abstract DatabaseConfig database(SmallDisk disk, Path folder) throws IOException;

    /// Uses up what the database has put by.
    void press() {}

    /// What was recorded, if the database still tells.
    boolean isReadable() {
      return true;
    }

    /// The first answer when there is room again.
    Answer afterwards(Supplier<Answer> request) throws IOException {
      return request.get();
    }

    @BeforeEach
    void start() throws IOException {
      disk = SmallDisk.mount(folder.resolve("small"), MEBIBYTES);
      pair = Pair.start(Setup.on(database(disk, folder), folder), folder);
      pair.person("alice", "engineering");
      desk = new Desk(pair);
      assertions = new Assertions(pair, "alice");
    }

    @AfterEach
    void stop() throws IOException {
      if (disk != null) {
        try {
          pair.close();
          end();
        } finally {
          disk.close();
        }
      }
    }

    void end() throws IOException {}

    private String idJag() {
      return assertions.signed(assertions.claims(World.LINEAR, "issues.read").build());
    }

    /// A connection from before a restart, of which the pool does not know yet, is found out by its
    /// first use.
    private long count(String table) {
      for (int tried = 1; ; tried++) {
        try {
          return counted(table);
        } catch (DatabaseException e) {
          if (tried == CONNECTIONS) {
            throw e;
          }
        }
      }
    }

    private long counted(String table) {
      return pair.database.read(connection ->
          new Statements(connection)
              .first("SELECT COUNT(*) FROM " + table, rows -> rows.getLong(1))
              .orElseThrow());
    }

    private long recorded() {
      return count("audit WHERE type = 'token.redeem' AND outcome = 'success'");
    }

    private List<String> alarms() {
      return new Alarms(pair.database)
          .standing().stream()
              .filter(one -> one.alarm().kind().equals(WriteWatch.ALARM))
              .map(one -> one.alarm().detail())
              .toList();
    }

    @Test
    @DisplayName("Whoever is answered has what is recorded; with room it goes on by itself")
    void full() throws IOException {
      assertThat(desk.redeem(idJag()).status()).isEqualTo(200);
      disk.fill();

      int granted = 1;
      String idJag;
      Answer answer;
      do {
        press();
        idJag = idJag();
        answer = desk.redeem(idJag);
        granted += answer.status() == 200 ? 1 : 0;
      } while (answer.status() == 200);

      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
      assertThat(answer.header("Retry-After")).isPresent();
      assertThat(answer.body()).doesNotContain("space", "SQL", "disk");
      if (isReadable()) {
        assertThat(recorded()).isEqualTo(granted);
        assertThat(count("ras_grant")).isEqualTo(granted);
      }
      assertThat(pair.database.refusals().seen().nowToo()).isTrue();

      disk.makeRoom();
      // What was refused so was not used up.
      var unused = idJag;
      assertThat(afterwards(() -> desk.redeem(unused)).status()).isEqualTo(200);

      assertThat(recorded()).isEqualTo(granted + 1);
      assertThat(count("ras_grant")).isEqualTo(granted + 1);
      assertThat(pair.database.refusals().seen().nowToo()).isFalse();
      var watch = new WriteWatch(pair.database);
      watch.look();
      watch.look();
      assertThat(alarms())
          .singleElement()
          .asString()
          .contains("refused since the start of this node: ");
      verify(granted + 1);
    }

    private void verify(int redemptions) {
      var key = MasterKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])), "test");
      try (var log = TransparencyLog.open(pair.database, key, "full.example", pair.clock)) {
        log.takeIn();
        var trust = new Verification.Trust(List.of(log.key()), List.of(), List.of());
        var report = log.verify(trust);
        assertThat(report.findings()).isEmpty();
        assertThat(report.verified()).isGreaterThanOrEqualTo(redemptions);
      }
    }
  }

  @Nested
  @DisplayName("The embedded database")
  class OnSqlite extends Contract {
    @Override
    DatabaseConfig database(SmallDisk disk, Path folder) {
      return TestDatabases.sqlite(disk.folder("database"));
    }
  }

  @Nested
  @DisplayName("PostgreSQL, with its tables there")
  class OnPostgres extends Contract {
    private PostgresProcess postgres;

    @Override
    DatabaseConfig database(SmallDisk disk, Path folder) {
      postgres = PostgresProcess.start(folder.resolve("data"));
      return postgres.database("small", disk.folder("tables"));
    }

    @Override
    void end() throws IOException {
      postgres.close();
    }
  }

  @Nested
  @DisplayName("PostgreSQL, with its own log there: it ends, and whoever supervises it starts it")
  class OnPostgresLog extends Contract {
    private PostgresProcess postgres;

    @Override
    DatabaseConfig database(SmallDisk disk, Path folder) throws IOException {
      postgres = PostgresProcess.start(folder.resolve("data"));
      postgres.stop();
      postgres.moveLog(disk.folder("log"));
      postgres.startAgain();
      return postgres.database("small");
    }

    @Override
    void press() {
      postgres.switchLog();
    }

    @Override
    boolean isReadable() {
      return false;
    }

    @Override
    Answer afterwards(Supplier<Answer> request) throws IOException {
      // It goes on with nothing that it could not write down.
      assertThat(postgres.log()).contains("PANIC:").contains("pg_wal");
      Answer answer;
      do {
        postgres.supervise();
        answer = request.get();
      } while (answer.status() == 503);
      return answer;
    }

    @Override
    void end() throws IOException {
      postgres.close();
    }
  }
}
