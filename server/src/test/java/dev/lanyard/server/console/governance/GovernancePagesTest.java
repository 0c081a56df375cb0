package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Forecasts;
import dev.lanyard.server.governance.forecast.Probability;
import dev.lanyard.server.governance.probe.Finding;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.governance.probe.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Issues 9 and 10: the console shows coverage, forecasts, value and routing")
class GovernancePagesTest {
  private static final String SCRIPT =
      "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>";
  private static final String EVIL = "javascript:alert(1)";
  private static final String CRM = "https://crm.example/mcp";

  @TempDir static Path folder;

  private static ConsoleWorld world;
  private static Surfer reviewer;

  @BeforeAll
  static void start() throws IOException {
    for (var part : List.of("library", "catalog", "data")) {
      Files.createDirectories(folder.resolve(part));
    }
    Files.writeString(folder.resolve("library/vendors.yaml"), vendors());
    Files.writeString(folder.resolve("catalog/ours.yaml"), catalog());
    Files.writeString(folder.resolve("workloads.yaml"), workloads());
    world =
        ConsoleWorld.start(
            folder,
            ConsoleWorld.ANY_FACTOR,
            "catalog: {folder: catalog}\nrouting: {workloads: workloads.yaml}\n");
    var _ = world.person("sales-1", "sales");
    var _ = world.person("sales-2", "sales", "engineering");
    record();
    reviewer = world.signedIn("governance-reviewer", "audit");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String vendors() {
    var many =
        IntStream.range(0, 60)
            .mapToObj(i ->
                """
                  bulk-%1$02d:
                    name: Bulk %1$02d
                    category: bulk
                    authorization_server: https://bulk.example
                    resource: https://bulk.example/%1$02d
                    scopes: [read]
                """
                    .formatted(i))
            .collect(Collectors.joining());
    return """
    connectors:
      crm:
        name: %s
        category: %s
        authorization_server: https://crm.example
        resource: %s
        scopes: [read]
    %sroles:
      sales:
        groups: [sales]
        connectors: {crm: [read]}
    """
        .formatted(quoted("CRM " + SCRIPT), quoted("sales " + SCRIPT), CRM, many);
  }

  private static String quoted(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  private static String catalog() {
    return """
    connectors:
      crm:
        name: CRM
        category: sales
        address: %s
        seen:
          - {on: 2026-11-01, bucket: tracking, what: %s, evidence: "%s"}
          - {on: 2026-11-20, bucket: tracking, what: still, evidence: "https://crm.example/ema?a=1&b=2"}
    """
        .formatted(CRM, quoted(SCRIPT), EVIL);
  }

  private static String workloads() {
    return """
    workloads:
      %s:
        connector: crm
        data_class: public
        freshness: any
        calls_per_day: 1000
        writes: false
    """
        .formatted(quoted("report " + SCRIPT));
  }

  private static void record() {
    var now = world.clock.instant();
    var file = DatabaseConfig.of("jdbc:sqlite:" + folder.resolve("data/lanyard.db"));
    try (var database = Database.open(file, world.clock)) {
      found(database, "2026-11-02T00:00:00Z", "2026-11-10T00:00:00Z", new Finding.Unknown(SCRIPT));
      found(
          database, "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", new Finding.Seen(published()));
      new Alarms(database).raise(new Alarm(Probes.CONTRADICTS, "crm", "says " + SCRIPT, now));
      new Forecasts(database)
          .say(
              List.of(
                  said("crm", "ana", "2026-05-01T00:00:00Z", "2026-Q3", "2027-Q2", EVIL),
                  said(
                      "bulk-00",
                      SCRIPT,
                      "2026-11-01T00:00:00Z",
                      "2027-Q1",
                      "2027-Q2",
                      "https://bulk.example/plans")),
              "operator",
              "c");
      new AuditLog(database)
          .append(
              AuditEvent.of(
                      "token.exchange",
                      Outcome.SUCCESS,
                      now,
                      "request",
                      JsonObject.builder().put("connectors", List.of("crm")).build())
                  .withPerson("sales-1")
                  .withClient("studio"));
    }
  }

  private static Published published() {
    return new Published(
        "401 " + SCRIPT,
        true,
        List.of(EVIL),
        false,
        false,
        false,
        true,
        List.of("none"),
        true,
        false,
        true);
  }

  private static void found(Database database, String since, String until, Finding finding) {
    var insert =
        "INSERT INTO probe_evidence (address, since, confirmed_at, looks, finding)"
            + " VALUES (?, ?, ?, ?, ?)";
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(
                    insert,
                    new ResourceIndicator(CRM).value(),
                    Instant.parse(since),
                    Instant.parse(until),
                    3,
                    finding.toJson().toJson()));
  }

  private static Forecast said(
      String connector, String by, String at, String first, String second, String evidence) {
    var chances =
        new Chances(
            new TreeMap<>(
                Map.of(
                    Quarter.parse(first), Probability.parse("30%"),
                    Quarter.parse(second), Probability.parse("20%"))));
    return new Forecast(connector, chances, by, "because " + SCRIPT, evidence, Instant.parse(at));
  }

  /// The page when everything on it has been counted.
  private static String page(String path) {
    return page(reviewer, path);
  }

  private static String page(Surfer surfer, String path) {
    while (true) {
      var answer = surfer.open(path);
      assertThat(answer.status()).as(path).isEqualTo(200);
      if (!answer.body().contains("id=\"waiting\"")) {
        return answer.body();
      }
    }
  }

  @Nested
  @DisplayName("Coverage map")
  class CoverageMap {
    @Test
    @DisplayName("connectors, seats and silent people by category; gaps with reason and fallback")
    void map() {
      var map = page("/coverage");

      assertThat(map)
          .as("of two who have the CRM, one has Linear besides")
          .contains("0 of 2, 0 %")
          .contains("Seats by category and how they come", "<svg class=\"chart\"")
          .contains("/coverage/connectors/crm", "direct: each client asks them")
          .contains("2 of 3 roles are wholly silent");
    }

    @Test
    @DisplayName(
        "of a time: who was not written down is not counted, and a time to come is refused")
    void as_of() {
      assertThat(page("/coverage?at=2026-11-22")).contains("none was in force");
      assertThat(page("/coverage?at=2027-01-01")).contains("Write a day or a time that is over");
      assertThat(page("/coverage?at=%3Cscript%3Ealert(1)")).doesNotContain("<script>alert");
      assertThat(page("/coverage?at=2026-11-23T10:00%2B01:00"))
          .contains("/coverage/map.svg?at=2026-11-23T10%3A00%2B01%3A00");
    }

    @Test
    @DisplayName("long lists are paged by the server, and can be of one category")
    void paged() {
      var first = page("/coverage?category=bulk");

      assertThat(first).contains("1 to 50 of 60.", "/coverage/connectors/bulk-49\"");
      assertThat(first).contains("/coverage?category=bulk&amp;from=50");
      assertThat(page("/coverage?category=bulk&from=50"))
          .contains("51 to 60 of 60.", "/coverage/connectors/bulk-59\"")
          .contains("/coverage?category=bulk&amp;from=0");
      assertThat(page("/coverage?category=none-such")).contains("no connectors of this category");
    }

    @Test
    @DisplayName("as files: to be kept, and no documents of this site")
    void files() {
      var _ = page("/coverage");
      for (var type :
          Map.of(
                  "csv", "text/csv;charset=utf-8",
                  "json", "application/json",
                  "svg", "image/svg+xml",
                  "png", "image/png")
              .entrySet()) {
        var answer = reviewer.at("/coverage/map." + type.getKey());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains(type.getValue());
        assertThat(answer.header("Content-Disposition").orElseThrow())
            .isEqualTo("attachment; filename=\"coverage-2026-11-23." + type.getKey() + "\"");
        assertThat(answer.header("Content-Security-Policy").orElseThrow()).contains("sandbox");
        assertThat(answer.header("Cache-Control")).contains("no-store");
      }
      assertThat(reviewer.at("/coverage/map.svg").body())
          .contains("<svg")
          .doesNotContain("<script>", "<img");
      assertThat(reviewer.at("/coverage/map.csv?at=tomorrow").status()).isEqualTo(400);
    }

    @Test
    @DisplayName(
        "of one connector the evidence of probes and catalogue, dated, and what contradicts")
    void evidence() {
      var crm = page("/coverage/connectors/crm");

      assertThat(crm)
          .contains("datetime=\"2026-11-21T00:00:00Z\"", "datetime=\"2026-11-02T00:00:00Z\"")
          .contains("does not say that it takes ID-JAGs", "unknown: &lt;script")
          .contains("2026-11-20", "ours.yaml:")
          .contains(
              "href=\"https://crm.example/ema?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\"")
          .contains("probe-contradicts", "says &lt;script");
      assertThat(page("/coverage")).contains("says &lt;script");
      assertThat(reviewer.open("/coverage/connectors/none").status()).isEqualTo(404);
      assertThat(page("/coverage/connectors/bulk-01"))
          .contains("Nobody has looked at it", "The catalogue does not know it");
    }

    @Test
    @DisplayName(
        "of one connector what is so now is looked at for an administrator, with a reason, and not"
            + " at once again")
    void probed() {
      var place = "/coverage/connectors/bulk-02";
      var why = Map.of("reason", "they say it is there");
      var ada = world.signedIn("governance-ada", "admins");
      assertThat(page(place)).doesNotContain(place + "/probe");
      assertThat(page(ada, place)).contains("href=\"" + place + "/probe\"");
      assertThat(reviewer.at(place + "/probe").status()).isEqualTo(403);
      assertThat(reviewer.submit(place + "/probe", why).status()).isEqualTo(403);
      assertThat(ada.submit(place + "/probe", Map.of()).status()).isEqualTo(400);
      assertThat(world.audit("console.connector-probed")).isEmpty();
      assertThat(ada.open(place + "/probe").body())
          .contains("https://bulk.example/02", "It sends no token");

      var found = ada.submit(place + "/probe", why);

      assertThat(found.status()).as(found.body()).isEqualTo(200);
      assertThat(found.body()).contains("just now", "Looks that found the same");
      assertThat(world.audit("console.connector-probed"))
          .contains("bulk-02", "they say it is there");
      assertThat(world.audit("probe.changed")).contains("https://bulk.example/02");
      var again = ada.submit(place + "/probe", why);
      assertThat(again.status()).isEqualTo(429);
      assertThat(again.body()).contains("less than a minute ago");
      assertThat(world.audit("console.connector-probed").lines()).hasSize(1);
      assertThat(ada.at("/coverage/connectors/none/probe").status()).isEqualTo(404);
      assertThat(ada.submit("/coverage/connectors/none/probe", why).status()).isEqualTo(404);
    }
  }

  @Nested
  @DisplayName("Forecasts")
  class Forecasting {
    @Test
    @DisplayName(
        "what is to be expected by quarter, as a picture and as a table, and what is left out")
    void expected() {
      var page = page("/forecast?quarters=3");

      assertThat(page)
          .contains("Connectors by quarter, expected and from P10 to P90")
          .contains("2026-Q4", "2027-Q2", "P50", "launch independently of each")
          .doesNotContain("2027-Q3<")
          .contains("nobody has made a forecast");
      assertThat(page("/forecast?quarters=0")).contains("Write a number of quarters");
      assertThat(page("/forecast?by=nobody")).contains("has said nothing of any connector");
    }

    @Test
    @DisplayName("a quarter of which nothing was said is shown as that, and counts as nothing")
    void hole() {
      assertThat(page("/forecast/connectors/crm").replaceAll("\\s+", " "))
          .contains("2026-Q3, over", "2026-Q4 to 2027-Q1", "nothing said", "counts as 0 %")
          .contains("Later, or never", "50 %", "not there yet");
      assertThat(page("/forecast/connectors/bulk-09")).contains("Nobody has said anything of it");
      assertThat(reviewer.open("/forecast/connectors/none").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("forecasters are held to account: Brier score, base rate, calibration")
    void scores() {
      assertThat(page("/forecast")).contains("0.090", "/forecast/forecaster?name=ana");
      assertThat(page("/forecast/forecaster?name=ana"))
          .contains("0.090", "Calibration of ana", "30.0 % to 40.0 %", "<circle");
      assertThat(reviewer.open("/forecast/forecaster?name=nobody").status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("Value: what was measured stands apart from what is assumed, and zero is no figure")
  void value() {
    var october = page("/value");
    assertThat(october)
        .contains("no ID-JAG was issued in this month", "Nothing of this month was counted");

    var november = page("/value?month=2026-11");
    var measured = november.indexOf("<h2>Measured");
    var assumed = november.indexOf("<h2>Assumed");
    assertThat(november.indexOf("Tokens without a click")).isBetween(measured, assumed);
    assertThat(november.indexOf("Consent screens avoided")).isGreaterThan(assumed);
    assertThat(november).contains("Consent screens and tickets avoided by month", "value.ticket");
    assertThat(page("/value?month=2027-01")).contains("Write a month that has begun");
    assertThat(page("/value?month=soon")).contains("Write a month that has begun");
  }

  @Test
  @DisplayName("Routing: every workload with its way, the reason, and what each rule found")
  void routing() {
    var page = page("/routing");
    assertThat(page).contains("report &lt;script", "nowhere", "connector crm");

    var one = page("/routing/workload?name=" + Addresses.value("report " + SCRIPT));

    assertThat(one).contains("connector crm: excluded", "exists", "grade");
    assertThat(reviewer.open("/routing/workload?name=none").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("SEC-16: names, reasons, evidence and what probes were told is text, on every page")
  void nothing_is_markup() {
    for (var path :
        List.of(
            "/coverage",
            "/coverage/connectors/crm",
            "/forecast",
            "/forecast/connectors/crm",
            "/forecast/connectors/bulk-00",
            "/forecast/forecaster?name=" + Addresses.value(SCRIPT),
            "/value?month=2026-11",
            "/routing",
            "/routing/workload?name=" + Addresses.value("report " + SCRIPT))) {
      assertThat(page(path))
          .as(path)
          .doesNotContain("<script>alert", "<img src=x", "href=\"javascript:", " style=");
    }
  }

  @Test
  @DisplayName(
      "SEC-14: coverage is for the help desk too; the rest for administrators and reviewers")
  void duties() {
    var desk = world.signedIn("governance-desk", "service-desk");
    var employee = world.signedIn("governance-employee");

    assertThat(page(desk, "/coverage")).contains("Coverage map");
    for (var path :
        List.of(
            "/forecast",
            "/forecast/connectors/crm",
            "/forecast/forecaster",
            "/value",
            "/routing")) {
      assertThat(desk.open(path).status()).as(path).isEqualTo(403);
    }
    for (var path :
        List.of(
            "/coverage",
            "/coverage/map.csv",
            "/coverage/connectors/crm",
            "/forecast",
            "/value",
            "/routing")) {
      assertThat(employee.open(path).status()).as(path).isEqualTo(403);
      assertThat(new Surfer(world).at(path).status()).as(path).isEqualTo(303);
    }
    assertThat(page(world.signedIn("governance-admin", "admins"), "/value")).contains("Measured");
  }

  @Test
  @DisplayName("Where there is nothing yet the page says what makes it appear")
  void empty(@TempDir Path elsewhere) {
    try (var fresh = ConsoleWorld.start(elsewhere, ConsoleWorld.ANY_FACTOR)) {
      var surfer = fresh.signedIn("first", "audit");

      assertThat(page(surfer, "/coverage")).contains("No probe contradicts", "probes.every");
      assertThat(page(surfer, "/forecast")).contains("lanyard forecast set");
      assertThat(page(surfer, "/value")).contains("there is no signed kill receipt");
      assertThat(page(surfer, "/routing")).contains("routing.workloads");
    }
  }
}
