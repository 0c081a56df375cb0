package dev.lanyard.server.app.command.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Described;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "lanyard coverage, probe and route, as a new user runs them, and the same for programs")
class GovernanceCommandsTest {
  private static final String WORKLOADS =
      """
      workloads:
        report: {connector: example, data_class: internal, freshness: any, calls_per_day: 1, writes: false}
        copy: {category: wikis, data_class: internal, freshness: any, calls_per_day: 1, writes: false}
      """;

  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void init() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    var ran =
        Installed.typing(
            "correct horse battery staple",
            "person",
            "add",
            "ana@example.com",
            "--group",
            "sales",
            "-c",
            installed.configuration().toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
  }

  private void configure(String more) throws IOException {
    Files.writeString(installed.configuration(), "\n" + more, StandardOpenOption.APPEND);
  }

  @Test
  void coverage_of_a_set_up_that_has_never_run() throws IOException {
    var text = installed.here("coverage");
    assertThat(text.exit()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("1 of 1 people who are given something are wholly silent (100 %)", "No gaps.")
        .containsPattern("project management +1 +0 +0 +0 +1 +100%");
    assertThat(installed.here("coverage", "--json").out())
        .contains("\"wholly_silent\" : 1", "\"by\" : \"ourselves\"");
    assertThat(installed.here("coverage", "--csv").out())
        .contains("project management,example,Example server,live,ourselves");
    var file = folder.resolve("coverage.svg");
    assertThat(installed.here("coverage", "--svg", file.toString()).out()).contains("is written");
    assertThat(Files.readString(file)).startsWith("<svg ").contains("100 %");
    var elsewhere = Files.writeString(folder.resolve("elsewhere"), "kept");
    var link = Files.createSymbolicLink(folder.resolve("link.svg"), elsewhere);
    assertThat(installed.here("coverage", "--svg", link.toString()).err()).contains("cannot write");
    assertThat(Files.readString(elsewhere)).isEqualTo("kept");
    var pixels = folder.resolve("coverage.png");
    assertThat(installed.here("coverage", "--png", pixels.toString()).exit()).isZero();
    assertThat(ImageIO.read(pixels.toFile()).getWidth()).isEqualTo(2560);
    assertThat(installed.here("coverage", "--at", "2020-01-01T00:00Z").out())
        .contains("nothing was given to anybody");
    assertThat(installed.here("coverage", "--at", "2999-01-01T00:00Z").err())
        .contains("nobody knows what will be");
    assertThat(installed.here("coverage", "--json", "--csv").exit()).isEqualTo(2);
  }

  private static String partner(Directory directory, String name, String group) {
    var person = new NewPerson("partner", name, Optional.empty(), name, Set.of(group));
    return ((Linking.Created) directory.create(person)).person().id().value();
  }

  @Test
  @DisplayName("Where people can consent, access says that this is not among it")
  void access_by_consent() throws IOException {
    installed.consents();
    var ran = installed.here("access", "--user", "ana@example.com");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("agreed to themselves", "lanyard consent list");
  }

  @Test
  @DisplayName("SEC-9: of a partner's people commands say what the gateway gives them, and no more")
  void of_a_partner() throws IOException {
    installed.gateway("http://127.0.0.1:3001/mcp\n  groups_of_others: {partner: [sales]}");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    String zoe;
    String pia;
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var directory = Directory.open(database, Clock.systemUTC());
      zoe = partner(directory, "zoe", "sales");
      pia = partner(directory, "pia", "engineering");
    }
    // Of nodes that do not play the gateway, since all of them say the same.
    Lanyard.start(config.withoutGateway(), Clock.systemUTC()).close();

    var allowed = installed.here("explain", "--user", zoe, "--connector", "example");
    assertThat(allowed.out()).contains("ALLOWED", "role sales (through group sales)");
    var refused = installed.here("explain", "--user", pia, "--connector", "example");
    assertThat(refused.out()).contains("REFUSED", "Groups that do not count", "engineering");
    assertThat(installed.here("access", "--user", zoe).out())
        .contains("role sales")
        .doesNotContain("did not count", "agreed to themselves");
    assertThat(installed.here("access", "--user", pia).out())
        .contains("did not count", "another organisation: engineering", "No rule gave anything.");
    assertThat(installed.here("access", "--connector", "example").out())
        .contains("ana@example.com", "zoe")
        .doesNotContain("pia");
    assertThat(installed.here("coverage", "--json").out()).contains("\"seats\" : 2");
    assertThat(installed.here("setup", "--user", zoe, "--client", "generic").err())
        .as("the broker exchanges nothing for her")
        .contains("policy gives no connector through this client");
    var roles = folder.resolve("set-up/library/roles.yaml");
    Files.writeString(
        roles, Files.readString(roles).replace(": [example.read]", ": [example.write]"));
    assertThat(installed.here("library", "plan").out())
        .contains("Of 3 people 2 gain and 2 lose something.", "zoe: ", "ana@example.com: ")
        .doesNotContain("pia");
  }

  @Test
  void a_probe_of_a_server_that_is_not_there() {
    var looked = installed.here("probe");
    assertThat(looked.exit()).as(looked.err()).isZero();
    assertThat(looked.out()).containsPattern("example +unknown +unknown: it gives no answer");
    assertThat(installed.here("probe", "--recorded").out())
        .contains("unknown: it gives no answer", "so since");
    assertThat(installed.here("probe", "example", "--json").out())
        .contains("\"unknown\" : \"it gives no answer", "\"looks\" : 2");
    assertThat(installed.here("probe", "nobody").err())
        .contains("neither the role library nor the catalogue has a connector 'nobody'");
    assertThat(installed.here("probe", "notion", "--recorded").out())
        .contains("nobody has looked yet", "tokens live 8h (catalogue)");
  }

  @Test
  void routes_of_declared_workloads() throws IOException {
    assertThat(installed.here("route").err()).contains("no workloads are declared");
    Files.writeString(folder.resolve("set-up/workloads.yaml"), WORKLOADS);
    configure("routing: {workloads: workloads.yaml}\n");

    var all = installed.here("route");
    assertThat(all.exit()).as(all.err()).isZero();
    assertThat(all.out()).contains("copy → nowhere", "report → nowhere");
    assertThat(all.out()).contains("- grade: no tool of it is graded for data that is internal");
    var one = installed.here("route", "report", "--json");
    assertThat(one.exit()).isEqualTo(1);
    assertThat(one.out()).contains("\"route\" : \"none\"", "\"rule\" : \"grade\"");
    assertThat(installed.here("route", "nothing").err()).contains("no workload 'nothing'");
  }

  @Test
  @DisplayName("/admin/api/coverage and /admin/api/route: with a token of an administrator's only")
  void for_programs() throws IOException {
    var token = ClientSecret.generate(new SecureRandom());
    Files.writeString(folder.resolve("set-up/workloads.yaml"), WORKLOADS);
    configure(
        "routing: {workloads: workloads.yaml}\nadministration: {token_hashes: [\"%s\"]}\n"
            .formatted(token.hash().text()));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
      for (var path : new String[] {"/coverage", "/route", "/route/report", "/route/nothing"}) {
        assertThat(get(lanyard, path, Optional.empty()).statusCode()).as(path).isEqualTo(401);
        assertThat(get(lanyard, path, Optional.of(new Secret("wrong"))).statusCode())
            .as(path)
            .isEqualTo(401);
      }
      var ours = Optional.of(token.secret());
      assertThat(get(lanyard, "/coverage", ours).body()).contains("\"wholly_silent\":1");
      assertThat(get(lanyard, "/coverage?at=2020-01-01T00:00Z", ours).body())
          .contains("\"at\":\"2020-01-01T00:00:00Z\"", "\"active\":0");
      for (var bad : new String[] {"at=2999-01-01T00:00Z", "at=yesterday", "at=1&at=2"}) {
        assertThat(get(lanyard, "/coverage?" + bad, ours).statusCode()).as(bad).isEqualTo(400);
      }
      assertThat(get(lanyard, "/route", ours).body()).contains("\"workload\":\"copy\"");
      assertThat(get(lanyard, "/route/report", ours).body()).contains("\"rule\":\"grade\"");
      assertThat(get(lanyard, "/route/nothing", ours).statusCode()).isEqualTo(404);
      fits("/coverage", get(lanyard, "/coverage", ours));
      fits("/coverage", get(lanyard, "/coverage?at=2020-01-01T00:00Z", ours));
      fits("/route", get(lanyard, "/route", ours));
      fits("/route/{workload}", get(lanyard, "/route/report", ours));
    }
  }

  private static void fits(String pattern, HttpResponse<String> answer) {
    Described.assertFits("get", "/admin/api" + pattern, 200, answer.body());
  }

  private HttpResponse<String> get(Lanyard lanyard, String path, Optional<Secret> token) {
    var request =
        HttpRequest.newBuilder(
            URI.create("https://localhost:" + lanyard.port(Lanyard.BROKER) + "/admin/api" + path));
    token.ifPresent(one -> request.header("Authorization", "Bearer " + one.reveal()));
    try (var pem = Files.newInputStream(folder.resolve("set-up/tls/ca.pem"));
        var http =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
