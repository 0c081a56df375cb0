package dev.lanyard.server.governance.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.coverage.Coverage.People;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.FolderLibrary;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Trust;
import dev.lanyard.server.revocation.Happening;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

@DisplayName("The coverage map: connectors, seats, use, silence, gaps; as of any time")
class CoverageMapTest {
  private static final String CONNECTOR =
      """
        %1$s:
          name: %1$s
          category: %2$s
          authorization_server: "%3$s"
          resource: "%4$s"
          scopes: [read, write]
      """;

  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  /// Live and early and tracked by the catalogue, unknown, behind our own server, and bridged
  /// there.
  private String connectors() {
    return "connectors:\n"
        + CONNECTOR.formatted(
            "linear", "project management", "https://as.example", "https://mcp.linear.app/mcp")
        + CONNECTOR.formatted("hubspot", "CRM", "https://h.example", "https://mcp.hubspot.com")
        + CONNECTOR.formatted(
            "salesforce", "CRM", "https://s.example", "https://mcp.salesforce.com")
        + CONNECTOR.formatted(
            "wiki", "documentation", "https://w.example", "https://wiki.acme.example")
        + CONNECTOR.formatted(
            "desk", "support", pair.ras().value(), "https://desk.acme.example/mcp")
        + CONNECTOR.formatted(
            "tracker", "support", pair.ras().value(), "https://tracker.acme.example/mcp");
  }

  private static final String ROLES =
      """
      roles:
        engineering: {groups: [engineering], connectors: {linear: [read], desk: [read]}}
        sales: {groups: [sales], connectors: {hubspot: [read], salesforce: [read]}}
        support: {groups: [support], connectors: {wiki: [read], tracker: [read]}}
      """;

  private Library library(String roles) {
    var files = new TreeMap<>(Map.of("all.yaml", connectors() + roles));
    return new LibrarySource(folder, files).read();
  }

  private CoverageMap map(Library library) {
    return new CoverageMap(
        pair.database,
        () -> library,
        KnownWorld::builtIn,
        new Installation(Optional.of(pair.ras()), Set.of("tracker")),
        () -> pair.directory,
        pair.clock);
  }

  private static Map<String, Coverage.Line> lines(Coverage coverage) {
    return coverage.connectors().stream()
        .collect(Collectors.toMap(Coverage.Line::connector, Function.identity()));
  }

  private static Map<String, Integer> seats(Coverage coverage) {
    return coverage.connectors().stream()
        .collect(Collectors.toMap(Coverage.Line::connector, Coverage.Line::seats));
  }

  private void people() {
    pair.person("ana", "engineering");
    pair.person("ben", "engineering", "sales");
    pair.person("cyd", "sales");
    pair.person("dan", "support");
    pair.person("eve", "nothing");
    pair.happened(pair.person("fay", "engineering"), Happening.DISABLED);
  }

  @Test
  @DisplayName("Seats, people whose whole role is silent, gaps with reason and fallback")
  void now() {
    people();
    var coverage = map(library(ROLES)).now();

    assertThat(coverage.people()).isEqualTo(new People(5, 4, 1));
    assertThat(seats(coverage))
        .isEqualTo(
            Map.of("linear", 2, "desk", 2, "hubspot", 2, "salesforce", 2, "wiki", 1, "tracker", 1));
    assertThat(coverage.gaps().stream().map(one -> one.connector() + " " + one.way().value()))
        .containsExactly("hubspot direct", "salesforce direct", "wiki none", "tracker bridge");
    assertThat(lines(coverage).get("desk").rating()).isEqualTo(Rating.OURS);
    assertThat(lines(coverage).get("wiki").rating().reason()).contains("nobody has probed it");
    assertThat(lines(coverage).get("hubspot").rating().on()).contains(LocalDate.of(2026, 11, 23));

    var crm = coverage.categories().getFirst();
    assertThat(crm.name()).isEqualTo("CRM");
    assertThat(crm.buckets()).isEqualTo(new Coverage.Buckets(0, 1, 1, 0));
    assertThat(List.of(crm.seats(), crm.silentSeats())).containsExactly(4L, 0L);
    assertThat(List.of(crm.people(), crm.silentPeople())).containsExactly(2, 0);
    var support = coverage.categories().getLast();
    assertThat(List.of(support.people(), support.silentPeople())).containsExactly(3, 2);

    assertThat(coverage.roles())
        .containsExactly(
            new Coverage.Role("engineering", 2, 2, List.of()),
            new Coverage.Role("sales", 2, 2, List.of("hubspot", "salesforce")),
            new Coverage.Role("support", 1, 2, List.of("tracker", "wiki")));
  }

  @Test
  @DisplayName(
      "Exceptions by name, roles that no client serves, and separations of duty count as policy"
          + " decides")
  void as_policy_decides() {
    people();
    var library =
        library(
            ROLES
                + """
                exceptions:
                  eve: {people: [EVE], connectors: {wiki: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
                  old: {groups: [nothing], connectors: {linear: [read]}, owner: Ana, reason: r, until: "2026-01-31"}
                separation_of_duty:
                  apart: {owner: Ana, reason: r, never_together: {desk: [read], hubspot: [read]}}
                """);
    var coverage = map(library).now();
    // Eve is named; Ben is in both roles, so he has neither desk nor hubspot.
    assertThat(seats(coverage))
        .containsEntry("wiki", 2)
        .containsEntry("linear", 2)
        .containsEntry("desk", 1)
        .containsEntry("hubspot", 1);
    assertThat(coverage.people()).isEqualTo(new People(5, 5, 1));

    var unserved = library("clients: {code: {roles: [sales]}}\n" + ROLES);
    assertThat(seats(map(unserved).now())).containsEntry("linear", 0).containsEntry("hubspot", 2);
  }

  @Test
  @DisplayName(
      "Seats that hang on a condition are counted apart: who has another way has it anyway")
  void on_condition() {
    people();
    var when = "{scopes: [read], conditions: {office: {when: \"now.getHours() < 18\"}}}";
    var conditional =
        library(
            """
            roles:
              engineering: {groups: [engineering], connectors: {linear: %1$s, desk: [read]}}
              sales: {groups: [sales], connectors: {linear: [read], hubspot: %1$s}}
              support:
                groups: [support]
                conditions: {office: {when: "now.getHours() < 18"}}
                connectors: {wiki: [read]}
            exceptions:
              eve: {people: [EVE], connectors: {desk: %1$s}, owner: Ana, reason: r, until: "2026-12-31"}
            """
                .formatted(when));
    var coverage = map(conditional).now();
    var onCondition =
        coverage.connectors().stream()
            .collect(Collectors.toMap(Coverage.Line::connector, Coverage.Line::conditional));
    // Ben has linear as a salesman without a condition.
    assertThat(seats(coverage)).containsEntry("linear", 3).containsEntry("desk", 3);
    assertThat(onCondition)
        .isEqualTo(
            Map.of("linear", 1, "desk", 1, "hubspot", 2, "salesforce", 0, "wiki", 1, "tracker", 0));
    assertThat(CoverageText.of(coverage))
        .contains(
            "5 of 9 seats hang on a condition (a time, a network, a sign-in) and are counted: "
                + "hubspot 2, wiki 1, linear 1, desk 1");
    assertThat(coverage.toJson().toJson()).contains("\"seats_on_condition\":2");
  }

  @Test
  @DisplayName("What a separation of duty leaves only under a condition hangs on it")
  void separated_on_condition() {
    people();
    var apart =
        library(
            """
            roles:
              engineering: {groups: [engineering], connectors: {linear: [write], desk: [read]}}
              sales:
                groups: [sales]
                connectors: {linear: {scopes: [read], conditions: {office: {when: "now.getHours() < 18"}}}}
            separation_of_duty:
              apart: {owner: Ana, reason: r, never_together: {desk: [read], linear: [write]}}
            """);
    var linear = lines(map(apart).now()).get("linear");
    // Ana loses what she may write; Ben keeps to read, and Cyd has it: both under the condition.
    assertThat(linear.seats()).isEqualTo(2);
    assertThat(linear.conditional()).isEqualTo(2);
  }

  @Test
  @DisplayName("Of those who used something, who still has it: neither who moved nor who is gone")
  void who_still_has_it() {
    var ana = pair.person("ana", "engineering").id().value();
    var cyd = pair.person("cyd", "sales").id().value();
    var fay = pair.person("fay", "engineering");
    pair.happened(fay, Happening.DISABLED);
    var users =
        Map.of(
            "linear", Set.of(ana, cyd, fay.id().value(), "nobody"),
            "hubspot", Set.of(ana, cyd),
            "wiki", Set.of(ana));
    assertThat(map(library(ROLES)).holding(users))
        .containsExactlyInAnyOrderEntriesOf(Map.of("linear", 1, "hubspot", 1));
  }

  private void means(Map<String, Set<String>> groups, String... connectors) {
    pair.clock.advance(Duration.ofMinutes(1));
    new PeopleRecord(pair.database)
        .keep(
            new WhosePeople(
                Optional.of(World.ORGANISATION), new Others(groups, Set.of(connectors))),
            pair.clock.instant());
  }

  @Test
  @DisplayName("SEC-9: a partner's people count by the groups that count, behind the gateway only")
  void of_a_partner() {
    people();
    var zoe = pair.personOf("partner", "zoe", "zoe@partner.example", "engineering", "support");
    var eve = pair.personOf("partner", "eve", "eve@partner.example", "nothing");
    var named =
        ROLES
            + """
            exceptions:
              eve: {people: [EVE], connectors: {tracker: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
              hers: {people: [%s], connectors: {desk: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
            """
                .formatted(eve.id().value());
    assertThat(seats(map(library(ROLES)).now())).as("nobody asked").containsEntry("linear", 3);

    means(Map.of());
    assertThat(seats(map(library(ROLES)).now()))
        .isEqualTo(
            Map.of("linear", 2, "desk", 2, "hubspot", 2, "salesforce", 2, "wiki", 1, "tracker", 1));
    means(Map.of("partner", Set.of("support")), "tracker", "desk");
    assertThat(seats(map(library(ROLES)).now()))
        .containsEntry("linear", 2)
        .containsEntry("wiki", 1)
        .containsEntry("tracker", 2);
    assertThat(map(library(ROLES)).now().roles())
        .extracting(Coverage.Role::name, Coverage.Role::people)
        .contains(tuple("engineering", 2), tuple("support", 2));
    // Of the two who are called Eve the exception means the one, and by the id the other.
    assertThat(seats(map(library(named)).now()))
        .containsEntry("tracker", 3)
        .containsEntry("desk", 3);
    var used = Map.of("linear", Set.of(zoe.id().value()), "tracker", Set.of(zoe.id().value()));
    assertThat(map(library(ROLES)).holding(used)).isEqualTo(Map.of("tracker", 1));
  }

  @Test
  @DisplayName("As of a time: the library, the people and the statements of then")
  void at_a_time() throws IOException {
    people();
    var files = Files.createDirectories(folder.resolve("policy"));
    Files.writeString(files.resolve("all.yaml"), connectors() + ROLES);
    var publications =
        new Publications(
            pair.database,
            new Trust(pair.broker().value(), () -> new Approvers(List.of())),
            ApproverPeople.UNKNOWN,
            Duration.ofDays(3),
            pair.clock);
    pair.clock.advance(Duration.ofMinutes(1));
    var before = pair.clock.instant();
    pair.clock.advance(Duration.ofMinutes(1));
    var _ = FolderLibrary.open(files, publications);
    pair.clock.advance(Duration.ofMinutes(1));
    var first = pair.clock.instant();
    pair.clock.advance(Duration.ofDays(1));
    pair.person("gus", "sales");
    Files.writeString(
        files.resolve("all.yaml"),
        connectors() + "roles: {sales: {groups: [sales], connectors: {linear: [read]}}}\n");
    var library = FolderLibrary.open(files, publications).current();

    var map = map(library);
    assertThat(map.at(before).library()).isEmpty();
    assertThat(map.at(before).connectors()).isEmpty();
    assertThat(map.at(first).people()).isEqualTo(new People(5, 4, 1));
    assertThat(map.now().people()).isEqualTo(new People(6, 3, 3));
    assertThat(CoverageText.of(map.at(before))).anyMatch(one -> one.contains("nothing was given"));
  }

  @Test
  void use() {
    var exchanged = JsonObject.builder().put("connectors", List.of("desk", "tracker")).build();
    new AuditLog(pair.database)
        .append(
            AuditEvent.of(
                "token.exchange", Outcome.SUCCESS, pair.clock.instant(), "test", exchanged));
    var coverage = map(library(ROLES)).now();
    assertThat(lines(coverage).get("desk").use()).isEqualTo(new Use(1, 0));
    assertThat(coverage.categories().getLast().use()).isEqualTo(new Use(2, 0));
  }

  @Nested
  @DisplayName("In other forms")
  class Forms {
    @Test
    void json_and_text() {
      people();
      var coverage = map(library(ROLES)).now();
      assertThat(coverage.toJson().toJson())
          .contains(
              "\"wholly_silent\":1",
              "\"fallback\":\"bridge\"",
              "\"category\":\"CRM\",\"live\":0,\"early\":1,\"tracking\":1,\"unknown\":0,\"seats\":4");
      assertThat(CoverageText.of(coverage))
          .contains("1 of 4 people who are given something are wholly silent (25 %); 5 are active")
          .anyMatch(one -> one.contains("1 of 3 roles are wholly silent"));
    }

    @Test
    @DisplayName("CSV: quoted, and nothing that a spreadsheet would run")
    void csv() {
      var hostile =
          new Coverage(
              pair.clock.instant(),
              Optional.of("v"),
              Optional.empty(),
              new People(0, 0, 0),
              List.of(),
              List.of(
                  new Coverage.Line(
                      "x",
                      "=cmd()",
                      "a, \"b\"",
                      new Rating(
                          Optional.empty(),
                          Rating.By.NOBODY,
                          Optional.empty(),
                          Optional.empty(),
                          "r"),
                      Way.NONE,
                      0,
                      0,
                      Use.NONE)),
              List.of());
      assertThat(CoverageCsv.of(hostile))
          .isEqualTo(
              "at,category,connector,name,bucket,by,on,reason,way,seats,exchanges_30_days,calls_30_days,"
                  + "seats_on_condition\r\n"
                  + "2026-11-23T09:00:00.250Z,\"a,"
                  + " \"\"b\"\"\",x,'=cmd(),unknown,nobody,,r,none,0,0,0,0\r\n");
    }

    @Test
    @DisplayName("SVG: well-formed whatever names say, with no script and nothing from elsewhere")
    void svg() throws Exception {
      people();
      var files =
          new TreeMap<>(
              Map.of(
                  "all.yaml",
                  (connectors() + ROLES)
                      .replace("name: wiki", "name: \"<script>&'wiki\"")
                      .replace("category: CRM", "category: \"C<R>M\"")));
      var svg = CoverageSvg.of(map(new LibrarySource(folder, files).read()).now());
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)));
      assertThat(document.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 1280 720");
      assertThat(document.getElementsByTagName("script").getLength()).isZero();
      assertThat(svg).contains("25 %", "1 of 4 people", "C&lt;R&gt;M", "legacy bridge");
      assertThat(svg).doesNotContain("href", "url(");
    }
  }
}
