package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.RecordLine;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.transparency.Finding.Kind;
import dev.lanyard.server.transparency.Verification.Range;
import dev.lanyard.server.transparency.Verification.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "AUD-5, issue 8.2: whoever changes the record is found out, and what was changed is named")
class VerificationTest {

  abstract static class Contract {
    private static final int COUNT = 700;

    final Auditing auditing;

    @TempDir private Path folder;

    Contract(DatabaseConfig config) {
      this.auditing = new Auditing(config);
    }

    @BeforeEach
    void fill() {
      auditing.record(0, COUNT);
      auditing.sequencer.run();
    }

    @AfterEach
    void close() {
      auditing.close();
    }

    /// What the database says, and what an export of it says to somebody who has nothing else.
    private List<Finding> everywhere(Trust trust) {
      var live = auditing.verify(trust).findings();
      var exported = Verification.of(export(), trust).findings();
      assertThat(exported).extracting(Finding::kind).containsAll(kinds(live, Kind.INSERTED));
      return live;
    }

    /// A row that is in no tile is not exported at all.
    private static List<Kind> kinds(List<Finding> findings, Kind without) {
      return findings.stream().map(Finding::kind).filter(kind -> kind != without).toList();
    }

    private ExportFolder export() {
      var exported = new ExportFolder(folder);
      new LogExport(auditing.database, exported).write(0, Long.MAX_VALUE);
      return exported;
    }

    private Trust keeping(Note earlier) {
      return new Trust(List.of(auditing.signer.publicKey()), List.of(), List.of(earlier));
    }

    private void edit(String file, UnaryOperator<List<String>> change) throws IOException {
      var path = folder.resolve(file);
      Files.write(path, change.apply(Files.readAllLines(path)));
    }

    @Test
    @DisplayName("Every record is verified, and those that are not covered yet are counted")
    void good() {
      auditing.record(COUNT, 3);
      var since = auditing.clock.instant();

      var live = auditing.verify();
      var exported = Verification.of(export(), auditing.trust());

      assertThat(live.findings()).isEmpty();
      assertThat(live.verified()).isEqualTo(COUNT);
      assertThat(live.uncovered()).isEqualTo(3);
      assertThat(live.uncoveredSince()).contains(since);
      assertThat(exported).isEqualTo(live);
    }

    @Test
    @DisplayName("An earlier checkpoint is a beginning of it")
    void earlier() {
      var kept = auditing.note();
      auditing.record(COUNT, 400);
      auditing.sequencer.run();

      assertThat(everywhere(keeping(kept))).isEmpty();
    }

    @Test
    @DisplayName("An export goes on where it was, and a later one adds what is new")
    void goes_on() throws Exception {
      export();
      var before = Files.getLastModifiedTime(folder.resolve("tile/0/000"));
      auditing.record(COUNT, 400);
      auditing.sequencer.run();
      Files.writeString(folder.resolve("tile/0/001.tmp"), "half a file of a run that died");

      var again = Verification.of(export(), auditing.trust());

      assertThat(again.findings()).isEmpty();
      assertThat(again.verified()).isEqualTo(COUNT + 400);
      assertThat(Files.getLastModifiedTime(folder.resolve("tile/0/000"))).isEqualTo(before);
      assertThat(folder.resolve("tile/0/002.p/188")).doesNotExist();
    }

    @Test
    @DisplayName("A tile that has its name and nothing in it, after a crash, is written anew")
    void empty_tile() throws Exception {
      export();
      Files.write(folder.resolve("tile/0/000"), new byte[0]);

      assertThat(Verification.of(export(), auditing.trust()).findings()).isEmpty();
    }

    @Test
    @DisplayName("An export is its owner's alone: it holds the record of people")
    void is_private() throws IOException {
      var exported = export();
      assertThat(exported.isThere()).isTrue();
      try (var all = Files.walk(folder)) {
        assertThat(all.filter(path -> !path.equals(folder)))
            .isNotEmpty()
            .allSatisfy(path ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
      }
    }

    @Test
    @DisplayName("Hashes of an export without records verify, and no record is said to be good")
    void range() {
      var exported = new ExportFolder(folder);
      new LogExport(auditing.database, exported).write(Evidence.CHUNK, Long.MAX_VALUE);

      var wanted = new Range(Evidence.CHUNK, Long.MAX_VALUE);
      var report = Verification.of(exported, wanting(wanted));

      assertThat(report.findings()).isEmpty();
      assertThat(report.verified()).isZero();
      assertThat(report.leftOut()).isEqualTo(COUNT);
    }

    private Trust wanting(Range wanted) {
      return new Trust(List.of(auditing.signer.publicKey()), List.of(), List.of(), wanted);
    }

    @Test
    @DisplayName("A file of records that is gone is missing, unless it was not wanted")
    void no_file_of_records() throws Exception {
      export();
      Files.delete(folder.resolve("records/000000.part.jsonl"));

      for (var wanted : List.of(Range.ALL, new Range(699, 700), new Range(0, 1))) {
        var report = Verification.of(new ExportFolder(folder), wanting(wanted));

        assertThat(report.findings())
            .containsExactly(
                new Finding(
                    Kind.MISSING, 0, "records/000000.part.jsonl is not there: leaves 0 to 699"));
        assertThat(report.verified()).isZero();
        assertThat(report.leftOut()).isZero();
      }
    }

    @Test
    @DisplayName("A record that was altered is named")
    void altered() {
      auditing.tamper("UPDATE audit SET evidence = '{\"number\":41}' WHERE seq = 43");

      assertThat(everywhere(auditing.trust()))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.ALTERED);
            assertThat(one.leaf()).isEqualTo(42);
            assertThat(one.what()).contains("record 43").contains("token.redeem");
          });
    }

    @Test
    @DisplayName("A space that was made a line feed, so that nobody can read the record, is named")
    void made_unreadable() {
      var said = JsonObject.builder().put("said", "two words").build();
      auditing.database.<Boolean>write(connection -> {
        AuditLog.append(
            connection,
            AuditEvent.of("token.redeem", Outcome.SUCCESS, auditing.clock.instant(), "c", said));
        return true;
      });
      auditing.sequencer.run();
      auditing.tamper(
          "UPDATE audit SET evidence = replace(evidence, ' ', '\n')"
              + " WHERE seq = (SELECT max(seq) FROM audit)");

      assertThat(everywhere(auditing.trust()))
          .singleElement()
          .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.ALTERED));
    }

    @Test
    @DisplayName("A record with any column altered is named")
    void any_column() {
      for (var change :
          List.of(
              "at = at + 1",
              "type = 'token.refresh'",
              "outcome = 'refused'",
              "correlation_id = 'c'",
              "organisation = 'acme'",
              "person = NULL",
              "client = 'c'")) {
        auditing.tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 300");
        auditing.tamper("UPDATE audit SET " + change + " WHERE seq = 300");

        assertThat(auditing.verify().findings())
            .extracting(Finding::kind)
            .containsExactly(Kind.ALTERED);

        auditing.tamper(
            "UPDATE audit SET (at, type, outcome, correlation_id, organisation, person, client)"
                + " = (SELECT at, type, outcome, correlation_id, organisation, person, client"
                + " FROM kept) WHERE seq = 300");
        auditing.tamper("DROP TABLE kept");
      }
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("A record that was deleted is missing")
    void deleted() {
      auditing.tamper("DELETE FROM audit WHERE seq IN (43, 699, 700)");

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(
              tuple(Kind.MISSING, 42L), tuple(Kind.MISSING, 698L), tuple(Kind.MISSING, 699L));
    }

    @Test
    @DisplayName("Records that were swapped are both named")
    void swapped() {
      auditing.tamper(
          "UPDATE audit SET correlation_id = CASE seq WHEN 10 THEN 'c10' ELSE 'c9' END,"
              + " evidence = (SELECT evidence FROM audit other WHERE other.seq = 21 - audit.seq)"
              + " WHERE seq IN (10, 11)");

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind)
          .containsExactly(Kind.ALTERED, Kind.ALTERED);
    }

    @Test
    @DisplayName("Records in other places of the tree are both named")
    void reordered() {
      auditing.tamper(
          "UPDATE audit_tile SET sequences = REPLACE(sequences, ' 10 11 ', ' 11 10 ')"
              + " WHERE level = 0 AND number = 0");

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind)
          .containsExactly(Kind.REORDERED, Kind.REORDERED);
    }

    @Test
    @DisplayName("A record that was inserted below what the tree has seen is named")
    void inserted() {
      insert(-1);

      assertThat(auditing.verify().findings())
          .singleElement()
          .satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.INSERTED);
            assertThat(one.what()).contains("record -1");
          });
    }

    @Test
    @DisplayName("A record in a gap that was closed a day ago is named, and not taken in")
    void inserted_into_a_gap() {
      auditing.tamper("DELETE FROM audit WHERE seq > 700");
      insert(710);
      auditing.sequencer.run();
      auditing.clock.advance(Sequencer.GAP_OPEN.plusSeconds(1));
      insert(711);
      auditing.sequencer.run();
      insert(705);
      auditing.sequencer.run();

      assertThat(auditing.verify().findings())
          .singleElement()
          .satisfies(one -> assertThat(one.what()).contains("record 705"));
    }

    @Test
    @DisplayName("A tile that names more records than it has leaves hides none that was inserted")
    void named_by_a_tile() {
      insert(-1);
      auditing.tamper("UPDATE audit_tile SET sequences = sequences || ' -1' WHERE level = 0");

      assertThat(auditing.verify().findings())
          .singleElement()
          .satisfies(one -> assertThat(one.what()).contains("record -1"));
    }

    @Test
    @DisplayName("A late record that is taken in while the database is verified was not inserted")
    void taken_in_meanwhile() {
      auditing.tamper("DELETE FROM audit WHERE seq > 700");
      insert(710);
      auditing.sequencer.run();
      var evidence = DatabaseEvidence.of(auditing.database);
      insert(705);
      auditing.sequencer.run();

      assertThat(new Verification(evidence, auditing.trust()).run().findings()).isEmpty();
      assertThat(auditing.verify().findings()).isEmpty();
      assertThat(auditing.verify().verified()).isEqualTo(COUNT + 2);
    }

    @Test
    @DisplayName("Records are counted in pieces, without those that have turned up in open gaps")
    void counted() {
      auditing.tamper("DELETE FROM audit WHERE seq > 690");
      insert(710);
      auditing.sequencer.run();
      insert(705);
      insert(707);
      insert(-1);

      for (int most : new int[] {1, 64, 692, 1_000}) {
        assertThat(auditing.database.<Long>read(one -> new RecordCount(one, most).settled(710)))
            .isEqualTo(692);
      }
    }

    @Test
    @DisplayName("However many are not covered, they are counted and exported in pieces")
    void many_uncovered() throws Exception {
      insert(20_000);
      auditing.sequencer.run();
      insert(15_000);
      insert(15_001);
      // One database goes on in the gap, the other behind it.
      auditing.record(COUNT, 5_001);
      var gaps = auditing.gaps();

      for (int most : new int[] {1_000, 5_001, 10_000}) {
        var counted =
            auditing.database.<Uncovered>read(
                one -> new RecordCount(one, most).uncovered(gaps, 20_000));
        assertThat(counted.count()).isEqualTo(5_003);
      }
      var exported = Verification.of(export(), auditing.trust());
      assertThat(exported.uncovered()).isEqualTo(5_003);
      assertThat(exported.uncoveredSince())
          .isEqualTo(auditing.verify().uncoveredSince())
          .isPresent();
      assertThat(Files.readAllLines(folder.resolve("uncovered.jsonl"))).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("The line of a record is the same, read as octets and read as texts")
    void one_line() {
      auditing.tamper(
          "INSERT INTO audit (at, type, outcome, correlation_id, person, evidence)"
              + " VALUES (-7, 't\"\\', 'a' || ?, ?, ?, ?)",
          "\t\n\r\b\f\u0001",
          "",
          "\u00e4\u20ac\ud83d\ude00",
          "{\"a\":\n\"\u00e4\"}");
      long sequence = auditing.sequences().getLast();
      var expected =
          "{\"v\":1,\"seq\":"
              + sequence
              + ",\"at\":-7,\"type\":\"t\\\"\\\\\",\"outcome\":\"a\\t\\n\\r\\b\\f\\u0001\",\"correlation_id\":\"\",\"person\":\"\u00e4\u20ac\ud83d\ude00\",\"evidence\":{\"a\":"
              + "\u001a\"\u00e4\"}}";

      var lines = new ArrayList<String>();
      auditing.database.<Boolean>read(connection -> {
        var line = new RecordLine();
        auditing.database.scan(
            connection,
            StoredRecord.between(sequence, sequence),
            row -> {
              line.write(row);
              lines.add(new String(line.copy(), StandardCharsets.UTF_8));
            });
        for (var record : new LogTables(connection).records(List.of(sequence))) {
          lines.add(new String(record.line(), StandardCharsets.UTF_8));
        }
        return true;
      });

      assertThat(lines).containsExactly(expected, expected);
    }

    void insert(long sequence) {
      auditing.tamper(
          "INSERT INTO audit (seq, at, type, outcome, correlation_id, evidence) "
              + overriding()
              + " VALUES (?, 1, 't', 'success', 'c', '{}')",
          sequence);
    }

    /// What a database wants to hear of whoever numbers records by themselves.
    abstract String overriding();

    @Test
    @DisplayName("A record rewritten together with its hash: its tile is named")
    void rewritten() {
      auditing.rewrite(43);

      assertThat(everywhere(auditing.trust()))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.TREE);
            assertThat(one.leaf()).isZero();
            assertThat(one.what()).contains("leaves 0 to 255");
          });
    }

    @Test
    @DisplayName("At the right edge of the tree, where there is no hash above: the root is missed")
    void rewritten_at_the_edge() {
      auditing.rewrite(700);

      assertThat(everywhere(auditing.trust())).extracting(Finding::kind).containsExactly(Kind.TREE);
    }

    @Test
    @DisplayName("A tile that is missing is named")
    void no_tile() {
      auditing.tamper("DELETE FROM audit_tile WHERE level = 0 AND number = 1");

      assertThat(auditing.verify().findings())
          .anySatisfy(one -> {
            assertThat(one.kind()).isEqualTo(Kind.TREE);
            assertThat(one.what()).contains("tile/0/001");
          });
    }

    private void fork() {
      auditing.tamper("UPDATE audit SET evidence = '{}' WHERE seq = 43");
      List.of("audit_tree", "audit_tile", "audit_gap")
          .forEach(table -> auditing.tamper("DELETE FROM " + table));
      auditing.restart();
      auditing.sequencer.run();
    }

    @Test
    @DisplayName("A log that was made anew over an altered record is a fork of a kept checkpoint")
    void forked() {
      var kept = auditing.note();
      fork();

      assertThat(everywhere(keeping(kept)))
          .singleElement()
          .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.FORKED));
    }

    @Test
    @DisplayName("A log that was cut off is shorter than a kept checkpoint")
    void cut_off() {
      var kept = auditing.note();
      auditing.tamper("DELETE FROM audit WHERE seq > 600");
      fork();

      assertThat(everywhere(keeping(kept)))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.FORKED);
            assertThat(one.what()).contains("has 600 records, and had 700");
          });
    }

    @Test
    @DisplayName("A checkpoint with another size or root under our signature is forged")
    void forged() throws Exception {
      var note = auditing.note();
      var other = new Checkpoint(Auditing.ORIGIN, 699, auditing.checkpoint().root());
      auditing.tamper(
          "UPDATE audit_tree SET checkpoint = ?",
          new Note(other.text(), note.signatures()).print());

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind)
          .containsExactly(Kind.FORGED);
    }

    @Test
    @DisplayName("A checkpoint that somebody else has signed is not signed")
    void unsigned() {
      var stranger = Auditing.signer();
      var text = auditing.note().text();
      auditing.tamper(
          "UPDATE audit_tree SET checkpoint = ?",
          new Note(text, List.of(stranger.sign(text, Auditing.NOW))).print());

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind)
          .containsExactly(Kind.UNSIGNED);
    }

    @Test
    @DisplayName("A checkpoint of another log of the same key is not one of this log")
    void of_another_log() throws Exception {
      var kept = NoteSigner.generate();
      var ours = NoteSigner.log(Auditing.ORIGIN, kept);
      var text = new Checkpoint("other.example/log", 0, Hash.EMPTY).text();
      auditing.tamper(
          "UPDATE audit_tree SET checkpoint = ?",
          new Note(text, List.of(ours.sign(text, Auditing.NOW))).print());

      assertThat(auditing.verify(new Trust(List.of(ours.publicKey()), List.of(), List.of())))
          .satisfies(report ->
              assertThat(report.findings())
                  .extracting(Finding::kind)
                  .containsExactly(Kind.UNSIGNED));
    }

    @Test
    @DisplayName("An emptied log is cut off for whoever kept a checkpoint")
    void emptied() {
      var kept = auditing.note();
      List.of("audit_tree", "audit_tile", "audit", "audit_gap")
          .forEach(table -> auditing.tamper("DELETE FROM " + table));

      assertThat(auditing.verify(keeping(kept)).findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.FORKED);
    }

    @ParameterizedTest
    @CsvSource({"11, 50", "50, 11"})
    @DisplayName("In an export: a copied line is named, and nothing else for it")
    void a_copied_line(int from, int to) throws Exception {
      export();
      edit(
          "records/000000.part.jsonl",
          lines -> {
            lines.set(300, lines.get(300).replace("success", "refused"));
            lines.add(to, lines.get(from));
            return lines;
          });

      var report = Verification.of(new ExportFolder(folder), auditing.trust());

      assertThat(report.findings())
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(tuple(Kind.INSERTED, (long) to), tuple(Kind.ALTERED, 300L));
      assertThat(report.findings().getFirst().what()).contains("twice");
    }

    @Test
    @DisplayName("In an export: a line altered, missing, inserted or moved is named")
    void lines_of_an_export() throws Exception {
      export();
      edit(
          "records/000000.part.jsonl",
          lines -> {
            lines.set(9, lines.get(9).replace("success", "refused"));
            lines.remove(99);
            lines.add(199, lines.get(9));
            Collections.swap(lines, 300, 301);
            return lines;
          });

      var report = Verification.of(new ExportFolder(folder), auditing.trust());

      assertThat(report.findings())
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(
              tuple(Kind.ALTERED, 9L),
              tuple(Kind.MISSING, 99L),
              tuple(Kind.INSERTED, 200L),
              tuple(Kind.REORDERED, 300L),
              tuple(Kind.REORDERED, 301L));
      assertThat(report.verified()).isEqualTo(COUNT - 4);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "000001.part.jsonl",
          "000001.jsonl",
          "000000b.jsonl",
          "0000000.part.jsonl",
          "000000.part.jsonl.tmp",
          "notes",
          "99999999999999999999.jsonl"
        })
    @DisplayName("In an export: a file beside the records that nobody looks at is named")
    void strange_file(String name) throws Exception {
      export();
      Files.writeString(folder.resolve("records").resolve(name), "{\"v\":1,\"seq\":9}\n");

      assertStrange(name);
    }

    @Test
    @DisplayName("In an export: an altered part beside a whole file that is good is named")
    void altered_part() throws Exception {
      export();
      Files.copy(
          folder.resolve("records/000000.part.jsonl"), folder.resolve("records/000000.jsonl"));
      edit(
          "records/000000.part.jsonl",
          lines -> {
            lines.set(9, lines.get(9).replace("success", "refused"));
            return lines;
          });

      assertStrange("000000.part.jsonl");
    }

    @Test
    @DisplayName("In an export: a folder among the records, and a link in place of them, are named")
    void no_files() throws Exception {
      export();
      Files.createDirectory(folder.resolve("records/000001.jsonl"));
      assertStrange("000001.jsonl");

      Files.delete(folder.resolve("records/000001.jsonl"));
      var records = folder.resolve("records/000000.part.jsonl");
      Files.move(records, folder.resolve("elsewhere"));
      Files.createSymbolicLink(records, folder.resolve("elsewhere"));
      assertStrange("000000.part.jsonl");
    }

    private void assertStrange(String name) {
      var report = Verification.of(new ExportFolder(folder), auditing.trust());

      assertThat(report.findings())
          .containsExactly(
              new Finding(
                  Kind.INSERTED,
                  Finding.LOG,
                  "records/" + name + " is no file of this log: nothing in it is verified"));
      assertThat(report.verified()).isEqualTo(COUNT);
    }

    @Test
    @DisplayName("What an export that died has left beside a whole file is gone after the next one")
    void parts_of_a_dead_export() throws Exception {
      export();
      var whole = folder.resolve("records/000000.jsonl");
      Files.move(folder.resolve("records/000000.part.jsonl"), whole);
      Files.writeString(folder.resolve("records/000000.part.jsonl"), "of before");
      Files.writeString(folder.resolve("records/000000.part.jsonl.tmp"), "half");

      assertThat(Verification.of(export(), auditing.trust()).findings()).isEmpty();
    }

    @Test
    @DisplayName("What somebody has made unreadable is named, and everything else is verified")
    void unreadable_parts() {
      auditing.tamper("UPDATE audit SET evidence = 'not JSON' WHERE seq = 43");
      auditing.tamper("UPDATE audit_tile SET hashes = '%%' WHERE level = 0 AND number = 1");
      auditing.tamper(
          "INSERT INTO audit_copy (place, size, note, at) VALUES ('witness w', 3, 'nonsense', 0)");

      assertThat(everywhere(auditing.trust()))
          .extracting(Finding::kind)
          .contains(Kind.UNREADABLE, Kind.ALTERED, Kind.TREE)
          .hasSizeLessThan(10);
      assertThat(auditing.verify().findings())
          .extracting(Finding::what)
          .anySatisfy(what -> assertThat(what).contains("\"seq\":43"))
          .anySatisfy(what -> assertThat(what).contains("witness w"));
    }

    @Test
    @DisplayName(
        "An export from anybody has no more copies of checkpoints than there is memory for")
    void copies() throws Exception {
      export();
      var copies = Files.createDirectories(folder.resolve("copies"));
      for (int i = 0; i < 201; i++) {
        Files.writeString(copies.resolve("stranger-" + i + ".note"), "nonsense");
      }
      assertThatThrownBy(() -> Verification.of(new ExportFolder(folder), auditing.trust()))
          .isInstanceOf(UnreadableException.class)
          .hasMessageContaining("more than 200 copies");
    }

    @Test
    @DisplayName("What cannot be read is no verdict")
    void unreadable() throws Exception {
      export();
      Files.writeString(folder.resolve("checkpoint"), "nonsense");

      assertThatThrownBy(() -> Verification.of(new ExportFolder(folder), auditing.trust()))
          .isInstanceOf(UnreadableException.class)
          .hasMessageContaining("checkpoint");
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }

    @Override
    String overriding() {
      return "";
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    @Override
    String overriding() {
      return "OVERRIDING SYSTEM VALUE";
    }
  }
}
