package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.broker.BrokerConfig.Lives;
import dev.lanyard.server.credentials.GatewayClient;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.Recording.Order;
import dev.lanyard.server.gateway.front.Recording.WithoutAudit;
import dev.lanyard.server.governance.probe.ProbeConfig;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.LibraryConfig;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.stdio.StdioConfig;
import dev.lanyard.server.transparency.RetentionTimes;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("lanyard.yaml")
class ConfigurationFileTest {
  private static final String SMALLEST =
      """
      database: {url: "jdbc:sqlite:data/x.db"}
      master_key_file: key
      library: library
      broker:
        issuer: https://id.example
        listen: 127.0.0.1:8443
        organisation: acme
        clients: clients.yaml
      """;

  private static final String RAS =
      """
      ras:
        issuer: https://ras.example
        listen: "[::1]:8444"
        clients: ras.yaml
      """;

  @TempDir Path folder;

  @Nested
  @DisplayName("Defaults")
  class Defaults {
    @Test
    void of_the_broker() {
      var broker = read(SMALLEST).broker().orElseThrow();

      assertThat(broker.config().lives()).isEqualTo(Lives.DEFAULT);
      assertThat(Lives.DEFAULT.idToken()).isEqualTo(Duration.ofHours(8));
      assertThat(Lives.DEFAULT.idJag()).isEqualTo(Duration.ofSeconds(300));
      assertThat(broker.tls()).isEmpty();
      assertThat(broker.address().getPort()).isEqualTo(8443);
    }

    @Test
    void deny() {
      var config = read(SMALLEST + RAS);

      assertThat(config.ras().orElseThrow().config().organisations()).isEmpty();
      assertThat(config.ras().orElseThrow().config().resources()).isEmpty();
      assertThat(config.outbound().exposesLoopback()).isFalse();
      assertThat(config.outbound().internalHosts()).isEmpty();
    }

    @Test
    void of_limits() {
      var limits = read(SMALLEST).limits();
      assertThat(limits).isEqualTo(StrangerLimits.DEFAULT);
      assertThat(limits.failures()).isEqualTo(60);
      assertThat(limits.proxies()).as("no header is believed").isEqualTo(TrustedProxies.NONE);
    }

    @Test
    void of_access_tokens_are_long_enough_for_silence() {
      assertThat(read(SMALLEST + RAS).ras().orElseThrow().config().accessTokenLife())
          .isEqualTo(Duration.ofMinutes(45));
    }
  }

  @Test
  @DisplayName("Limits: every property")
  void limits() {
    var limits =
        read(SMALLEST
                + """
                limits:
                  failures_per_minute: 7
                  known_failures_per_minute: 70
                  records_per_minute: 77
                  trusted_proxies: [10.0.0.0/8, "::1"]
                  address_header: X-Forwarded-For
                """)
            .limits();
    assertThat(limits)
        .isEqualTo(
            new StrangerLimits(
                7,
                70,
                77,
                new TrustedProxies(
                    Optional.of("X-Forwarded-For"),
                    List.of(
                        TrustedProxies.Network.parse("10.0.0.0/8"),
                        TrustedProxies.Network.parse("::1")))));
    assertThatThrownBy(() -> read(SMALLEST + "limits: {trusted_proxies: [10.0.0.0/8]}\n"))
        .hasMessageContaining("address_header");
  }

  @Test
  @DisplayName("AUD-4: how long records are kept, and those about one organisation")
  void says_how_long_records_are_kept() throws IOException {
    var times = "audit: {retention: {call: 90d}, retention_by_organisation: {acme: {%s: 30d}}}\n";
    assertThat(read(SMALLEST + times.formatted("call")).transparency().retention())
        .isEqualTo(
            new RetentionTimes(
                Map.of(EventClass.CALL, Duration.ofDays(90)),
                Map.of("acme", Map.of(EventClass.CALL, Duration.ofDays(30)))));
    assertThat(read(SMALLEST).transparency().retention()).isEqualTo(RetentionTimes.FOR_EVER);
    assertThatThrownBy(() -> read(SMALLEST + times.formatted("calls")))
        .hasMessageContaining("calls");
  }

  @Nested
  @DisplayName("The gateway")
  class OfTheGateway {
    private static final String RESOURCE =
        "  resources: [{resource: \"https://a.example/mcp\", name: A, scopes: [x]}]\n";

    private static final String GATEWAY =
        """
        gateway:
          listen: 127.0.0.1:8445
          connectors:
            - {connector: a, address: "https://a.example/mcp", upstream: "https://b.example/mcp"}
        """;

    @Test
    void serves_nothing_that_is_not_named() {
      assertThat(read(SMALLEST + RAS).gateway()).isEmpty();
    }

    @Test
    void has_defaults_that_deny() {
      var config = read(SMALLEST + RAS + RESOURCE + GATEWAY).gateway().orElseThrow().config();
      var front = config.fronts().getFirst();

      assertThat(config.limits()).isEqualTo(GatewayLimits.DEFAULT);
      assertThat(config.recording()).isEqualTo(Recording.STRICT);
      assertThat(config.issuer().value()).isEqualTo("https://ras.example");
      assertThat(front.origins()).isEmpty();
      assertThat(front.hosts()).containsExactly("a.example");
      assertThat(front.bounds()).isEqualTo(Front.Bounds.USUAL);
      assertThat(front.handling()).isEqualTo(Front.Handling.PLAIN);
      assertThat(front.metadata().scopes().toString()).isEqualTo("x");
    }

    @Test
    void every_property() throws IOException {
      Files.writeString(folder.resolve("identity"), "5e".repeat(32) + "\n");
      var config =
          read(SMALLEST
                  + RAS
                  + RESOURCE.replace("[x]", "[x, x.read]")
                  + GATEWAY.replace(
                      "\"}",
                      "\", limits: {calls_per_minute: 44}, further_methods: [vendor/thing],"
                          + " scopes_imply: {x: [x.read]}, allowed_origins:"
                          + " [\"https://c.example\"], hosts: [d.example], mark_grades: true,"
                          + " record_arguments: [/p], record_results: [/r/s], identity:"
                          + " {secret_file: identity}}")
                  + """
                    contact: Ask Ana.
                    recorded: beside
                    without_audit: continue
                    limits:
                      max_request_bytes: 1
                      max_message_bytes: 2
                      max_answer_bytes: 3
                      calls_per_minute: 4
                      calls_of_one_tool_per_minute: 5
                      calls_per_minute_of_all: 17
                      at_once: 6
                      calls_of_one_tool_at_once: 15
                      at_once_of_all: 16
                      answer_within: 7s
                      failures_in_a_row: 8
                      left_alone_for: 9s
                  """)
              .gateway()
              .orElseThrow()
              .config();
      var front = config.fronts().getFirst();

      assertThat(config.contact()).contains("Ask Ana.");
      assertThat(config.recording()).isEqualTo(new Recording(Order.BESIDE, WithoutAudit.CONTINUE));
      assertThat(config.limits())
          .isEqualTo(
              new GatewayLimits(
                  new GatewayLimits.Sizes(1, 2, 3),
                  new GatewayLimits.Shares(4, 5, 17, 6, 15, 16),
                  new GatewayLimits.Patience(Duration.ofSeconds(7)),
                  new GatewayLimits.Failures(8, Duration.ofSeconds(9))));
      assertThat(front.bounds())
          .isEqualTo(
              new Front.Bounds(
                  Set.of("vendor/thing"),
                  new ScopeCoverage(Map.of("x", Scopes.of("x.read"))),
                  Optional.of(
                      new GatewayLimits(
                          new GatewayLimits.Sizes(1, 2, 3),
                          new GatewayLimits.Shares(44, 5, 17, 6, 15, 16),
                          new GatewayLimits.Patience(Duration.ofSeconds(7)),
                          new GatewayLimits.Failures(8, Duration.ofSeconds(9))))));
      assertThat(front.handling())
          .isEqualTo(
              new Front.Handling(
                  true,
                  new Disclosure(List.of("/p"), List.of("/r/s")),
                  Optional.of(new Secret("5e".repeat(32)))));
      assertThat(front.origins()).containsExactly("https://c.example");
      assertThat(front.hosts()).containsExactlyInAnyOrder("a.example", "d.example");
    }

    @Test
    @DisplayName("A server whose URL nobody could call is refused with the line that has it")
    void uncallable() {
      for (var url :
          List.of(
              "https://b.example:65536/mcp",
              "https://b.example:0/mcp",
              "https://b.example:99999999999/mcp",
              "https://b_b.example/mcp",
              "ftp://b.example/mcp",
              "https://b.example/mcp?a=b",
              "mcp")) {
        var text = SMALLEST + RAS + RESOURCE + GATEWAY.replace("https://b.example/mcp", url);
        long line = text.lines().takeWhile(one -> !one.contains("upstream: \"" + url)).count() + 1;
        assertThatThrownBy(() -> read(text))
            .as(url)
            .isInstanceOf(FaultyFileException.class)
            .hasMessageContaining(":" + line + ":")
            .hasMessageContaining("upstream");
      }
    }

    @Test
    @DisplayName("Methods for tasks are refused among those that are passed on unjudged")
    void tasks() {
      var text =
          SMALLEST
              + RAS
              + RESOURCE
              + GATEWAY.replace("\"}", "\", further_methods: [vendor/thing, tasks/get]}");
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("further_methods")
          .hasMessageContaining("the gateway knows 'tasks/get'");
    }

    @Test
    void how_often_tools_are_looked_at() {
      assertThat(looks("")).contains(Duration.ofHours(1));
      assertThat(looks("  tools_looked_at_every: 5m\n")).contains(Duration.ofMinutes(5));
      assertThat(looks("  tools_looked_at_every: never\n")).isEmpty();
      assertThatThrownBy(() -> looks("  tools_looked_at_every: 59s\n"))
          .hasMessageContaining("every minute at most");
      assertThatThrownBy(() -> looks("  tools_looked_at_every: often\n"))
          .hasMessageContaining("not a duration");
    }

    @Test
    @DisplayName("Whose people the role library means, and which groups of others count")
    void whose_people() {
      assertThat(read(SMALLEST).roleLibrary().people()).isEqualTo(WhosePeople.of("acme"));
      assertThat(people("")).isEqualTo(said(Map.of()));
      assertThat(people("  groups_of_others: {partner: [partner-clerks]}\n"))
          .isEqualTo(said(Map.of("partner", Set.of("partner-clerks"))));
      assertThatThrownBy(() -> people("  groups_of_others: {acme: [finance]}\n"))
          .hasMessageContaining("count already");
      assertThatThrownBy(() -> people("  organisation: partner\n"))
          .hasMessageContaining("broker.organisation");
    }

    /// Also of a process that does not play the gateway.
    private WhosePeople people(String line) {
      return read(SMALLEST + RAS + RESOURCE + GATEWAY + line)
          .withoutGateway()
          .roleLibrary()
          .people();
    }

    private WhosePeople said(Map<String, Set<String>> groups) {
      return new WhosePeople(Optional.of("acme"), new Others(groups, Set.of("a")));
    }

    private Optional<Duration> looks(String line) {
      return read(SMALLEST + RAS + RESOURCE + GATEWAY + line)
          .gateway()
          .orElseThrow()
          .toolsLookedAtEvery();
    }

    @Test
    @DisplayName("RS-4: a scope that nobody can have implies nothing, and is implied by nothing")
    void scopes_imply() {
      for (var wrong : List.of("{y: [x]}", "{x: [y]}", "{x: [x, x]}")) {
        var front = GATEWAY.replace("\"}", "\", scopes_imply: " + wrong + "}");
        assertThatThrownBy(() -> read(SMALLEST + RAS + RESOURCE + front))
            .isInstanceOf(FaultyFileException.class)
            .hasMessageContaining(wrong.contains("x, x") ? "twice" : "none of the scopes of");
      }
    }

    @Test
    void stands_before_commands() throws IOException {
      Files.writeString(folder.resolve("key"), "s3cret\n");
      var front =
          "connector: a, address: \"https://a.example/mcp\", upstream: {command: [/bin/sh, x],"
              + " work_folder: work";
      var read =
          read(SMALLEST
                  + RAS
                  + RESOURCE
                  + GATEWAY.replaceFirst(
                      "connector: a.*",
                      front
                          + ", environment: {A: b}, secret_files: {C: key}, limits: {at_once: 1,"
                          + " of_one_person: 2, idle: 3s, life: 4s, max_message_bytes: 5,"
                          + " memory_bytes: 6, cpu_time: 7s, open_files: 8, file_bytes: 9}}}"))
              .gateway()
              .orElseThrow();
      assertThat(read.config().fronts().getFirst().behind())
          .contains(
              new Front.Server.Command(
                  new StdioConfig(
                      List.of("/bin/sh", "x"),
                      Map.of("A", new Secret("b"), "C", new Secret("s3cret")),
                      folder.toAbsolutePath().resolve("work"),
                      new StdioConfig.Limits(
                          1,
                          2,
                          Duration.ofSeconds(3),
                          Duration.ofSeconds(4),
                          5,
                          6,
                          Duration.ofSeconds(7),
                          8,
                          9))));
      assertThatThrownBy(() ->
              read(
                  SMALLEST
                      + RAS
                      + RESOURCE
                      + GATEWAY.replaceFirst(
                          "connector: a.*", front.replace("/bin/sh", "sh") + "}}")))
          .hasMessageContaining("whole path");
    }

    @Test
    void is_a_client_of_the_broker_if_it_is_told_so() throws IOException {
      Files.writeString(folder.resolve("gateway-secret"), "s3cret\n");
      assertThat(read(SMALLEST + RAS + RESOURCE + GATEWAY).gateway().orElseThrow().client())
          .isEmpty();
      assertThat(
              read(SMALLEST
                      + RAS
                      + RESOURCE
                      + GATEWAY
                      + "  client: {id: gateway, secret_file: gateway-secret}\n")
                  .gateway()
                  .orElseThrow()
                  .client())
          .contains(new GatewayClient(new ClientId("gateway"), Optional.of(new Secret("s3cret"))));
    }

    @Test
    @DisplayName("shows several connectors at one address of its own, which are all here")
    void aggregates() {
      var two =
          RESOURCE.replace(
              "]}]", "]}, {resource: \"https://a.example/all\", name: All, scopes: [x]}]");
      var aggregates =
          "  aggregates: [{connector: all, address: \"https://a.example/all\", of: [a]}]\n";
      var one =
          read(SMALLEST + RAS + two + GATEWAY + aggregates)
              .gateway()
              .orElseThrow()
              .config()
              .aggregates()
              .getFirst();

      assertThat(one.of()).containsExactly("a");
      assertThat(one.front().upstream()).isEmpty();
      for (var wrong :
          List.of(
              aggregates.replace("[a]", "[b]"),
              aggregates.replace("[a]", "[]"),
              aggregates.replace("/all", "/mcp"))) {
        assertThatThrownBy(() -> read(SMALLEST + RAS + two + GATEWAY + wrong))
            .hasMessageContaining("gateway");
      }
    }

    @Test
    void without_a_resource_authorization_server_stops_the_start() {
      assertThatThrownBy(() -> read(SMALLEST + GATEWAY)).hasMessageContaining("'ras'");
    }
  }

  @Nested
  @DisplayName("Catalogue, probes and routing")
  class Governance {
    @Test
    @DisplayName("Nobody outside is called, and nothing is routed, unless it is said")
    void defaults() {
      assertThat(read(SMALLEST).governance())
          .isEqualTo(new GovernanceSection(Optional.empty(), ProbeConfig.NONE, Optional.empty()));
    }

    @Test
    void every_property() {
      var governance =
          read(SMALLEST
                  + """
                  catalog: {folder: known}
                  probes: {every: 12h, catalog: true}
                  routing: {workloads: work.yaml}
                  """)
              .governance();
      assertThat(governance.catalog()).contains(folder.resolve("known"));
      assertThat(governance.probes())
          .isEqualTo(new ProbeConfig(Optional.of(Duration.ofHours(12)), true));
      assertThat(governance.workloads()).contains(folder.resolve("work.yaml"));
    }

    @Test
    void probes_that_bother_others() {
      assertThatThrownBy(() -> read(SMALLEST + "probes: {every: 59m}\n"))
          .hasMessageContaining("probes.every is between 1h and 30d");
    }
  }

  @Nested
  @DisplayName("The role library")
  class RoleLibrary {
    private static final String FOLDER = "  folder: policy\n";

    private LibraryConfig library(String... lines) {
      return read(SMALLEST.replace("library: library\n", "library:\n" + String.join("", lines)))
          .roleLibrary();
    }

    @Test
    void is_the_folder_by_default() {
      assertThat(read(SMALLEST).roleLibrary())
          .isEqualTo(
              new LibraryConfig(
                  folder.toAbsolutePath().resolve("library"),
                  new Mode.FromFiles(),
                  WhosePeople.of("acme")));
      assertThat(library(FOLDER).publication()).isEqualTo(new Mode.FromFiles());
    }

    @Test
    void is_governed_by_two_people_where_it_says_so() {
      assertThat(
              library(FOLDER, "  publication: approved\n", "  approvers: who.yaml\n").publication())
          .isEqualTo(
              new Mode.Approved(folder.toAbsolutePath().resolve("who.yaml"), Duration.ofDays(3)));
      assertThat(
              library(
                      FOLDER,
                      "  publication: approved\n",
                      "  approvers: who.yaml\n",
                      "  review_within: 12h\n")
                  .publication())
          .isEqualTo(
              new Mode.Approved(folder.toAbsolutePath().resolve("who.yaml"), Duration.ofHours(12)));
    }

    @Test
    void half_a_governance_stops_the_start() {
      assertThatThrownBy(() -> library(FOLDER, "  publication: approved\n"))
          .hasMessageContaining("approvers");
      assertThatThrownBy(() -> library(FOLDER, "  publication: both\n"))
          .hasMessageContaining("files or approved");
      assertThatThrownBy(() -> library(FOLDER, "  approvers: who.yaml\n"))
          .hasMessageContaining("unknown key");
      assertThatThrownBy(() ->
              library(
                  FOLDER,
                  "  publication: approved\n",
                  "  approvers: who.yaml\n",
                  "  review_within: 1s\n"))
          .hasMessageContaining("between 1h and 90d");
    }
  }

  @Test
  void paths_are_relative_to_the_file() {
    assertThat(read(SMALLEST).masterKey().place())
        .isEqualTo(folder.toAbsolutePath().resolve("key").toString());
    assertThat(read(SMALLEST).database().url())
        .isEqualTo("jdbc:sqlite:" + folder.toAbsolutePath().resolve("data/x.db"));
  }

  @Nested
  @DisplayName("Keys")
  class Keys {
    private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    @Test
    void change_by_themselves() {
      assertThat(read(SMALLEST).keys()).isEqualTo(KeysConfig.DEFAULT);
      assertThat(KeysConfig.DEFAULT.rotateEvery()).isEqualTo(Duration.ofDays(90));
      assertThat(KeysConfig.DEFAULT.publishAhead()).isEqualTo(Duration.ofDays(1));
      assertThat(KeysConfig.DEFAULT.pkcs11()).isEmpty();
    }

    @Test
    void every_property() throws IOException {
      Files.writeString(folder.resolve("pin"), "1234\n");
      var config =
          read(
              SMALLEST
                  + """
                  former_master_key_file: old
                  keys:
                    rotate_every: 30d
                    publish_ahead: 2h
                    pkcs11: {library: /opt/module.so, slot: 7, pin_file: pin}
                  """);
      var pkcs11 = config.keys().pkcs11().orElseThrow();
      assertThat(config.masterKey().former()).contains(folder.toAbsolutePath().resolve("old"));
      assertThat(config.keys().rotateEvery()).isEqualTo(Duration.ofDays(30));
      assertThat(config.keys().publishAhead()).isEqualTo(Duration.ofHours(2));
      assertThat(pkcs11.library()).isEqualTo(Path.of("/opt/module.so"));
      assertThat(pkcs11.slot()).hasValue(7);
      assertThat(pkcs11.pin().reveal()).isEqualTo("1234");
    }

    @Test
    void are_published_longer_than_verifiers_keep_them() {
      assertThatThrownBy(() -> read(SMALLEST + "keys: {publish_ahead: 5m}\n"))
          .hasMessageContaining("15m at least");
      assertThatThrownBy(() -> read(SMALLEST + "keys: {rotate_every: 1d}\n"))
          .hasMessageContaining("twice keys.publish_ahead");
    }

    @Test
    void the_master_key_may_be_in_the_environment() {
      var without = SMALLEST.replace("master_key_file: key\n", "");
      var config = read(without, Map.of("LANYARD_MASTER_KEY", KEY));
      assertThat(config.masterKey().place()).isEqualTo("LANYARD_MASTER_KEY");
      assertThat(config.masterKey().open().toString()).doesNotContain(KEY);
      assertThatThrownBy(() -> read(SMALLEST, Map.of("LANYARD_MASTER_KEY", KEY)))
          .hasMessageContaining("keep one");
    }
  }

  @Nested
  @DisplayName("The environment")
  class OfTheEnvironment {
    @ParameterizedTest
    @ValueSource(strings = {"LANYARD_", "LANYARD_BROKER_"})
    void may_hold_what_kubernetes_says_of_a_service_of_our_name(String name) {
      var service = new HashMap<String, String>();
      service.put(name + "SERVICE_HOST", "10.0.0.1");
      service.put(name + "SERVICE_PORT", "8443");
      service.put(name + "SERVICE_PORT_HTTPS", "8443");
      service.put(name + "PORT", "tcp://10.0.0.1:8443");
      service.put(name + "PORT_8443_TCP", "tcp://10.0.0.1:8443");
      service.put(name + "PORT_8443_TCP_PROTO", "tcp");
      service.put(name + "PORT_8443_TCP_PORT", "8443");
      service.put(name + "PORT_8443_TCP_ADDR", "10.0.0.1");
      assertThat(read(SMALLEST, service)).isEqualTo(read(SMALLEST, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
      "LANYARD_BROKER_PORT, 8443",
      "LANYARD_BROKER_SERVICE_HOST, broker.example",
      "LANYARD_BROKER_SERVICE_PORT, 8443",
      "LANYARD_DATABASE_PORT_5432_TCP_PORT, 5432",
      "LANYARD_DATABASE_PORT_5432_TCP, tcp://10.0.0.1:5432",
    })
    void is_misspelt_where_a_name_is_like_those_of_kubernetes_and_nothing_else(
        String name, String value) {
      assertThatThrownBy(() -> read(SMALLEST, Map.of(name, value)))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining(name);
    }

    @Test
    void stands_in_for_a_key() {
      var config = read(SMALLEST, Map.of("LANYARD_BROKER_ISSUER", "https://other.example"));

      assertThat(config.broker().orElseThrow().config().issuer().value())
          .isEqualTo("https://other.example");
    }

    @Test
    void stops_the_start_if_it_sets_an_unknown_key() {
      assertThatThrownBy(() -> read(SMALLEST, Map.of("LANYARD_BROKR_ISSUER", "x")))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("LANYARD_BROKR_ISSUER");
    }
  }

  @Nested
  @DisplayName("A fault stops the start and says what to do")
  class Faults {
    @Test
    void unknown_key() {
      assertFault(SMALLEST + "brokr: {}\n", "unknown key 'brokr'");
    }

    @Test
    void nothing_to_serve() {
      assertFault(
          SMALLEST.substring(0, SMALLEST.indexOf("broker:")), "the configuration needs 'broker'");
    }

    @Test
    void address_that_is_none() {
      assertFault(SMALLEST.replace("127.0.0.1:8443", "here"), "is not an address such as");
    }

    @Test
    void life_out_of_bounds() {
      assertFault(SMALLEST + "  id_jag_life: 20m\n", "broker.id_jag_life must be between");
    }

    @Test
    void postgresql_without_a_user() {
      assertFault(
          SMALLEST.replace("jdbc:sqlite:data/x.db", "jdbc:postgresql://db/lanyard"),
          "PostgreSQL needs 'database.user'");
    }

    @Test
    void server_that_trusts_itself() {
      var trusting =
          RAS + "  organisations: [{name: a, issuers: [{issuer: \"https://ras.example\"}]}]\n";

      assertFault(SMALLEST + trusting, "names this server itself");
    }

    @Test
    void secret_file_that_is_missing() {
      assertFault(
          SMALLEST
              + "  sign_in: {upstreams: [{id: a, issuer: \"https://u.example\", client_id: c,"
              + " client_secret_file: none}]}\n",
          "cannot read " + folder.toAbsolutePath().resolve("none"));
    }

    @Test
    void no_file_at_all() {
      assertThatThrownBy(() -> ConfigurationFile.read(folder.resolve("none.yaml"), Map.of()))
          .hasMessageContaining("`lanyard init` writes one");
    }

    private void assertFault(String yaml, String message) {
      assertThatThrownBy(() -> read(yaml))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining(message);
    }
  }

  private Configuration read(String yaml) {
    return read(yaml, Map.of());
  }

  private Configuration read(String yaml, Map<String, String> environment) {
    try {
      var file = Files.writeString(folder.resolve("lanyard.yaml"), yaml);
      return ConfigurationFile.read(file, environment);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
