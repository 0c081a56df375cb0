package dev.lanyard.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-4: every record arrives at least once, and nobody waits for it")
class ExporterTest {

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

    @Test
    @DisplayName("a record of a transaction that ends later than those after it arrives too")
    void late() throws Exception {
      record("first");
      try (var late = connection()) {
        late.setAutoCommit(false);
        AuditLog.append(late, event("late"));
        record("second");
        record("third");
        everything();
        assertThat(arrived).containsExactly("first", "second", "third");
        clock.advance(Duration.ofDays(3));
        everything();
        late.commit();
      }
      everything();
      assertThat(arrived).containsExactly("first", "second", "third", "late");
      awaitNoGaps();
    }

    /// Transactions of other tests on the same server could have the number as well; they end.
    private void awaitNoGaps() throws Exception {
      Soon.until(() -> {
        everything();
        return gaps().isEmpty();
      });
    }

    @Test
    @DisplayName("a number that was never used is forgotten, as soon as nobody can use it")
    void never_used() throws Exception {
      record("first");
      try (var other = connection();
          var running = connection()) {
        other.setAutoCommit(false);
        AuditLog.append(other, event("taken back"));
        record("second");
        other.rollback();
        running.setAutoCommit(false);
        // A transaction that writes, so that it has a number and could have the other's.
        AuditLog.append(running, event("open"));
        everything();
        everything();
        assertThat(gaps()).isNotEmpty();
        running.rollback();
      }
      awaitNoGaps();
      record("third");
      everything();
      assertThat(arrived).containsExactly("first", "second", "third");
    }

    private Connection connection() throws SQLException {
      return DriverManager.getConnection(config.url());
    }
  }

  abstract static class Contract {
    final DatabaseConfig config;
    final TestClock clock = new TestClock();
    final List<String> arrived = new ArrayList<>();
    private final Database database;
    private final AuditLog audit;
    private final Alarms alarms;
    private final Exporter exporter;

    Contract(DatabaseConfig config) {
      this.config = config;
      this.database = Database.open(config, clock);
      this.audit = new AuditLog(database);
      this.alarms = new Alarms(database);
      this.exporter = exporter("one", this::take);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private void take(List<AuditRecord> records) {
      records.forEach(record -> arrived.add(record.event().correlationId()));
    }

    private Exporter exporter(String node, Sink sink) {
      return Exporter.of("siem", new Positions(database, "siem", node, clock), sink, alarms, clock);
    }

    AuditEvent event(String id) {
      return AuditEvent.of("sign-in", Outcome.SUCCESS, clock.instant(), id, JsonObject.EMPTY);
    }

    void record(String id) {
      audit.append(event(id));
    }

    void everything() throws IOException {
      while (exporter.step()) {
        // As long as there is more.
      }
    }

    String gaps() {
      return database.read(connection ->
          new Statements(connection)
              .first("SELECT gaps FROM export_position", rows -> rows.getString(1))
              .orElseThrow());
    }

    @Test
    void from_the_beginning_in_order_once() throws IOException {
      record("a");
      record("b");
      everything();
      record("c");
      everything();
      everything();
      assertThat(arrived).containsExactly("a", "b", "c");
    }

    @Test
    @DisplayName("A place gets what had been concealed")
    void revealed() throws IOException {
      record("concealed");
      Revealing revealing =
          records ->
              records.stream().map(one -> new AuditRecord(one.sequence(), event("a"))).toList();
      while (exporter("one", Exports.revealed(this::take, revealing)).step()) {
        // As long as there is more.
      }
      assertThat(arrived).containsExactly("a");
    }

    @Test
    void more_than_a_batch() throws IOException {
      var ids = IntStream.range(0, Exporter.MOST * 2 + 3).mapToObj(Integer::toString).toList();
      database.write(connection -> {
        AuditLog.append(connection, ids.stream().map(this::event).toList());
        return true;
      });
      everything();
      assertThat(arrived).isEqualTo(ids);
    }

    @Test
    @DisplayName("one record that cannot be read keeps no other: it goes out and an alarm stands")
    void unreadable() throws IOException {
      record("a");
      record("b");
      record("c");
      database.<Boolean>write(connection -> {
        var statements = new Statements(connection);
        statements.update("UPDATE audit SET evidence = 'nonsense' WHERE correlation_id = 'a'");
        statements.update("UPDATE audit SET outcome = 'perhaps' WHERE correlation_id = 'b'");
        return true;
      });

      everything();

      assertThat(arrived).containsExactly("a", "b", "c");
      assertThat(alarms.standing())
          .singleElement()
          .satisfies(one -> {
            assertThat(one.alarm().kind()).isEqualTo(Exporter.UNREADABLE);
            assertThat(one.alarm().detail()).contains("2 records").contains("record 1");
          });
    }

    @Test
    @DisplayName("a place that is too slow for a batch gets smaller ones: it gets on, little twice")
    void too_slow() throws IOException {
      var ids = IntStream.range(0, Exporter.MOST).mapToObj(Integer::toString).toList();
      database.write(connection -> {
        AuditLog.append(connection, ids.stream().map(this::event).toList());
        return true;
      });
      var attempts = new ArrayList<Integer>();
      var slow =
          exporter(
              "one",
              records -> {
                attempts.add(records.size());
                if (records.size() > 300) {
                  throw new TookTooLongException("slow");
                }
                take(records);
              });
      while (arrived.size() < ids.size()) {
        try {
          slow.step();
        } catch (TookTooLongException e) {
          assertThat(attempts.size()).isLessThan(20);
        }
      }
      assertThat(arrived).isEqualTo(ids);
      assertThat(attempts).startsWith(1000, 500, 250);
    }

    @Test
    @DisplayName("a record that a place never takes is sent shortened, and the others go on")
    void too_large() throws Exception {
      record("a");
      audit.append(
          event("b")
              .withEvidence(
                  JsonObject.builder()
                      .put("check", "audience")
                      .put("links", Collections.nCopies(9_000, "ws:/a"))
                      .build()));
      record("c");
      var sent = new ArrayList<AuditRecord>();
      var narrow =
          exporter(
              "one",
              records -> {
                for (var one : records) {
                  if (one.toJson().toJson().length() > 40_000) {
                    throw new TooLargeException("413");
                  }
                }
                sent.addAll(records);
                take(records);
              });
      for (int steps = 0; steps < 8; steps++) {
        narrow.step();
      }
      assertThat(arrived).containsExactly("a", "b", "c");
      var evidence = sent.get(1).event().evidence();
      assertThat(evidence.string("check")).contains("audience");
      var shortened = evidence.object("shortened").orElseThrow();
      assertThat(shortened.strings("members").orElseThrow()).containsExactly("links");
      assertThat(shortened.string("sha256").orElseThrow()).matches("[0-9a-f]{64}");
      assertThat(shortened.integer("characters").orElseThrow()).isGreaterThan(70_000);
      assertThat(sent.get(1).sequence()).isBetween(sent.get(0).sequence(), sent.get(2).sequence());
      assertThat(sent.get(1).isWhole()).isFalse();
      assertThat(alarms.standing()).isEmpty();
    }

    @Test
    @DisplayName("a place that takes nothing at all gets nothing passed over")
    void takes_nothing() {
      record("a");
      var closed =
          exporter(
              "one",
              _ -> {
                throw new TooLargeException("413");
              });
      assertThatThrownBy(
              () -> {
                for (int steps = 0; steps < 20; steps++) {
                  closed.step();
                }
              })
          .isInstanceOf(TooLargeException.class);
      assertThat(closed.lag()).isGreaterThanOrEqualTo(Duration.ZERO);
      assertThat(arrived).isEmpty();
    }

    @Test
    @DisplayName("what could not be sent is sent again, whole")
    void other_side_fails() throws IOException {
      record("a");
      record("b");
      var failing =
          exporter(
              "one",
              _ -> {
                throw new IOException("gone");
              });
      assertThatThrownBy(failing::step).hasMessage("gone");
      clock.advance(Duration.ofMinutes(10));
      assertThatThrownBy(failing::step).hasMessage("gone");
      assertThat(failing.lag()).isEqualTo(Duration.ofMinutes(10));
      assertThat(alarms.standing())
          .extracting(one -> one.alarm().kind() + " " + one.alarm().subject())
          .containsExactly("export-stalled siem");
      record("c");
      everything();
      assertThat(arrived).containsExactly("a", "b", "c");
      assertThat(exporter.lag()).isZero();
      assertThat(alarms.standing()).isEmpty();
    }

    @Test
    @DisplayName("a fault of ours that holds it up is alarmed about like one of the other side")
    void fault() throws Exception {
      record("a");
      clock.advance(Duration.ofMinutes(10));
      var faulty =
          exporter(
              "one",
              _ -> {
                throw new IllegalStateException("our fault");
              });
      faulty.start();
      Soon.until("there is an alarm", () -> !alarms.standing().isEmpty());
      faulty.close();
      assertThat(alarms.standing())
          .extracting(one -> one.alarm().kind() + " " + one.alarm().subject())
          .containsExactly("export-stalled siem");
      everything();
      assertThat(arrived).containsExactly("a");
      assertThat(alarms.standing()).isEmpty();
    }

    @Test
    @DisplayName(
        "the process dies after sending and before noting it: sent again, by whoever goes on")
    void dies_in_between() throws IOException {
      record("a");
      var dying =
          exporter(
              "dying",
              records -> {
                take(records);
                throw new IOException("died");
              });
      assertThatThrownBy(dying::step).hasMessage("died");
      everything();
      assertThat(arrived).as("it may still be at it").containsExactly("a");
      clock.advance(Positions.TURN.plusMillis(1));
      everything();
      assertThat(arrived).containsExactly("a", "a");
    }

    @Test
    @DisplayName("a node that dies with a clock that was ahead holds nobody up until then")
    void a_turn_by_a_clock_that_was_ahead() throws IOException {
      record("a");
      var dying =
          exporter(
              "dying",
              records -> {
                throw new IOException("died");
              });
      clock.set(InstantSource.system().instant());
      assertThatThrownBy(dying::step).hasMessage("died");
      int _ =
          database.write(connection ->
              new Statements(connection)
                  .update(
                      "UPDATE export_position SET held_until = ?",
                      clock.instant().plus(Duration.ofDays(1))));
      everything();
      assertThat(arrived).containsExactly("a");
    }

    @Test
    @DisplayName("two nodes at once: one sends; one that comes back too late notes nothing")
    void two_nodes() throws IOException {
      record("a");
      var slow =
          exporter(
              "slow",
              records -> {
                take(records);
                clock.advance(Positions.TURN.plusMillis(1));
                everything();
                record("b");
              });
      var _ = slow.step();
      assertThat(arrived).as("at least once").containsExactly("a", "a");
      everything();
      assertThat(arrived).as("the position of the slow one counts nothing").endsWith("b");
      assertThat(arrived).containsExactly("a", "a", "b");
    }

    @Test
    @DisplayName("a place that hangs keeps nobody waiting who records")
    void hangs() throws Exception {
      var hanging = new CountDownLatch(1);
      var forever = new CountDownLatch(1);
      record("a");
      var stuck =
          exporter(
              "stuck",
              _ -> {
                hanging.countDown();
                try {
                  forever.await();
                } catch (InterruptedException e) {
                  throw new IOException("closed");
                }
              });
      stuck.start();
      assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 100; i++) {
        record("while it hangs " + i);
      }
      stuck.close();
      everything();
      assertThat(arrived).hasSize(101);
    }
  }
}
