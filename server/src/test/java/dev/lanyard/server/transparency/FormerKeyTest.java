package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.transparency.Finding.Kind;
import dev.lanyard.server.transparency.Verification.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-5: what a former key of the log signs counts only where its successor covers it")
class FormerKeyTest {

  abstract static class Contract {
    private static final RetentionTimes MONTH =
        new RetentionTimes(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)), Map.of());

    private final Auditing auditing;
    private final TransparencyLog log;

    @TempDir private Path folder;

    Contract(DatabaseConfig config) {
      this.auditing = new Auditing(config);
      this.log = open();
    }

    private TransparencyLog open() {
      return TransparencyLog.open(
          auditing.database, Auditing.MASTER, Auditing.ORIGIN, auditing.clock);
    }

    private LogKeys keys() {
      return LogKeys.of(auditing.database, Auditing.MASTER, Auditing.ORIGIN, auditing.clock);
    }

    @BeforeEach
    void fill() {
      record(0, 10);
    }

    @AfterEach
    void close() {
      log.close();
      auditing.close();
    }

    private void record(int from, int count) {
      auditing.record(from, count);
      log.takeIn();
    }

    private void rotate() {
      assertThat(log.rotate("root", "command-1")).isPresent();
    }

    /// What whoever has the former key signs with.
    private NoteSigner stolen() {
      var kept =
          auditing
              .database
              .read(connection -> InstallationSecret.find(connection, Auditing.MASTER, "audit log"))
              .orElseThrow();
      try {
        return NoteSigner.log(Auditing.ORIGIN, kept);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }

    private JsonObject removal(NoteSigner signer, long first, long last) {
      var leaves = new TreeSet<>(LongStream.rangeClosed(first, last).boxed().toList());
      var why = new Removal.Expiry(EventClass.REDEMPTION, Optional.empty(), Auditing.NOW);
      return Removal.of(why, leaves).evidence(signer, auditing.clock.instant());
    }

    private void append(JsonObject evidence) {
      new AuditLog(auditing.database)
          .append(
              AuditEvent.of(
                  Removal.TYPE, Outcome.SUCCESS, auditing.clock.instant(), "retention", evidence));
    }

    private Trust trust(Note... kept) {
      return new Trust(log.keys(), List.of(), List.of(kept));
    }

    private ExportFolder export() {
      var exported = new ExportFolder(folder);
      new LogExport(auditing.database, exported).write(0, Long.MAX_VALUE);
      return exported;
    }

    /// In the database and in an export of it, which say the same.
    private List<Kind> findings(Note... kept) {
      var live = kinds(log.verify(trust(kept)));
      assertThat(kinds(Verification.of(export(), trust(kept)))).isEqualTo(live);
      return live;
    }

    private static List<Kind> kinds(Verification.Report report) {
      return report.findings().stream().map(Finding::kind).distinct().toList();
    }

    @Test
    @DisplayName("What it has signed before stays good")
    void before() {
      auditing.clock.advance(Duration.ofDays(40));
      assertThat(new Retention(auditing.database, keys(), auditing.clock, MONTH).run())
          .isEqualTo(10);
      log.takeIn();
      rotate();
      record(10, 5);

      assertThat(findings()).isEmpty();
      assertThat(log.verify(trust()).removed()).isEqualTo(10);
    }

    @Test
    @DisplayName("A removal that it signs afterwards removes nothing, covered or not")
    void removal() {
      rotate();
      record(10, 5);
      auditing.tamper("DELETE FROM audit WHERE seq = 3");
      append(removal(stolen(), 2, 2));

      assertThat(findings()).as("not covered").containsExactly(Kind.MISSING);
      record(15, 5);
      assertThat(findings()).as("covered").containsExactly(Kind.MISSING);
      assertThat(log.verify(trust()).removed()).isZero();
    }

    @Test
    @DisplayName(
        "A removal that it signed in advance, of leaves that were to come, removes none of them")
    void in_advance() {
      append(removal(stolen(), 8, 1_000));
      log.takeIn();
      rotate();
      record(10, 5);
      assertThat(findings()).isEmpty();

      auditing.tamper("DELETE FROM audit WHERE seq = 14");

      assertThat(findings()).containsExactly(Kind.MISSING);
    }

    @Test
    @DisplayName("A line that somebody adds to an export removes nothing either")
    void added_to_an_export() throws Exception {
      rotate();
      record(10, 5);
      export();
      var records = folder.resolve("records/000000.part.jsonl");
      var lines = Files.readAllLines(records);
      lines.remove(2);
      Files.write(records, lines);
      Files.writeString(
          folder.resolve("uncovered.jsonl"),
          "{\"v\":1,\"seq\":99,\"at\":0,\"type\":\"audit.removed\",\"evidence\":"
              + removal(stolen(), 2, 2).toJson()
              + "}\n",
          StandardOpenOption.APPEND);

      assertThat(kinds(Verification.of(new ExportFolder(folder), trust())))
          .containsExactly(Kind.MISSING);
    }

    @Test
    @DisplayName("Where the records of an export about itself stand is known when they were read")
    void places_in_an_export() throws Exception {
      rotate();
      record(10, 5);
      var exported = export();
      var _ = exported.leaves(0);
      try (var tiles = Files.walk(folder.resolve("tile"))) {
        tiles.filter(Files::isRegularFile).toList().forEach(this::delete);
      }

      assertThat(exported.own(LogKeys.ROTATED).map(one -> one.leaf().get()))
          .containsExactly(Optional.of(10L));
    }

    private void delete(Path file) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    @DisplayName("That another took over cannot be removed with it")
    void the_record_of_it() {
      rotate();
      record(10, 5);
      auditing.tamper("DELETE FROM audit WHERE type = ?", LogKeys.ROTATED);
      append(removal(stolen(), 10, 10));

      assertThat(findings()).containsExactly(Kind.MISSING);
    }

    @Test
    @DisplayName(
        "A checkpoint that it signs afterwards is forged, also if it extends one that was kept")
    void checkpoint() throws Exception {
      rotate();
      record(10, 5);
      var kept = auditing.note();
      auditing.record(15, 5);
      forge(stolen());

      assertThat(log.verify(trust(kept)).findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.FORGED);
      assertThat(
              log.verify(new Trust(List.of(stolen().publicKey()), List.of(), List.of())).findings())
          .as("by whoever was never given the next key")
          .extracting(Finding::kind)
          .containsExactly(Kind.FORGED);
    }

    /// Signs the tree that is there with another key.
    private void forge(NoteSigner signer) throws Exception {
      log.takeIn();
      var text = auditing.note().text();
      var forged = new Note(text, List.of(signer.sign(text, auditing.clock.instant())));
      auditing.tamper("UPDATE audit_tree SET checkpoint = ?", forged.print());
    }

    @Test
    @DisplayName(
        "A copy of a witness of such a checkpoint and one that somebody kept prove nothing")
    void kept() throws Exception {
      rotate();
      record(10, 5);
      var text = auditing.note().text();
      var forged = new Note(text, List.of(stolen().sign(text, auditing.clock.instant())));

      assertThat(findings(forged)).containsExactly(Kind.FORGED);
    }

    @Test
    @DisplayName("Nothing is removed while another key takes over, by no node and no key")
    void while_it_takes_over() {
      var late = keys();
      auditing.clock.advance(Duration.ofDays(40));
      rotate();

      assertThat(new Retention(auditing.database, late, auditing.clock, MONTH).run()).isZero();
      assertThat(new Retention(auditing.database, keys(), auditing.clock, MONTH).run()).isZero();

      log.takeIn();
      assertThat(new Retention(auditing.database, late, auditing.clock, MONTH).run()).isEqualTo(10);
      assertThat(findings()).isEmpty();
      assertThat(log.verify(trust()).removed()).isEqualTo(10);
      log.takeIn();
      assertThat(findings()).isEmpty();
      assertThat(auditing.alarms()).isEmpty();
    }

    @Test
    @DisplayName("Only what the former key has signed itself makes it a former one")
    void who_says_so() {
      var key = stolen().publicKey();
      var next = Auditing.signer();
      var text = "next key of this log\n" + next.publicKey() + "\n";
      var now = auditing.clock.instant();
      assertThat(retired(new Note(text, List.of(stolen().sign(text, now))), key))
          .containsExactly(key);
      assertThat(retired(new Note(text, List.of(next.sign(text, now))), key)).isEmpty();
      var other = "another key of this log\n" + next.publicKey() + "\n";
      assertThat(retired(new Note(other, List.of(stolen().sign(other, now))), key)).isEmpty();
    }

    private static List<NoteKey> retired(Note note, NoteKey key) {
      var evidence = JsonObject.builder().put("note", note.print()).build();
      return LogKeys.retired(evidence, List.of(key)).stream().toList();
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
  }
}
