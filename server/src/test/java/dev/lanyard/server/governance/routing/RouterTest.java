package dev.lanyard.server.governance.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Workload routing: connector, direct API or local knowledge base, each answer with its rules")
class RouterTest {
  private static final String OURS = "https://ras.acme.example";

  private static final String LIBRARY =
      """
      data_classes: [public, internal, confidential, restricted]
      connectors:
        notion:
          name: Notion
          category: documentation
          authorization_server: https://mcp.notion.com
          resource: https://mcp.notion.com/mcp
          scopes: [read]
          tools: {search: internal, fetch: confidential}
        wiki:
          name: Wiki
          category: documentation
          authorization_server: https://ras.acme.example
          resource: https://wiki.acme.example/mcp
          scopes: [read, write]
          tools: {search: internal, edit: {grade: restricted, scopes: [write]}}
        salesforce:
          name: Salesforce
          category: CRM
          authorization_server: https://sf.example
          resource: https://mcp.salesforce.com
          scopes: [read]
          tools: {query: internal}
      roles:
        staff: {groups: [staff], clearance: confidential, connectors: {notion: [read], wiki: [read]}}
        sales: {groups: [sales], connectors: {salesforce: [read]}}
        robots: {agents: [ci-bot], clearance: restricted, connectors: {wiki: [read, write]}}
      """;

  private static final String WAYS =
      """
      ways:
        connectors: {cost_per_1000: 1.00, most_per_day: 10000}
        direct:
          notion: {up_to: internal, residual: 30d, cost_per_1000: 0.20}
        local:
          handbook:
            holds: [documentation]
            up_to: confidential
            refreshed: 1d
            residual: 1d
            cost_per_1000: 0.05
      residual_at_most: {confidential: 1h, restricted: 5m}
      """;

  @TempDir Path folder;
  private Database database;
  private final TestClock clock = new TestClock();

  @BeforeEach
  void open() {
    database = Database.open(TestDatabases.sqlite(folder), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Answer route(String workload) throws IOException {
    return route(WAYS, LIBRARY, workload);
  }

  private Answer route(String ways, String library, String workload) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("w.yaml"), ways + "workloads:\n  work: {" + workload + "}\n");
    var inForce = new LibrarySource(folder, new TreeMap<>(Map.of("library.yaml", library))).read();
    var map =
        new CoverageMap(
            database,
            () -> inForce,
            KnownWorld::builtIn,
            new Installation(Optional.of(new Issuer(OURS)), Set.of()),
            () -> Directory.open(database, clock),
            clock);
    return new Router(() -> inForce, () -> Workloads.read(file), map).route("work").orElseThrow();
  }

  private static String chosen(Answer answer) {
    return answer.chosen().map(Considered::name).orElse("nowhere");
  }

  /// By which rule a way was excluded, and why.
  private static String excluded(Answer answer, String way) {
    var considered = answer.considered().stream().filter(one -> one.name().equals(way)).findFirst();
    var last = considered.orElseThrow().remarks().getLast();
    assertThat(last.passed()).as(last.reason()).isFalse();
    return last.rule().value() + ": " + last.reason();
  }

  @Test
  @DisplayName("Of the ways that no rule excludes, the cheapest")
  void cheapest() throws IOException {
    var answer =
        route(
            "category: documentation, data_class: internal, freshness: any, calls_per_day: 2000,"
                + " writes: false");
    assertThat(chosen(answer)).isEqualTo("local knowledge base handbook");
    assertThat(answer.reason()).isEqualTo("the cheapest of 4 ways that no rule excludes");
    assertThat(answer.considered().getFirst().costPerDay().orElseThrow()).isEqualTo("0.10");
    assertThat(answer.considered())
        .allSatisfy(one -> assertThat(one.remarks()).hasSize(RoutingRule.values().length));
  }

  @Test
  void fresh_data_is_no_copy() throws IOException {
    var answer =
        route(
            "category: documentation, data_class: internal, freshness: 1h, calls_per_day: 10,"
                + " writes: false");
    assertThat(excluded(answer, "local knowledge base handbook"))
        .isEqualTo("freshness: the copy is up to 1 d old, and the work wants 1 h");
    assertThat(chosen(answer)).isEqualTo("direct API notion");
  }

  @Test
  @DisplayName("A residual window that the data class allows: our own server's, not the vendor's")
  void residual() throws IOException {
    var library = LIBRARY.replace("search: internal, edit", "search: confidential, edit");
    var answer =
        route(
            WAYS,
            library,
            "category: documentation, data_class: confidential, freshness: any, calls_per_day: 10,"
                + " writes: false");
    assertThat(chosen(answer)).isEqualTo("connector wiki");
    assertThat(excluded(answer, "connector notion"))
        .isEqualTo(
            "residual: after a kill 8 h stay open, and data that is confidential may for 1 h");
    assertThat(excluded(answer, "local knowledge base handbook")).startsWith("residual: ");
    assertThat(excluded(answer, "direct API notion"))
        .isEqualTo("grade: declared for data up to internal, and this is confidential");
    assertThat(answer.reason()).isEqualTo("the only way that no rule excludes");
  }

  @Test
  @DisplayName("An agent comes through connectors that a role gives it, without a consent")
  void agents() throws IOException {
    var answer =
        route(
            "category: documentation, data_class: restricted, freshness: any, calls_per_day: 10,"
                + " writes: true, agent: ci-bot");
    assertThat(chosen(answer)).isEqualTo("connector wiki");
    assertThat(excluded(answer, "connector notion"))
        .isEqualTo("given: no role gives it to agent ci-bot");
    assertThat(excluded(answer, "local knowledge base handbook"))
        .isEqualTo("writes: it writes, and a copy cannot be written to");

    var crm =
        LIBRARY.replace(
            "robots: {agents: [ci-bot], clearance: restricted, connectors: {",
            "robots: {agents: [ci-bot], clearance: restricted, connectors: {salesforce: [read], ");
    var tracked =
        route(
            WAYS,
            crm,
            "connector: salesforce, data_class: internal, freshness: any, calls_per_day: 1, writes:"
                + " false, agent: ci-bot");
    assertThat(chosen(tracked)).isEqualTo("nowhere");
    assertThat(excluded(tracked, "connector salesforce"))
        .isEqualTo("coverage: it is direct: 2026-06-27: legacy per-user OAuth (launch article)");
    assertThat(tracked.reason()).startsWith("every way is excluded");
  }

  @Test
  void volume_grade_clearance_and_what_is_not_there() throws IOException {
    assertThat(
            excluded(
                route(
                    "connector: wiki, data_class: internal, freshness: 1m, calls_per_day: 10001,"
                        + " writes: true"),
                "connector wiki"))
        .isEqualTo("volume: 10,001 calls a day, of 10,000 that it bears");
    assertThat(
            excluded(
                route(
                    "connector: salesforce, data_class: confidential, freshness: any,"
                        + " calls_per_day: 1, writes: false"),
                "connector salesforce"))
        .isEqualTo("grade: no tool of it is graded for data that is confidential");
    assertThat(
            excluded(
                route(
                    "connector: salesforce, data_class: internal, freshness: any, calls_per_day: 1,"
                        + " writes: false"),
                "connector salesforce"))
        .isEqualTo(
            "grade: no role that gives it may use a tool that is graded for data that is internal");
    assertThat(
            excluded(
                route(
                    WAYS,
                    LIBRARY.replace("tools: {search: internal, edit:", "tools: {edit:"),
                    "connector: wiki, data_class: internal, freshness: any, calls_per_day: 1,"
                        + " writes: true"),
                "connector wiki"))
        .as("the only tool is above what staff is cleared for, and takes a scope they have not")
        .isEqualTo(
            "grade: no role that gives it may use a tool that is graded for data that is internal");
    assertThat(
            excluded(
                route(
                    WAYS,
                    LIBRARY.replace(
                        "  sales: {groups: [sales], connectors: {salesforce: [read]}}\n", ""),
                    "connector: salesforce, data_class: public, freshness: any, calls_per_day: 1,"
                        + " writes: false"),
                "connector salesforce"))
        .isEqualTo("given: no role gives it to people");
    assertThat(
            excluded(
                route(
                    "connector: jira, data_class: internal, freshness: any, calls_per_day: 1,"
                        + " writes: false"),
                "connector jira"))
        .isEqualTo("exists: the role library has no connector 'jira'");
    var noClass =
        route(
            "connector: wiki, data_class: secret, freshness: any, calls_per_day: 1, writes: false");
    assertThat(excluded(noClass, "connector wiki"))
        .startsWith("exists: the role library has no data class 'secret'");
    var nothing =
        route(
            "category: robotics, data_class: internal, freshness: any, calls_per_day: 1, writes:"
                + " false");
    assertThat(nothing.reason()).isEqualTo("nothing that is declared gets at it");
  }

  @Test
  @DisplayName("A way whose end nobody knows is none where the class has a limit")
  void unknown_end() throws IOException {
    var ways = WAYS.replace("up_to: internal, residual: 30d", "up_to: restricted");
    var answer =
        route(
            ways,
            LIBRARY,
            "connector: notion, data_class: confidential, freshness: 1m, calls_per_day: 1, writes:"
                + " false");
    assertThat(excluded(answer, "direct API notion"))
        .isEqualTo(
            "residual: nobody knows how long it stays open after a kill, and data that is"
                + " confidential may for 1 h");
    assertThat(chosen(answer)).isEqualTo("nowhere");
    assertThat(answer.toJson().toJson())
        .contains("\"route\":\"none\"", "\"rule\":\"residual\",\"passed\":false");
  }

  @Nested
  @DisplayName("The file")
  class TheFile {
    private void assertFault(String text, String... faults) throws IOException {
      var file = Files.writeString(folder.resolve("w.yaml"), text);
      assertThatThrownBy(() -> Workloads.read(file))
          .isInstanceOf(FaultyFileException.class)
          .message()
          .contains(faults);
    }

    @Test
    void every_fault_has_its_line() throws IOException {
      assertFault(
          "workloads:\n  a: {data_class: x, freshness: any, calls_per_day: 1, writes: false}\n",
          "w.yaml:2: 'a' needs either 'connector' or 'category', and not both");
      assertFault(
          "workloads:\n  a: {connector: x, data_class: x, freshness: any, calls_per_day: 1}\n",
          "w.yaml:2: 'writes' is missing");
      assertFault(
          "workloads:\n  a: {connector: x, data_class: x, freshness: soon, calls_per_day: 1, writes: false}\n",
          "w.yaml:2: ",
          "'soon' is not a duration");
      assertFault(
          "ways: {local: {kb: {holds: [x], up_to: y}}}\nworkloads: {}\n",
          "w.yaml:1: ",
          "'ways.local.kb.refreshed' is missing");
      assertFault(
          "ways: {direct: {x: {cost_per_1000: cheap}}}\nworkloads: {}\n",
          "'cheap' is no amount such as 0.25");
    }
  }
}
