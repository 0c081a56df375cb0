package dev.lanyard.server.governance.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.value.Assumptions.Minutes;
import dev.lanyard.server.governance.value.Figure.Basis;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission facts 2 and 3: what a month was worth, and what of it was measured")
class ValueReportTest {
  private static final YearMonth MONTH = YearMonth.of(2026, 10);

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

  private void recorded(String type, String person, String at) {
    audit.append(
        AuditEvent.of(
                type,
                Outcome.SUCCESS,
                Instant.parse(at),
                "request",
                JsonObject.builder().put("connectors", List.of("linear")).build())
            .withPerson(person)
            .withClient("code"));
  }

  private ValueReport report(Assumptions assumptions, Kills.Kill... kills) {
    return ValueReport.of(MONTH, audit, (_, _) -> List.of(kills), assumptions);
  }

  private static Figure figure(ValueReport report, String name) {
    return report.figures().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void joiners_are_measured_from_their_coming_to_their_first_use() {
    recorded("scim.user.created", "ana", "2026-10-05T08:00:00Z");
    recorded("token.exchange", "ana", "2026-10-05T08:00:40Z");
    recorded("token.exchange", "ana", "2026-10-06T08:00:00Z");
    recorded("person.created", "ben", "2026-10-31T23:00:00Z");
    recorded("token.exchange", "ben", "2026-11-01T01:00:00Z");
    recorded("person.created", "eve", "2026-10-20T09:00:00Z");
    recorded("person.created", "dan", "2026-11-02T09:00:00Z");

    var report = report(Assumptions.NONE);

    assertThat(figure(report, "joiners").value()).isEqualTo(3);
    assertThat(figure(report, "joiners_with_use").value()).isEqualTo(2);
    assertThat(figure(report, "first_use_p50").value()).isEqualTo(40);
    assertThat(figure(report, "first_use_p95").value()).isEqualTo(7200);
    assertThat(figure(report, "first_use_p95").basis()).isEqualTo(Basis.MEASURED);
  }

  private void removed(String eventClass, String before) {
    audit.append(
        AuditEvent.of(
            "audit.removed",
            Outcome.SUCCESS,
            Instant.parse("2026-11-20T00:00:00Z"),
            "retention",
            JsonObject.builder().put("class", eventClass).put("before", before).build()));
  }

  @Test
  void what_retention_has_removed_is_no_month_in_which_nothing_happened() {
    removed("issuance", "2026-11-01T00:00:00Z");

    var report = report(Assumptions.NONE);

    assertThat(report.missing())
        .contains(
            "ID-JAGs of this month: retention has removed the records from before 2026-11-01T00:00:00Z",
            "people who came in this month, and their first use: retention has removed the records"
                + " from before 2026-11-01T00:00:00Z")
        .noneMatch(one -> one.contains("no ID-JAG was issued") || one.contains("nobody"));
  }

  @Test
  void of_a_month_that_is_there_in_part_it_is_told_from_when_on() {
    removed("issuance", "2026-10-05T00:00:00Z");
    removed("kill", "2026-11-01T00:00:00Z");
    recorded("token.exchange", "ana", "2026-10-05T08:00:40Z");

    var report = report(Assumptions.NONE);

    assertThat(figure(report, "silent_exchanges").value()).isEqualTo(1);
    assertThat(report.missing())
        .contains(
            "ID-JAGs of this month: retention has removed the records from before 2026-10-05T00:00:00Z");
  }

  @Test
  void time_is_told_only_with_somebody_who_says_what_one_takes() {
    recorded("token.exchange", "ana", "2026-10-05T08:00:40Z");
    recorded("token.exchange", "ben", "2026-10-05T08:00:40Z");

    var silent = report(Assumptions.NONE);
    assertThat(figure(silent, "tickets_avoided").value()).isEqualTo(2);
    assertThat(figure(silent, "tickets_avoided").basis()).isEqualTo(Basis.ASSUMED);
    assertThat(figure(silent, "silent_exchanges").basis()).isEqualTo(Basis.MEASURED);
    assertThat(silent.missing()).anyMatch(one -> one.contains("value.ticket"));

    var minutes = new Minutes(20, "Service desk");
    var told = report(new Assumptions(Optional.of(minutes), Optional.empty()));
    assertThat(figure(told, "ticket_minutes_saved"))
        .isEqualTo(
            Figure.assumed(
                "ticket_minutes_saved",
                "Time saved, tickets",
                40,
                "minutes",
                "20 minutes for each, assumed: Service desk"));
  }

  @Test
  void kills_and_what_is_out_of_reach_come_from_receipts() {
    var fast = new Kills.Kill(Optional.of(Duration.ofMillis(80)), false, true, Map.of());
    var slow =
        new Kills.Kill(
            Optional.of(Duration.ofMillis(400)),
            false,
            false,
            Map.of("salesforce", new Kills.Residual(Duration.ofHours(8), Optional.empty())));
    var failed =
        new Kills.Kill(
            Optional.empty(),
            true,
            true,
            Map.of(
                "notion",
                new Kills.Residual(Duration.ofMinutes(5), Optional.of(Duration.ofHours(8)))));

    var unknown = new Kills.Kill(Optional.empty(), false, true, Map.of());

    var report = report(Assumptions.NONE, slow, fast, failed, unknown);

    assertThat(figure(report, "kills").value()).isEqualTo(4);
    assertThat(figure(report, "kills_not_known").value()).isEqualTo(1);
    assertThat(figure(report, "kills_not_refused").value()).isEqualTo(1);
    assertThat(figure(report, "kill_p50").value()).isEqualTo(80);
    assertThat(figure(report, "kill_max").value()).isEqualTo(400);
    assertThat(figure(report, "kills_not_final").value()).isEqualTo(1);
    assertThat(figure(report, "residual_salesforce").value()).isEqualTo(28_800);
    assertThat(figure(report, "residual_salesforce").basis()).isEqualTo(Basis.ASSUMED);
    assertThat(figure(report, "residual_salesforce").source()).contains("its server decides");
    assertThat(figure(report, "residual_notion").value()).isEqualTo(28_800);
    assertThat(figure(report, "residual_notion").source()).contains("token life in the catalogue");
  }

  @Test
  void what_did_not_happen_is_told_as_such_and_not_as_zero() {
    var report = report(Assumptions.NONE);
    assertThat(report.figures()).isEmpty();
    assertThat(report.missing()).hasSize(3);
  }
}
