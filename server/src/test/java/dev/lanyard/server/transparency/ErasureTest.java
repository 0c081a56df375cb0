package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.PersonalData;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.transparency.Erasure.Verdict;
import dev.lanyard.server.transparency.Finding.Kind;
import dev.lanyard.server.transparency.Holds.Hold;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Issue 8.7: erasure, legal hold and retention, with a log that still verifies")
class ErasureTest {

  abstract static class Contract {
    static final String ANN = "p-ann";
    static final String MAIL = "ann@acme.example";

    final Auditing auditing;

    Contract(DatabaseConfig config) {
      this.auditing = new Auditing(config);
    }

    @AfterEach
    void close() {
      auditing.close();
    }

    AuditEvent event(String type, String person, String mail) {
      var evidence =
          JsonObject.builder()
              .put("scope", "files.read")
              .put("email", mail)
              .put("check", "domain")
              .put("actual", "the address " + mail)
              .put("use", 3)
              .build();
      return AuditEvent.of(type, Outcome.REFUSED, auditing.clock.instant(), "c-" + person, evidence)
          .withOrganisation("acme")
          .withPerson(person);
    }

    void record(AuditEvent... events) {
      new AuditLog(auditing.database).append(events[0]);
      for (int i = 1; i < events.length; i++) {
        new AuditLog(auditing.database).append(events[i]);
      }
      auditing.sequencer.run();
    }

    private PersonKeys people() {
      return new PersonKeys(auditing.database, Auditing.MASTER);
    }

    private JsonObject shown(String person) {
      return new AuditLog(auditing.database, people())
          .query(AuditQuery.newest(50).ofPerson(person))
          .getFirst()
          .event()
          .evidence();
    }

    /// What is in the database.
    private String kept() {
      return auditing.database.<String>read(connection ->
          new LogTables(connection)
              .following(0, 1_000).stream().map(record -> record.evidence()).toList().toString());
    }

    Verdict erase(String person) {
      return new Erasure(auditing.database, auditing.clock)
          .erase(person, Optional.of("acme"), "root", "command-1", _ -> true);
    }

    private Hold hold(Optional<String> person, Optional<String> organisation) {
      var hold = new Hold("h1", person, organisation, "case 7", "root", auditing.clock.instant());
      new Holds(auditing.database, auditing.clock).place(hold, "command-2");
      return hold;
    }

    @Test
    @DisplayName("What tells who somebody is gets concealed when it becomes a leaf, and is shown")
    void concealed() {
      record(event("sign-in", ANN, MAIL));

      assertThat(kept()).doesNotContain(MAIL).contains("files.read", PersonalData.CONCEALED);
      assertThat(shown(ANN).toJson())
          .contains("\"email\":\"" + MAIL + "\"", "the address " + MAIL, "\"use\":3")
          .doesNotContain(PersonalData.CONCEALED);
      assertThat(auditing.verify().findings()).isEmpty();
      assertThat(auditing.verify().verified()).isEqualTo(1);
    }

    @Test
    @DisplayName("Without the keys it stays concealed for whoever reads")
    void without_keys() {
      record(event("sign-in", ANN, MAIL));

      assertThat(new AuditLog(auditing.database).query(AuditQuery.newest(1)).toString())
          .doesNotContain(MAIL);
    }

    @Test
    @DisplayName("A person has one key; each has their own")
    void keys() {
      record(
          event("sign-in", ANN, MAIL),
          event("sign-in", ANN, MAIL),
          event("sign-in", "p-bob", "bob@acme.example"));

      int keys =
          auditing.database.read(connection -> {
            try (var rows =
                connection
                    .createStatement()
                    .executeQuery("SELECT COUNT(*) FROM audit_person_key")) {
              rows.next();
              return rows.getInt(1);
            }
          });
      assertThat(keys).isEqualTo(2);
    }

    @Test
    @DisplayName("Whoever is erased is so for ever; the decisions stay, the log verifies")
    void erased() {
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      var before = auditing.note();

      assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());
      record(event("token.redeem", ANN, MAIL));

      assertThat(kept()).doesNotContain(MAIL);
      assertThat(shown(ANN).toJson())
          .contains("files.read", "\"check\":\"domain\"", PersonKeys.ERASED)
          .doesNotContain(MAIL);
      assertThat(shown("p-bob").toJson()).contains("bob@acme.example");
      assertThat(
              new AuditLog(auditing.database)
                  .query(AuditQuery.newest(9).ofType("audit.erased"))
                  .getFirst()
                  .event()
                  .person())
          .contains(ANN);
      var keeping =
          new Verification.Trust(List.of(auditing.signer.publicKey()), List.of(), List.of(before));
      assertThat(auditing.verify(keeping).findings()).isEmpty();
      assertThat(erase(ANN)).as("again").isEqualTo(new Verdict.Erased());
    }

    @Test
    @DisplayName("An erasure in the middle of a step: no key is made anew")
    void in_a_step() {
      new AuditLog(auditing.database).append(event("sign-in", ANN, MAIL));
      var calls = new AtomicInteger();
      var step =
          auditing.sequencer(
              () -> {
                if (calls.incrementAndGet() == 2) {
                  assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());
                }
                return auditing.clock.instant();
              },
              "node-a");
      record(event("sign-in", "p-bob", "bob@acme.example"));
      new AuditLog(auditing.database).append(event("sign-in", ANN, MAIL));

      step.run();
      auditing.sequencer.run();

      assertThat(shown(ANN).toJson()).contains(PersonKeys.ERASED).doesNotContain(MAIL);
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("A concealed text of somebody else's in its place is not shown as theirs")
    void moved() {
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      auditing.tamper(
          "UPDATE audit SET evidence = (SELECT evidence FROM audit other WHERE other.person = ?)"
              + " WHERE person = ?",
          ANN,
          "p-bob");

      assertThat(shown("p-bob").toJson()).doesNotContain(MAIL).contains(PersonKeys.MISSING);
      assertThat(auditing.verify().findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.ALTERED);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "DELETE FROM audit_person_key WHERE person = ?",
          "UPDATE audit_person_key SET sealed = 'nothing' WHERE person = ?",
          "UPDATE audit_person_key SET sealed ="
              + " (SELECT sealed FROM audit_person_key other WHERE other.person = 'p-bob')"
              + " WHERE person = ?"
        })
    @DisplayName("A key that is gone without an erasure is found, and not called erased")
    void key_taken(String sql) {
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      auditing.tamper(sql, ANN);

      assertThat(shown(ANN).toJson()).contains(PersonKeys.MISSING).doesNotContain(MAIL);
      assertThat(shown("p-bob").toJson()).contains("bob@acme.example");
      assertThat(auditing.verify().findings())
          .containsExactly(
              new Finding(
                  Kind.KEY_MISSING,
                  0,
                  "what is concealed in record 1 about p-ann cannot be read, and no record says"
                      + " that it was erased"));
    }

    @Test
    @DisplayName("and it is found when another one has been made since")
    void key_made_anew() {
      record(event("sign-in", ANN, MAIL));
      auditing.tamper("DELETE FROM audit_person_key WHERE person = ?", ANN);
      record(event("sign-in", ANN, MAIL));

      assertThat(shown(ANN).toJson()).as("the first one").contains(PersonKeys.MISSING);
      assertThat(auditing.verify().findings())
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(tuple(Kind.KEY_MISSING, 0L));
    }

    @Test
    @DisplayName("Whoever is called erased by nobody is found too, before and after a record")
    void erased_in_silence() {
      record(event("sign-in", "p-bob", "bob@acme.example"));
      auditing.tamper("INSERT INTO audit_erased (person, at) VALUES (?, 0)", ANN);
      record(event("sign-in", ANN, MAIL));

      assertThat(auditing.verify().findings())
          .extracting(Finding::kind, Finding::what)
          .containsExactly(
              tuple(
                  Kind.KEY_MISSING,
                  "what is personal about p-ann is left out of records, and no record says that it"
                      + " was erased"));
    }

    private List<String> keyAlarms() {
      return new Alarms(auditing.database)
          .standing().stream()
              .map(Alarms.Standing::alarm)
              .filter(alarm -> alarm.kind().equals(KeyWatch.ALARM))
              .map(Alarm::detail)
              .toList();
    }

    private KeyWatch watch(LongUnaryOperator beginning) {
      return new KeyWatch(auditing.database, auditing.keys(), people(), auditing.clock, beginning);
    }

    @Test
    @DisplayName("Nobody has to run a verification to learn that a key is gone")
    void key_watch() {
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      assertThat(erase("p-bob")).isEqualTo(new Verdict.Erased());
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      var watch = watch(_ -> 0);
      watch.run();
      assertThat(keyAlarms()).as("what was erased is not missing").isEmpty();

      auditing.tamper("DELETE FROM audit_person_key WHERE person = ?", ANN);
      watch.run();

      assertThat(keyAlarms())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains(ANN, "Run 'lanyard audit verify'")
          .doesNotContain("others", "p-bob", MAIL);
      assertThat(erase(ANN)).as("puts it on record").isEqualTo(new Verdict.Erased());
      for (var alarm : new Alarms(auditing.database).standing()) {
        new Alarms(auditing.database)
            .resolve(alarm.alarm().kind(), alarm.alarm().subject(), auditing.clock.instant());
      }
      watch.run();
      assertThat(keyAlarms()).isEmpty();
    }

    @Test
    @DisplayName("The watch finds keys that are no keys, or made anew, and silent erasures")
    void key_watch_finds() {
      record(event("sign-in", ANN, MAIL));
      auditing.tamper("DELETE FROM audit_person_key WHERE person = ?", ANN);
      record(event("sign-in", ANN, MAIL));
      record(event("sign-in", "p-bob", "bob@acme.example"));
      auditing.tamper("UPDATE audit_person_key SET sealed = 'none' WHERE person = ?", "p-bob");
      auditing.tamper("INSERT INTO audit_erased (person, at) VALUES (?, 0)", "p-cleo");

      watch(_ -> 0).run();

      assertThat(keyAlarms())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains(ANN + " and 2 others");
    }

    @Test
    @DisplayName("It reads few records at once, and all of its part")
    void key_watch_reads_page_after_page() {
      record(event("sign-in", "p-bob", "bob@acme.example"));
      auditing.record(0, 2 * KeyWatch.PAGE);
      record(event("sign-in", ANN, MAIL));
      auditing.tamper("DELETE FROM audit_person_key WHERE person IN (?, 'p-bob')", ANN);

      var watch = watch(_ -> 0);
      watch.run();

      assertThat(keyAlarms())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains(ANN + " and 1 others");
    }

    @Test
    @DisplayName("It begins anywhere and comes round to what is before")
    void key_watch_goes_round() {
      record(event("sign-in", ANN, MAIL));
      auditing.record(0, 10);
      auditing.sequencer.run();
      auditing.tamper("DELETE FROM audit_person_key WHERE person = ?", ANN);
      var largest = new AtomicLong();
      var watch =
          watch(number -> {
            largest.set(number);
            return number - 3;
          });
      watch.run();
      assertThat(largest).hasValue(auditing.state().lookedAt());
      assertThat(keyAlarms()).as("behind its beginning").isEmpty();
      watch.run();
      assertThat(keyAlarms()).hasSize(1);
    }

    @Test
    @DisplayName("An erasure leaves no reason that somebody has typed")
    void reasons() {
      record(event("sign-in", ANN, MAIL));
      for (var person : List.of(ANN, "p-bob")) {
        auditing.tamper(
            "INSERT INTO signal (source, id, incident, what, subject, person, occurred_at,"
                + " received_at, reason, correlation_id, forget_after)"
                + " VALUES ('a', ?, ?, 'DISABLED', ?, ?, 0, 0, ?, 'c', 0)",
            person,
            person,
            person,
            person,
            person + " left");
        auditing.tamper(
            "INSERT INTO session (id, server, secret_hash, person, created_at, expires_at)"
                + " VALUES (?, 's', ?, ?, 0, 0)",
            "s-" + person,
            "s-" + person,
            person);
        for (var kind : List.of("PERSON", "SESSION")) {
          auditing.tamper(
              "INSERT INTO deny (kind, value, before, forget_after, reason, created_at, sequence)"
                  + " VALUES (?, ?, 0, 0, ?, 0, 0)",
              kind,
              kind.equals("PERSON") ? person : "s-" + person,
              person + " left");
        }
      }

      assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());

      for (var table : List.of("signal", "deny")) {
        assertThat(
                auditing.database.<List<String>>read(connection ->
                    new Statements(connection)
                        .list("SELECT DISTINCT reason FROM " + table, row -> row.getString(1))))
            .containsExactlyInAnyOrder("", "p-bob left");
      }
    }

    @Test
    @DisplayName(
        "A hold on the person, the organisation or everybody forbids it until it is lifted")
    void held() {
      record(event("sign-in", ANN, MAIL));
      for (var hold :
          List.of(
              hold(Optional.of(ANN), Optional.empty()),
              new Hold("h2", Optional.empty(), Optional.of("acme"), "c", "r", Auditing.NOW),
              new Hold("h3", Optional.empty(), Optional.empty(), "c", "r", Auditing.NOW))) {
        var holds = new Holds(auditing.database, auditing.clock);
        if (!hold.id().equals("h1")) {
          holds.place(hold, "command-3");
        }

        assertThat(erase(ANN)).isEqualTo(new Verdict.Held(List.of(hold)));
        assertThat(shown(ANN).toJson()).contains(MAIL);

        assertThat(holds.lift(hold.id(), "root", "command-4")).isTrue();
        assertThat(holds.lift(hold.id(), "root", "command-4")).isFalse();
      }
      new Holds(auditing.database, auditing.clock)
          .place(
              new Hold("h4", Optional.of("p-bob"), Optional.empty(), "c", "r", Auditing.NOW),
              "command-5");

      assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());
    }

    @Test
    @DisplayName("An export has nothing personal of records that are not concealed yet")
    void not_covered_yet(@TempDir Path folder) throws Exception {
      auditing.record(0, 3);
      auditing.sequencer.run();
      new AuditLog(auditing.database).append(event("sign-in", ANN, MAIL));

      new LogExport(auditing.database, new ExportFolder(folder)).write(0, Long.MAX_VALUE);

      assertThat(folder.resolve("uncovered.jsonl"))
          .content()
          .contains("files.read", ANN, "\"concealed\":\"" + DatabaseEvidence.LEFT_OUT + "\"")
          .doesNotContain(MAIL);
      assertThat(Verification.of(new ExportFolder(folder), auditing.trust()))
          .isEqualTo(auditing.verify());
      assertThat(shown(ANN).toJson()).as("in the record it stays").contains(MAIL);
    }

    // Retention

    private int retain(Map<EventClass, Duration> kept) {
      return retain(new RetentionTimes(kept, Map.of()));
    }

    private int retain(RetentionTimes kept) {
      return new Retention(auditing.database, auditing.keys(), auditing.clock, kept).run();
    }

    private List<Long> numbers() {
      return new AuditLog(auditing.database)
          .query(AuditQuery.newest(5_000).ofType("token.redeem")).stream()
              .map(AuditRecord::sequence)
              .toList();
    }

    @Test
    @DisplayName("Records of a class that have expired go; what remains verifies, and says so")
    void removed() {
      auditing.record(0, 600);
      record(event("sign-in", ANN, MAIL));
      var before = auditing.note();
      auditing.clock.advance(Duration.ofDays(40));
      auditing.record(600, 10);
      auditing.sequencer.run();

      assertThat(retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)))).isEqualTo(600);
      auditing.sequencer.run();

      assertThat(numbers()).hasSize(10);
      assertThat(shown(ANN).toJson()).contains(MAIL);
      var report =
          auditing.verify(
              new Verification.Trust(
                  List.of(auditing.signer.publicKey()), List.of(), List.of(before)));
      assertThat(report.findings()).isEmpty();
      assertThat(report.removed()).isEqualTo(600);
      assertThat(report.verified()).isEqualTo(12);
      assertThat(retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "at = 0",
          "at = 0, type = 'token.redeem'",
          "person = 'p-bob'",
          "evidence = '{}'"
        })
    @DisplayName("A row that is not what was recorded is not removed, and still named")
    void altered_is_kept(String change) {
      auditing.record(0, 3);
      record(event("sign-in", ANN, MAIL));
      auditing.clock.advance(Duration.ofDays(40));
      auditing.tamper("UPDATE audit SET " + change + " WHERE seq = 4");
      var month = Duration.ofDays(30);

      int gone = retain(Map.of(EventClass.REDEMPTION, month, EventClass.SIGN_IN, month));
      auditing.sequencer.run();

      assertThat(gone).isEqualTo(3);
      assertThat(auditing.alarms())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("not what was recorded", "record 4");
      var report = auditing.verify();
      assertThat(report.findings())
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(tuple(Kind.ALTERED, 3L));
      assertThat(report.removed()).isEqualTo(3);
    }

    @Test
    @DisplayName("A row and its hash that were rewritten are not removed either")
    void rewritten_is_kept() {
      auditing.record(0, 300);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));
      auditing.rewrite(290);

      // Of the tile that was changed nothing is proved; the other one hangs on its hash.
      assertThat(retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)))).isZero();

      assertThat(numbers()).hasSize(300);
      assertThat(auditing.alarms()).hasSize(1);
    }

    @Test
    @DisplayName("Nothing is removed on a checkpoint that the log has not signed")
    void not_signed_by_the_log() {
      auditing.record(0, 30);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));
      auditing.tamper("UPDATE audit_tree SET checkpoint = REPLACE(checkpoint, '30', '29')");

      assertThatThrownBy(() -> retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30))))
          .isInstanceOf(DamagedLogException.class);

      assertThat(numbers()).hasSize(30);
      assertThat(auditing.alarms()).hasSize(1);
    }

    @Test
    @DisplayName("A removal says of which class, before which time, how many; each class its own")
    void says_what_was_removed() {
      auditing.record(0, 5);
      record(event("sign-in", ANN, MAIL));
      auditing.clock.advance(Duration.ofDays(40));
      var now = auditing.clock.instant();

      retain(
          Map.of(
              EventClass.REDEMPTION, Duration.ofDays(30), EventClass.SIGN_IN, Duration.ofDays(20)));

      var removals =
          new AuditLog(auditing.database).query(AuditQuery.newest(9).ofType("audit.removed"));
      assertThat(removals)
          .extracting(one ->
              one.event().told("class").orElseThrow()
                  + " "
                  + one.event().told("before").orElseThrow()
                  + " "
                  + one.event().told("count").orElseThrow())
          .containsExactlyInAnyOrder(
              "sign-in " + now.minus(Duration.ofDays(20)) + " 1",
              "redemption " + now.minus(Duration.ofDays(30)) + " 5");
      auditing.sequencer.run();
      assertThat(auditing.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("Another class, time or range under a signature of the log is no removal")
    void signed_for_something_else() {
      var why = new Removal.Expiry(EventClass.REDEMPTION, Optional.empty(), Auditing.NOW);
      var keys = List.of(auditing.signer.publicKey());
      var evidence =
          Removal.of(why, new TreeSet<>(List.of(4L))).evidence(auditing.signer, Auditing.NOW);
      assertThat(Removal.of(evidence, keys)).isPresent();

      for (var change :
          Map.of("4-4", "4-9", "redemption before", "kill before", "11-29", "11-30").entrySet()) {
        var note = evidence.text("note").orElseThrow().replace(change.getKey(), change.getValue());
        assertThat(note).isNotEqualTo(evidence.text("note").orElseThrow());
        assertThat(Removal.of(JsonObject.builder().put("note", note).build(), keys)).isEmpty();
      }
    }

    @Test
    @DisplayName("Tiles that were looked at are looked at again when something in them expires")
    void rests_and_goes_on() {
      record(event("sign-in", ANN, MAIL));
      auditing.record(0, 4_200);
      auditing.sequencer.run();
      var retention =
          new Retention(
              auditing.database,
              auditing.keys(),
              auditing.clock,
              new RetentionTimes(
                  Map.of(
                      EventClass.REDEMPTION,
                      Duration.ofDays(30),
                      EventClass.SIGN_IN,
                      Duration.ofDays(60)),
                  Map.of()));
      auditing.clock.advance(Duration.ofDays(40));
      assertThat(retention.run()).isEqualTo(4_200);
      // Whatever becomes of these rows meanwhile: nothing is read of them.
      auditing.tamper(
          "UPDATE audit_tile SET hashes = 'x' || hashes WHERE number = 3 AND level = 0");
      assertThat(retention.run()).isZero();
      auditing.tamper(
          "UPDATE audit_tile SET hashes = SUBSTR(hashes, 2) WHERE number = 3 AND level = 0");
      auditing.clock.advance(Duration.ofDays(21));

      assertThat(retention.run()).isEqualTo(1);
    }

    @Test
    @DisplayName("Who comes back as an organisation's administrator is nobody's business any more")
    void administrators() {
      for (var sql :
          List.of(
              "INSERT INTO person (id, organisation, user_name, user_name_key, display_name, active,"
                  + " created_at, updated_at) VALUES ('p-ann', 'acme', 'a', 'a', 'A', 0, 1, 1)",
              "INSERT INTO person_link (organisation, issuer, subject, person, created_at)"
                  + " VALUES ('acme', 'https://idp.example', 'ann-sub', 'p-ann', 1)",
              organisation("acme"),
              organisation("evil"),
              administrator("acme", "https://idp.example", "ann-sub"),
              administrator("acme", "https://idp.example", "ben-sub"),
              administrator("acme", "https://other.example", "ann-sub"),
              administrator("evil", "https://idp.example", "ann-sub"))) {
        auditing.tamper(sql);
      }

      assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());

      assertThat(
              auditing.database.<List<String>>read(connection ->
                  new Statements(connection)
                      .list("SELECT way FROM organisation_administrator", row -> row.getString(1))))
          .containsExactlyInAnyOrder(
              "acme https://idp.example ben-sub",
              "acme https://other.example ann-sub",
              "evil https://idp.example ann-sub");
    }

    private static String organisation(String name) {
      return "INSERT INTO organisation (name, state, rules, due, created_at, changed_at)"
          + " VALUES ('%s', 'open', '{}', 1, 1, 1)".formatted(name);
    }

    private static String administrator(String organisation, String issuer, String subject) {
      return "INSERT INTO organisation_administrator (way, subject, organisation, issuer, client_id,"
          + " named_at) VALUES ('%1$s %2$s %3$s', '%3$s', '%1$s', '%2$s', 'lanyard', 1)"
              .formatted(organisation, issuer, subject);
    }

    @Test
    @DisplayName("Two nodes at once remove each record once, and sign it once")
    void two_nodes_retain() throws Exception {
      auditing.record(0, 600);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));
      int gone = 0;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var month = Map.of(EventClass.REDEMPTION, Duration.ofDays(30));
        var nodes =
            List.of(threads.submit(() -> retain(month)), threads.submit(() -> retain(month)));
        for (var node : nodes) {
          gone += node.get();
        }
      }

      assertThat(gone).isEqualTo(600);
      auditing.sequencer.run();
      assertThat(auditing.verify().findings()).isEmpty();
      assertThat(auditing.verify().removed()).isEqualTo(600);
    }

    @Test
    @DisplayName("What was removed a moment ago, before a checkpoint covers that, is not missing")
    void removed_a_moment_ago(@TempDir Path folder) {
      auditing.record(0, 30);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));
      retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)));
      var exported = new ExportFolder(folder);
      new LogExport(auditing.database, exported).write(0, Long.MAX_VALUE);

      var live = auditing.verify();

      assertThat(live.findings()).isEmpty();
      assertThat(live.removed()).isEqualTo(30);
      assertThat(live.uncovered()).isEqualTo(1);
      assertThat(Verification.of(exported, auditing.trust())).isEqualTo(live);
    }

    private List<Optional<String>> signedIn() {
      return new AuditLog(auditing.database)
          .query(AuditQuery.newest(9).ofType("sign-in")).stream()
              .map(one -> one.event().organisation())
              .toList();
    }

    @Test
    @DisplayName("AUD-4: one organisation's records are kept for as long as is said for it")
    void by_organisation(@TempDir Path folder) {
      var brief = Optional.of("brief before of");
      var lasting = Optional.of("lasting");
      var event = event("sign-in", ANN, MAIL);
      record(event.withOrganisation(brief.get()), event.withOrganisation(lasting.get()), event);
      var common = event.organisation();
      var kept =
          new RetentionTimes(
              Map.of(EventClass.SIGN_IN, Duration.ofDays(60)),
              Map.of(
                  brief.get(),
                  Map.of(EventClass.SIGN_IN, Duration.ofDays(30)),
                  lasting.get(),
                  Map.of(EventClass.SIGN_IN, Duration.ofDays(90))));

      auditing.clock.advance(Duration.ofDays(31));
      assertThat(retain(kept)).isEqualTo(1);
      assertThat(signedIn()).containsExactlyInAnyOrder(lasting, common);
      auditing.clock.advance(Duration.ofDays(30));
      assertThat(retain(kept)).isEqualTo(1);
      assertThat(signedIn()).containsExactly(lasting);
      auditing.clock.advance(Duration.ofDays(30));
      assertThat(retain(kept)).isEqualTo(1);

      assertThat(
              new AuditLog(auditing.database)
                  .query(AuditQuery.newest(9).ofType(Removal.TYPE)).stream()
                      .map(one -> one.event().evidence().text("organisation")))
          .containsExactly(
              Optional.of("\"brief before of\""), Optional.empty(), Optional.of("\"lasting\""));
      auditing.sequencer.run();
      var exported = new ExportFolder(folder);
      new LogExport(auditing.database, exported).write(0, Long.MAX_VALUE);
      assertThat(auditing.verify().findings()).isEmpty();
      assertThat(auditing.verify().removed()).isEqualTo(3);
      assertThat(Verification.of(exported, auditing.trust())).isEqualTo(auditing.verify());
    }

    @Test
    @DisplayName("What is kept for ever, or for a week at least, is so for one organisation too")
    void no_organisation_forgets_at_once() {
      assertThatThrownBy(() -> ofAcme(EventClass.SWITCH, Duration.ofDays(400)))
          .hasMessageContaining("audit.retention_by_organisation.acme.switch cannot be");
      assertThatThrownBy(() -> ofAcme(EventClass.SIGN_IN, Duration.ofDays(6)))
          .hasMessageContaining("audit.retention_by_organisation.acme.sign-in must be at least 7d");
    }

    private static RetentionTimes ofAcme(EventClass its, Duration life) {
      return new RetentionTimes(Map.of(), Map.of("acme", Map.of(its, life)));
    }

    @Test
    @DisplayName("What was said of a policy review is kept for ever: an open one is judged by it")
    void reviews() {
      record(event("review.opened", ANN, MAIL), event("sign-in", ANN, MAIL));
      auditing.clock.advance(Duration.ofDays(400));
      var most =
          Arrays.stream(EventClass.values())
              .filter(its -> its != EventClass.SWITCH && its != EventClass.REVIEW)
              .collect(Collectors.toMap(its -> its, _ -> Duration.ofDays(7)));
      for (var its : List.of(EventClass.SWITCH, EventClass.REVIEW)) {
        assertThatThrownBy(() -> configured(Map.of(its, Duration.ofDays(7))))
            .hasMessageContaining("audit.retention." + its.value());
      }

      assertThat(retain(configured(most).retention())).isEqualTo(1);

      assertThat(
              new AuditLog(auditing.database).query(AuditQuery.newest(9).ofType("review.opened")))
          .hasSize(1);
    }

    private static TransparencyConfig configured(Map<EventClass, Duration> retention) {
      var none = TransparencyConfig.NONE;
      return new TransparencyConfig(
          none.anchors(),
          none.witnesses(),
          none.every(),
          none.readers(),
          new RetentionTimes(retention, Map.of()));
    }

    @Test
    @DisplayName("What the log has recorded about itself is kept for ever")
    void about_itself() {
      record(event("sign-in", ANN, MAIL));
      erase(ANN);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));

      assertThat(retain(Map.of(EventClass.SYSTEM, Duration.ofDays(30)))).isZero();

      assertThat(new AuditLog(auditing.database).query(AuditQuery.newest(9).ofType("audit.erased")))
          .hasSize(1);
    }

    @Test
    @DisplayName("An erasure waits for a hold that is being placed, and sees it")
    void hold_in_between() throws Exception {
      record(event("sign-in", ANN, MAIL));
      var placing = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      // The time is asked for when the hold is written and its transaction has not ended.
      var holds =
          new Holds(
              auditing.database,
              () -> {
                placing.countDown();
                try {
                  end.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return Auditing.NOW;
              });
      var hold = new Hold("h1", Optional.of(ANN), Optional.empty(), "c", "r", Auditing.NOW);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var placed =
            Meanwhile.does(() -> {
              holds.place(hold, "command-2");
              return true;
            });
        placed.until(() -> placing.getCount() == 0);
        var erased = threads.submit(() -> erase(ANN));
        assertThatThrownBy(() -> erased.get(500, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        end.countDown();
        assertThat(placed.outcome()).isTrue();

        assertThat(erased.get()).isEqualTo(new Verdict.Held(List.of(hold)));
      }
      assertThat(shown(ANN).toJson()).contains(MAIL);
    }

    @Test
    @DisplayName("More than what was removed that is missing is still missing")
    void more_is_missing() {
      auditing.record(0, 600);
      auditing.sequencer.run();
      auditing.clock.advance(Duration.ofDays(40));
      auditing.record(600, 10);
      auditing.sequencer.run();
      retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)));
      auditing.sequencer.run();
      auditing.tamper("DELETE FROM audit WHERE seq = 605");

      assertThat(auditing.verify().findings())
          .extracting(Finding::kind, Finding::leaf)
          .containsExactly(tuple(Kind.MISSING, 604L));
    }

    @Test
    @DisplayName("A removal that the log has not signed removes nothing")
    void not_signed() {
      auditing.record(0, 20);
      auditing.sequencer.run();
      auditing.tamper("DELETE FROM audit WHERE seq = 5");
      var evidence =
          Removal.of(
                  new Removal.Expiry(EventClass.REDEMPTION, Optional.empty(), Auditing.NOW),
                  new TreeSet<>(List.of(4L)))
              .evidence(Auditing.signer(), Auditing.NOW);
      record(AuditEvent.of(Removal.TYPE, Outcome.SUCCESS, Auditing.NOW, "retention", evidence));

      assertThat(auditing.verify().findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.MISSING);
    }

    @Test
    @DisplayName("What a hold is about stays; what is not covered yet stays")
    void kept_by_hold() {
      auditing.record(0, 70);
      auditing.sequencer.run();
      hold(Optional.of("p3"), Optional.empty());
      auditing.clock.advance(Duration.ofDays(40));

      assertThat(retain(Map.of(EventClass.REDEMPTION, Duration.ofDays(30)))).isEqualTo(60);
      assertThat(numbers()).hasSize(10);
      assertThat(retain(Map.of())).isZero();
    }
  }

  @Nested
  class OnSqlite extends Contract {
    private final Path folder;

    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
      this.folder = folder;
    }

    @Test
    @DisplayName("The key is in no file of the database any more, nor is what was deleted with it")
    void no_octet_of_the_key() throws Exception {
      record(event("sign-in", ANN, MAIL), event("sign-in", "p-bob", "bob@acme.example"));
      var key =
          auditing
              .database
              .<Optional<String>>read(connection ->
                  new Statements(connection)
                      .first(
                          "SELECT sealed FROM audit_person_key WHERE person = ?",
                          row -> row.getString(1),
                          ANN))
              .orElseThrow();
      assertThat(files()).as("before").contains(key);

      assertThat(erase(ANN)).isEqualTo(new Verdict.Erased());

      // Where everything is slow the log is emptied a moment after the erasure.
      Soon.until(() -> !files().contains(key));
      assertThat(files()).doesNotContain(MAIL);
    }

    private String files() throws Exception {
      var all = new StringBuilder();
      try (var files = Files.walk(folder)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
      return all.toString();
    }
  }

  @Tag("thorough")
  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
