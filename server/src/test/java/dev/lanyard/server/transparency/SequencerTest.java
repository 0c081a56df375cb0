package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.transparency.Verification.Trust;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5: records that were committed get into the tree, each once, and it never forks")
class SequencerTest {

  abstract static class Contract {
    private static final int AT_ONCE = 6;

    private final DatabaseConfig config;
    final Auditing auditing;

    Contract(DatabaseConfig config) {
      this.config = config;
      this.auditing = new Auditing(config);
    }

    @AfterEach
    void close() {
      auditing.close();
    }

    Sequencer another(Database database, InstantSource clock) {
      return auditing.sequencer(database, clock, "node-b");
    }

    @Test
    @DisplayName("Every record is a leaf, in the order of their numbers, and the log signs that")
    void taken_in() {
      auditing.record(0, 700);

      assertThat(auditing.sequencer.run()).isEqualTo(700);

      assertThat(auditing.leaves()).isEqualTo(auditing.sequences());
      assertThat(auditing.checkpoint().size()).isEqualTo(700);
      assertThat(auditing.signer.publicKey().judge(auditing.note()))
          .isEqualTo(new Judgement.Signed());
      assertThat(auditing.extend(auditing.checkpoint())).isTrue();
    }

    @Test
    @DisplayName("What comes later extends the tree; without anything new nothing is written")
    void extended() {
      var checkpoints = new ArrayList<Checkpoint>();
      for (int i = 0; i < 12; i++) {
        auditing.record(i * 100, 1 + i * 20);
        auditing.sequencer.run();
        checkpoints.add(auditing.checkpoint());
      }
      var before = auditing.state();

      assertThat(auditing.sequencer.run()).isZero();

      assertThat(auditing.state()).isEqualTo(before);
      assertThat(checkpoints).allMatch(auditing::extend);
      assertThat(auditing.leaves()).isEqualTo(auditing.sequences());
    }

    @Test
    @DisplayName("More records than a step takes are taken in steps")
    void many() {
      auditing.record(0, 5_000);

      assertThat(auditing.sequencer.run()).isEqualTo(5_000);

      assertThat(auditing.leaves()).isEqualTo(auditing.sequences());
      assertThat(auditing.state().version()).isEqualTo(2);
    }

    @Test
    @DisplayName("Another node waits for its turn, which comes when the first one has died")
    void in_turn() {
      try (var database = Database.open(config, auditing.clock)) {
        var other = another(database, auditing.clock);
        auditing.record(0, 3);
        auditing.sequencer.run();
        auditing.record(3, 3);

        assertThat(other.run()).isZero();
        auditing.clock.advance(Sequencer.TURN.plusSeconds(1));

        assertThat(other.run()).isEqualTo(3);
        assertThat(auditing.sequencer.run()).isZero();
        assertThat(auditing.leaves()).isEqualTo(auditing.sequences());
      }
    }

    @Test
    @DisplayName("A turn in the far future was noted by a wrong clock and keeps nobody")
    void wrong_clock() {
      var fast = Auditing.clock(Auditing.NOW.plus(Duration.ofDays(400)));
      auditing.record(0, 3);
      another(auditing.database, fast).run();
      auditing.record(3, 3);

      assertThat(auditing.sequencer.run()).isEqualTo(3);
    }

    @Test
    @DisplayName("A node that is overtaken between reading and writing changes nothing")
    void overtaken() {
      auditing.record(0, 300);
      auditing.sequencer.run();
      auditing.record(300, 10);
      auditing.clock.advance(Sequencer.TURN.plusSeconds(1));
      var calls = new AtomicInteger();
      // The second time that a step asks for the time is when it is about to write.
      InstantSource whenItWrites =
          () -> {
            if (calls.incrementAndGet() == 2) {
              assertThat(auditing.sequencer.run()).isEqualTo(10);
            }
            return auditing.clock.instant();
          };

      assertThat(another(auditing.database, whenItWrites).run()).isZero();

      assertThat(calls).hasValueGreaterThanOrEqualTo(2);
      assertThat(auditing.leaves()).isEqualTo(auditing.sequences());
      assertThat(auditing.state().heldBy()).isEqualTo("node-a");
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("Two nodes at once, both always of the opinion that it is their turn: one tree")
    void two_nodes() throws Exception {
      try (var database = Database.open(config, auditing.clock);
          // Not more than there are connections: who waits for one for long gives up.
          var threads = Executors.newFixedThreadPool(AT_ONCE)) {
        // More than two turns, and far from the day after which gaps are closed: a record whose
        // transaction ends late is looked for so long.
        var far = Auditing.clock(Auditing.NOW.plus(Sequencer.TURN.multipliedBy(3)));
        var other = another(database, far);
        var done = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 30; i++) {
          int from = i * 10;
          done.add(
              threads.submit(() -> {
                auditing.record(from, 10);
                return other.run() + auditing.sequencer.run();
              }));
        }
        for (var one : done) {
          one.get();
        }
        other.run();
        auditing.sequencer.run();
      }
      assertThat(auditing.leaves()).containsExactlyInAnyOrderElementsOf(auditing.sequences());
      assertThat(auditing.verify().findings()).isEmpty();
      assertThat(auditing.verify().verified()).isEqualTo(300);
    }

    @Test
    @DisplayName("Another key takes over on every node; what the former one signed stays good")
    void another_key() {
      try (var running = log();
          var command = log()) {
        auditing.record(0, 300);
        running.takeIn();
        var former = running.key();
        var kept = auditing.note();

        var next = command.rotate("root", "command-1").orElseThrow();
        assertThat(running.takeIn()).as("the record of it").isEqualTo(1);
        auditing.record(300, 5);
        auditing.clock.advance(Sequencer.TURN.plusSeconds(1));
        assertThat(command.takeIn()).isEqualTo(5);
        auditing.record(305, 5);
        auditing.clock.advance(Sequencer.TURN.plusSeconds(1));
        assertThat(running.takeIn()).isEqualTo(5);

        assertThat(next).isNotEqualTo(former).isEqualTo(running.key());
        assertThat(running.keys()).containsExactly(former, next);
        try (var restarted = log()) {
          assertThat(restarted.keys()).containsExactly(former, next);
        }
        assertThat(next.judge(auditing.note())).isEqualTo(new Judgement.Signed());
        assertThat(verified(running, List.of(former, next), kept)).isEmpty();
        assertThat(verified(running, List.of(former), kept))
            .as("an auditor must be given the next key")
            .containsExactly(Finding.Kind.UNSIGNED);
        assertThat(verified(running, List.of(next), kept)).containsExactly(Finding.Kind.UNSIGNED);
        var rotated =
            new AuditLog(auditing.database)
                .query(AuditQuery.newest(1).ofType(LogKeys.ROTATED))
                .getFirst();
        var agreed = Note.parse(rotated.event().told("note").orElseThrow());
        assertThat(agreed.text()).contains(next.toString());
        assertThat(former.judge(agreed)).isEqualTo(new Judgement.Signed());
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }

    private List<Finding.Kind> verified(TransparencyLog log, List<NoteKey> keys, Note kept) {
      return log.verify(new Trust(keys, List.of(), List.of(kept))).findings().stream()
          .map(Finding::kind)
          .toList();
    }

    @Test
    @DisplayName("A key that took over twice: whoever has missed it learns of both")
    void rotated_twice() {
      try (var one = log();
          var other = log()) {
        assertThat(one.rotate("root", "command-1")).isPresent();
        assertThat(other.rotate("root", "command-2")).isPresent();
        assertThat(one.keys()).hasSize(2);
        assertThat(other.keys()).hasSize(3);
        auditing.record(0, 1);
        one.takeIn();
        assertThat(one.keys()).isEqualTo(other.keys());
      }
    }

    @Test
    @DisplayName("AUD-1: a record of a type that nobody knows is taken in, and an alarm stands")
    void unknown_type() {
      auditing.record(0, 2);
      auditing.tamper("UPDATE audit SET type = 'nonsense.happened' WHERE seq = 2");

      assertThat(auditing.sequencer.run()).isEqualTo(2);

      assertThat(new Alarms(auditing.database).standing())
          .extracting(one -> one.alarm().kind() + " " + one.alarm().subject())
          .containsExactly(Uncatalogued.ALARM + " nonsense.happened");
      assertThat(auditing.verify().findings()).isEmpty();
    }

    private TransparencyLog log() {
      return TransparencyLog.open(
          auditing.database, Auditing.MASTER, Auditing.ORIGIN, auditing.clock);
    }

    /// Something new to take in, and a log that does not.
    private void refusesToGrow(TransparencyLog log) {
      var before = auditing.database.read(connection -> new LogTables(connection).state());
      auditing.record(1_000, 1);

      assertThatThrownBy(log::takeIn).isInstanceOf(DamagedLogException.class);

      assertThat(auditing.database.<Optional<LogState>>read(c -> new LogTables(c).state()))
          .isEqualTo(before);
      assertThat(auditing.alarms())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("cannot grow", "lanyard audit verify");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A record that was rewritten together with its hash is not signed again")
    void rewritten(boolean restarted) {
      try (var log = log();
          var other = log()) {
        auditing.record(0, 300);
        assertThat(log.takeIn()).isEqualTo(300);
        auditing.rewrite(290);
        auditing.clock.advance(Sequencer.TURN.plusSeconds(1));

        refusesToGrow(restarted ? other : log);

        assertThat(log.verify(new Trust(List.of(log.key()), List.of(), List.of())).findings())
            .extracting(Finding::kind)
            .containsExactly(Finding.Kind.TREE);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "UPDATE audit_tree SET checkpoint = 'nonsense'",
          "UPDATE audit_tree SET checkpoint = REPLACE(checkpoint, '300', '299'), size = 299",
          "UPDATE audit_tree SET size = 299",
          "UPDATE audit_tree SET size = 0, checkpoint = ''",
          "UPDATE audit_tree SET looked_at = 310",
          "UPDATE audit_tree SET looked_at = 10"
        })
    @DisplayName("A state that is not the one that was signed is not gone on with")
    void another_state(String sql) {
      try (var log = log()) {
        auditing.record(0, 300);
        log.takeIn();
        auditing.tamper(sql);

        refusesToGrow(log);
      }
    }

    @Test
    @DisplayName("A log that is deleted while it runs is not begun anew, also if nothing was new")
    void deleted() {
      auditing.record(0, 300);
      try (var first = log();
          var running = log()) {
        first.takeIn();
        assertThat(running.takeIn()).isZero();
        List.of("audit_tree", "audit_tile", "audit_gap")
            .forEach(table -> auditing.tamper("DELETE FROM " + table));

        refusesToGrow(running);
      }
    }

    @Test
    @DisplayName("A log that another process has made anew is not gone on with by one that knew it")
    void made_anew() {
      auditing.record(0, 300);
      try (var running = log();
          var fresh = log()) {
        running.takeIn();
        auditing.tamper("UPDATE audit SET evidence = '{}' WHERE seq = 7");
        List.of("audit_tree", "audit_tile", "audit_gap")
            .forEach(table -> auditing.tamper("DELETE FROM " + table));
        auditing.record(300, 300);
        fresh.takeIn();
        auditing.clock.advance(Sequencer.TURN.plusSeconds(1));

        refusesToGrow(running);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit_tree", "audit_tile", "audit_gap"})
    @DisplayName("A step that dies anywhere leaves the tree as it was, and the next one goes on")
    void dies_in_a_step(String table) {
      auditing.record(0, 300);
      auditing.sequencer.run();
      var before = auditing.checkpoint();
      auditing.record(300, 300);
      auditing.tamper("ALTER TABLE " + table + " RENAME TO gone");

      assertThatThrownBy(auditing.sequencer::run).isInstanceOf(DatabaseException.class);

      auditing.tamper("ALTER TABLE gone RENAME TO " + table);
      assertThat(auditing.checkpoint()).isEqualTo(before);
      assertThat(auditing.leaves()).hasSize(300);
      assertThat(auditing.sequencer.run()).isEqualTo(300);
      assertThat(auditing.extend(before)).isTrue();
      assertThat(auditing.verify().findings()).isEmpty();
    }
  }

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

    /// A transaction that has written its records and does not end.
    private Meanwhile<Boolean> held(CountDownLatch written, CountDownLatch end, boolean commit) {
      return Meanwhile.does(() ->
          auditing.database.<Boolean>write(connection -> {
            AuditLog.append(connection, List.of(auditing.event(1), auditing.event(2)));
            written.countDown();
            await(end);
            if (!commit) {
              throw new SQLException("rolled back");
            }
            return true;
          }));
    }

    private static void await(CountDownLatch latch) throws SQLException {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new SQLException(e);
      }
    }

    @Test
    @DisplayName("A record that becomes visible after its followers is taken in when it does")
    void late() throws Exception {
      var written = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      auditing.record(0, 1);
      var held = held(written, end, true);
      held.until(() -> written.getCount() == 0);
      auditing.record(3, 4);
      auditing.sequencer.run();
      assertThat(auditing.leaves()).containsExactly(1L, 4L, 5L, 6L, 7L);
      assertThat(auditing.gaps()).containsExactly(new Gap(2, 3, Auditing.NOW));
      var before = auditing.checkpoint();
      end.countDown();
      assertThat(held.outcome()).isTrue();

      assertThat(auditing.sequencer.run()).isEqualTo(2);

      assertThat(auditing.leaves()).containsExactly(1L, 4L, 5L, 6L, 7L, 2L, 3L);
      assertThat(auditing.gaps()).isEmpty();
      assertThat(auditing.extend(before)).isTrue();
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("It is found after hours as well, among thousands that came meanwhile")
    void very_late() throws Exception {
      var written = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      var held = held(written, end, true);
      held.until(() -> written.getCount() == 0);
      for (int i = 0; i < 5; i++) {
        auditing.record(10 + i * 1_000, 1_000);
        auditing.sequencer.run();
        auditing.clock.advance(Duration.ofHours(1));
      }
      end.countDown();
      assertThat(held.outcome()).isTrue();

      assertThat(auditing.sequencer.run()).isEqualTo(2);

      assertThat(auditing.leaves())
          .endsWith(1L, 2L)
          .containsExactlyInAnyOrderElementsOf(auditing.sequences());
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 25})
    @DisplayName(
        "However many a late transaction has recorded, no step takes more than any other; also if"
            + " nobody has looked for longer than a gap is open")
    void many_late(int hours) throws Exception {
      var written = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      var held =
          Meanwhile.does(() ->
              auditing.database.<Boolean>write(connection -> {
                AuditLog.append(
                    connection, IntStream.range(0, 5_000).mapToObj(auditing::event).toList());
                written.countDown();
                await(end);
                return true;
              }));
      held.until(() -> written.getCount() == 0);
      auditing.record(5_000, 1);
      auditing.sequencer.run();
      long before = auditing.state().version();
      end.countDown();
      assertThat(held.outcome()).isTrue();
      auditing.clock.advance(Duration.ofHours(hours));

      assertThat(auditing.sequencer.run()).isEqualTo(5_000);

      assertThat(auditing.state().version()).isEqualTo(before + 2);
      assertThat(auditing.gaps()).isEmpty();
      assertThat(auditing.leaves()).containsExactlyInAnyOrderElementsOf(auditing.sequences());
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("Numbers of a transaction that was rolled back are a gap for a day, and no more")
    void rolled_back() throws Exception {
      var written = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      var held = held(written, end, false);
      held.until(() -> written.getCount() == 0);
      end.countDown();
      assertThatThrownBy(held::outcome).hasRootCauseInstanceOf(SQLException.class);
      auditing.record(3, 2);
      auditing.sequencer.run();
      assertThat(auditing.gaps()).containsExactly(new Gap(1, 2, Auditing.NOW));
      auditing.clock.advance(Sequencer.GAP_OPEN.plusSeconds(1));
      auditing.record(5, 1);

      auditing.sequencer.run();

      assertThat(auditing.gaps()).isEmpty();
      assertThat(auditing.leaves()).containsExactly(3L, 4L, 5L);
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("A part of a gap that turns up leaves the other parts open")
    void part_of_a_gap() {
      var gap = new Gap(10, 20, Auditing.NOW);

      assertThat(gap.without(List.of(10L, 14L, 15L, 20L)))
          .containsExactly(new Gap(11, 13, Auditing.NOW), new Gap(16, 19, Auditing.NOW));
      assertThat(gap.without(List.of(1L, 30L))).containsExactly(gap);
    }
  }
}
