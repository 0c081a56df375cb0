package dev.lanyard.server.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Consent screens and tickets avoided, per connector and month")
class DayOneTest {
  @TempDir Path folder;

  @Test
  void the_first_time_counts_and_no_other() {
    try (var database = Database.open(TestDatabases.sqlite(folder), new TestClock())) {
      var audit = new AuditLog(database);
      issued(audit, "2026-10-30T23:59:59Z", "ana", "code", Outcome.SUCCESS, "linear");
      issued(audit, "2026-10-31T00:00:00Z", "ana", "code", Outcome.SUCCESS, "linear");
      // A second client asks again, but nobody needs a second ticket.
      issued(audit, "2026-11-02T00:00:00Z", "ana", "desk", Outcome.SUCCESS, "linear", "notion");
      issued(audit, "2026-11-03T00:00:00Z", "ben", "code", Outcome.SUCCESS, "linear");
      issued(audit, "2026-11-03T00:00:00Z", "eve", "code", Outcome.REFUSED, "linear");

      assertThat(DayOne.count(audit, YearMonth.of(2026, 10)))
          .containsExactly(
              new DayOne.Line(YearMonth.of(2026, 10), "linear", 1, 1, 2),
              new DayOne.Line(YearMonth.of(2026, 11), "linear", 2, 1, 2),
              new DayOne.Line(YearMonth.of(2026, 11), "notion", 1, 1, 1));
      assertThat(DayOne.count(audit, YearMonth.of(2026, 11))).hasSize(2);
    }
  }

  @Test
  void a_screen_that_somebody_has_seen_was_not_avoided() {
    try (var database = Database.open(TestDatabases.sqlite(folder), new TestClock())) {
      var audit = new AuditLog(database);
      issued(audit, "2026-10-31T00:00:00Z", "ana", "code", Outcome.SUCCESS, "wiki");
      issued(audit, "2026-10-31T00:00:01Z", "ana", "desk", Outcome.SUCCESS, "wiki");
      consented(audit, "2026-11-01T00:00:00Z", "ana", Outcome.REFUSED);
      consented(audit, "2026-11-01T00:00:01Z", "ana", Outcome.SUCCESS);
      consented(audit, "2026-11-02T00:00:00Z", "ana", Outcome.SUCCESS);
      // Connected before the first client came.
      consented(audit, "2026-11-03T00:00:00Z", "ben", Outcome.SUCCESS);
      issued(audit, "2026-11-03T00:00:01Z", "ben", "code", Outcome.SUCCESS, "wiki");
      issued(audit, "2026-11-03T00:00:02Z", "ben", "desk", Outcome.SUCCESS, "wiki");

      assertThat(DayOne.count(audit, YearMonth.of(2026, 10)))
          .containsExactly(
              new DayOne.Line(YearMonth.of(2026, 10), "wiki", 1, 1, 2),
              new DayOne.Line(YearMonth.of(2026, 11), "wiki", 1, 1, 2));
    }
  }

  private static void consented(AuditLog audit, String at, String person, Outcome outcome) {
    var evidence = JsonObject.builder().put("connector", "wiki").build();
    audit.append(
        AuditEvent.of("upstream.consent", outcome, Instant.parse(at), "test", evidence)
            .withPerson(person));
  }

  private static void issued(
      AuditLog audit,
      String at,
      String person,
      String client,
      Outcome outcome,
      String... connectors) {
    var evidence = JsonObject.builder().put("connectors", List.of(connectors)).build();
    audit.append(
        AuditEvent.of("token.exchange", outcome, Instant.parse(at), "test", evidence)
            .withPerson(person)
            .withClient(client));
  }
}
