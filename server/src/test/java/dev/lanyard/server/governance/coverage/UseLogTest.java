package dev.lanyard.server.governance.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.schedule.Turns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The use of connectors, counted from the audit record by day")
class UseLogTest {
  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private Database database;
    private UseLog log;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      log = new UseLog(database, clock);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private void used(String type, Outcome outcome, JsonObject evidence) {
      new AuditLog(database)
          .append(AuditEvent.of(type, outcome, clock.instant(), "test", evidence));
    }

    private void exchanged(String... connectors) {
      used(
          "token.exchange",
          Outcome.SUCCESS,
          JsonObject.builder().put("connectors", List.of(connectors)).build());
    }

    private void called(Outcome outcome) {
      used("gateway.call", outcome, JsonObject.builder().put("connector", "desk").build());
    }

    private Use use(String connector) {
      return log.until(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
          .getOrDefault(connector, Use.NONE);
    }

    @Test
    void thirty_days_and_not_a_day_more() {
      exchanged("linear", "desk");
      called(Outcome.SUCCESS);
      called(Outcome.REFUSED);
      clock.advance(Duration.ofDays(29));
      exchanged("linear");
      assertThat(use("linear")).isEqualTo(new Use(2, 0));
      assertThat(use("desk")).isEqualTo(new Use(1, 1));
      clock.advance(Duration.ofDays(1));
      assertThat(use("linear")).isEqualTo(new Use(1, 0));
      assertThat(use("desk")).isEqualTo(Use.NONE);
    }

    @Test
    @DisplayName(
        "A day that is over is counted once, also by two nodes at once, and kept when its"
            + " records are gone")
    void kept() throws InterruptedException {
      exchanged("linear");
      clock.set(clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(25)));
      AtOnce.run(2, log::keepUp);
      var _ =
          database.write(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM audit")) {
              return delete.executeUpdate();
            }
          });
      assertThat(use("linear")).isEqualTo(new Use(1, 0));
    }

    @Test
    @DisplayName("While a node counts a day no other does; one that died is followed in an hour")
    void in_turn() {
      exchanged("linear");
      clock.set(clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(25)));
      assertThat(Turns.take(database, "use of connectors", Duration.ofHours(1), clock.instant()))
          .isTrue();
      log.keepUp();
      assertThat(days()).isZero();
      clock.advance(Duration.ofHours(1));
      log.keepUp();
      assertThat(days()).isEqualTo(1);
    }

    private int days() {
      return database.read(connection ->
          new Statements(connection)
              .list("SELECT day FROM connector_use_day", rows -> rows.getString(1))
              .size());
    }

    @Test
    @DisplayName("A day counts as over an hour after its end")
    void not_yet_over() {
      clock.set(clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(23)));
      exchanged("linear");
      clock.advance(Duration.ofMinutes(90));
      assertThat(use("linear")).isEqualTo(new Use(1, 0));
      clock.advance(Duration.ofMinutes(-60));
      exchanged("linear");
      clock.advance(Duration.ofMinutes(60));
      assertThat(use("linear")).isEqualTo(new Use(2, 0));
    }
  }
}
