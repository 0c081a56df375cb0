package dev.lanyard.server.governance.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Rating;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.governance.coverage.Way;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.tools.KnownTool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 5: the evidence of a review, from the record")
class EvidenceTest {
  private static final Instant UNTIL = Instant.parse("2026-11-23T09:00:00Z");
  private static final Evidence.Period PERIOD =
      new Evidence.Period(Instant.parse("2026-10-01T00:00:00Z"), UNTIL);

  private static final Population EVERYBODY = new Population.Everybody();

  private Database database;
  private AuditLog audit;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), new TestClock());
    audit = new AuditLog(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void recorded(String type, Instant at, JsonObject evidence) {
    audit.append(AuditEvent.of(type, Outcome.SUCCESS, at, "request", evidence));
  }

  private static Item only(Evidence evidence) {
    var items = evidence.of(PERIOD);
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  @Test
  @DisplayName("What of a deactivated person was found alive, in a year")
  void sanity() throws Exception {
    assertThat(only(new SanityEvidence(audit, EVERYBODY)).lines())
        .containsExactly("the record was not compared with itself: nothing can be said");
    var clean = JsonObject.builder().put("people", 40).put("disabled", 3).build();
    var finding =
        JsonObject.builder().put("subject", "grant-1").put("fault", "GRANT_ALIVE").build();
    var alive = JsonObject.builder().put("people", 40).put("findings", List.of(finding)).build();
    recorded("reconciliation", UNTIL.minus(Duration.ofDays(366)), alive);
    recorded("reconciliation", UNTIL.minus(Duration.ofDays(300)), alive);
    recorded("reconciliation", UNTIL.minus(Duration.ofDays(2)), clean);

    var item = only(new SanityEvidence(audit, EVERYBODY));

    assertThat(item.facts().integer("comparisons")).contains(2L);
    assertThat(item.facts().integer("found_alive")).contains(1L);
    assertThat(item.lines()).anyMatch(line -> line.contains("grant-1 was alive and was killed"));
    assertThat(item.lines().getFirst()).contains("40 people, 3 of them switched off");
  }

  @Test
  @DisplayName("A record that does not go back a year is not called one")
  void sanity_of_a_shorter_time() throws Exception {
    var begins = UNTIL.minus(Duration.ofDays(40));
    var clean = JsonObject.builder().put("people", 40).put("disabled", 3).build();
    recorded("reconciliation", begins, clean);

    var item = only(new SanityEvidence(audit, EVERYBODY));

    assertThat(item.lines().getFirst())
        .startsWith("compared 1 times since " + begins)
        .doesNotContain("in a year");
    assertThat(item.facts().string("record_begins")).contains(begins.toString());

    var removed = UNTIL.minus(Duration.ofDays(30));
    recorded("reconciliation", UNTIL.minus(Duration.ofDays(2)), clean);
    recorded(
        "audit.removed",
        UNTIL.minus(Duration.ofDays(1)),
        JsonObject.builder().put("class", "kill").put("before", removed.toString()).build());
    assertThat(only(new SanityEvidence(audit, EVERYBODY)).facts().string("record_begins"))
        .contains(removed.toString());
  }

  @Test
  @DisplayName("Who has lost a connector does not stand in for those who have it and never use it")
  void use() throws Exception {
    recorded("library.published", PERIOD.since().minusSeconds(1), JsonObject.EMPTY);
    var linear = JsonObject.builder().put("connectors", List.of("linear")).build();
    for (var person : List.of("ana", "moved")) {
      audit.append(
          AuditEvent.of("token.exchange", Outcome.SUCCESS, UNTIL.minusSeconds(9), "r", linear)
              .withPerson(person));
    }
    // Somebody has made one unreadable: it keeps the others from nobody.
    audit.append(
        AuditEvent.of(
                "token.exchange",
                Outcome.SUCCESS,
                UNTIL.minusSeconds(9),
                "r",
                JsonObject.builder().put("connectors", 7).build())
            .withPerson("ben"));

    var item = only(new UseEvidence(audit, twoSeats(), this::withoutWhoMoved, EVERYBODY));

    assertThat(item.lines()).containsExactly("linear: 2 people have it, 1 used it");
  }

  private Map<String, Integer> withoutWhoMoved(Map<String, Set<String>> users) {
    assertThat(users).containsOnly(Map.entry("linear", Set.of("ana", "moved")));
    return Map.of("linear", 1);
  }

  private static Coverage twoSeats() {
    var rating =
        new Rating(
            Optional.of(Bucket.LIVE),
            Rating.By.CATALOGUE,
            Optional.empty(),
            Optional.empty(),
            "seen");
    return new Coverage(
        UNTIL,
        Optional.of("v"),
        Optional.empty(),
        new Coverage.People(2, 2, 2),
        List.of(),
        List.of(new Coverage.Line("linear", "Linear", "any", rating, Way.SILENT, 2, 0, Use.NONE)),
        List.of());
  }

  @Test
  @DisplayName("Alarms that stand, and what was ended in the period and not before")
  void incidents() throws Exception {
    new Alarms(database).raise(new Alarm("audit-log", "fork", "look at it", UNTIL));
    recorded("person.disabled", PERIOD.since().minusSeconds(1), JsonObject.EMPTY);
    recorded("person.disabled", PERIOD.since(), JsonObject.EMPTY);
    recorded("person.disabled", UNTIL.minusSeconds(1), JsonObject.EMPTY);
    recorded("person.disabled", UNTIL, JsonObject.EMPTY);

    var item = only(new IncidentEvidence(new Alarms(database), audit, EVERYBODY));

    assertThat(item.lines())
        .anyMatch(line -> line.contains("audit-log \"fork\""))
        .contains("person.disabled: 2 times");
    assertThat(item.facts().object("ended").orElseThrow().integer("person.disabled")).contains(2L);
  }

  @Test
  @DisplayName("An alarm that was raised and ended within the period is in the pack")
  void over() throws Exception {
    var alarms = new Alarms(database);
    for (var subject : List.of("within", "before", "after")) {
      alarms.raise(new Alarm("export-stalled", subject, "behind", PERIOD.since().minusSeconds(60)));
    }
    alarms.resolve("export-stalled", "within", PERIOD.since());
    alarms.resolve("export-stalled", "before", PERIOD.since().minusSeconds(1));
    alarms.resolve("export-stalled", "after", UNTIL);

    var item = only(new IncidentEvidence(alarms, audit, EVERYBODY));

    assertThat(item.lines())
        .singleElement()
        .asString()
        .contains("export-stalled \"within\"", "over since " + PERIOD.since());
    assertThat(item.facts().object("alarms_over").orElseThrow().integer("export-stalled"))
        .contains(1L);
  }

  @Test
  @DisplayName("Of very many alarms that are over most are counted: a review is one document")
  void many_over() throws Exception {
    var alarms = new Alarms(database);
    var detail = "x".repeat(1_000);
    var begun = PERIOD.since();
    database.write(connection -> {
      Alarms.raise(
          connection,
          IntStream.range(0, 3_000)
              .mapToObj(number -> new Alarm("ambiguous-subject", "source " + number, detail, begun))
              .toList());
      return true;
    });
    database.write(connection ->
        new Statements(connection)
            .update("UPDATE alarm SET resolved_at = ?", begun.plusSeconds(1)));

    var item = only(new IncidentEvidence(alarms, audit, EVERYBODY));

    assertThat(item.toJson().toBytes()).hasSizeLessThan(400_000);
    assertThat(item.lines())
        .hasSize(201)
        .contains("alarm ambiguous-subject, over as well: 2800 others");
    assertThat(item.facts().object("alarms_over").orElseThrow().integer("ambiguous-subject"))
        .contains(3_000L);
  }

  @Test
  @DisplayName("What retention has removed of the period is not told as nothing")
  void removed() throws Exception {
    var until = PERIOD.since().plusSeconds(60);
    recorded(
        "audit.removed",
        UNTIL,
        JsonObject.builder().put("class", "kill").put("before", until.toString()).build());

    var item = only(new IncidentEvidence(new Alarms(database), audit, EVERYBODY));

    assertThat(item.lines())
        .singleElement()
        .asString()
        .contains("retention has removed", until.toString());
    assertThat(item.facts().string("removed_before")).contains(until.toString());
  }

  @Test
  @DisplayName("Tools that wait, and those that somebody accepted in the period")
  void drift() throws Exception {
    var accepted = new KnownTool.Accepted("sha256:1", "internal", "ana", UNTIL.minusSeconds(60));
    var before = new KnownTool.Accepted("sha256:1", "internal", "ana", Instant.EPOCH);
    var tools =
        List.of(
            new KnownTool(
                "linear",
                "create_issue",
                KnownTool.State.CHANGED,
                Optional.of("sha256:2"),
                UNTIL,
                Optional.of(before)),
            new KnownTool(
                "linear",
                "list_issues",
                KnownTool.State.ACCEPTED,
                Optional.of("sha256:1"),
                UNTIL,
                Optional.of(accepted)));

    var item = only(new DriftEvidence(() -> tools));

    assertThat(item.facts().strings("waiting").orElseThrow())
        .containsExactly("linear create_issue");
    assertThat(item.lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("create_issue is changed"))
        .anyMatch(line -> line.contains("list_issues was accepted by ana"));
  }
}
