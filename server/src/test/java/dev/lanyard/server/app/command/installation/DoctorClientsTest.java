package dev.lanyard.server.app.command.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.http.TestCertificate;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("INT-5: lanyard doctor looks at a set-up as each real client does")
class DoctorClientsTest {
  private static final TestCertificate CERTIFICATE = TestCertificate.ec("mcp");

  private static final String BOTH = "[client_secret_basic, client_secret_post]";

  private static final String VSCODE_REDIRECTS =
      "      - http://127.0.0.1:33418/\n      - https://vscode.dev/redirect\n";

  private Installed installed;
  private HttpsServer mcp;
  private volatile JsonObject metadata = JsonObject.EMPTY;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, CertificateEncodingException {
    installed = Installed.in(folder.resolve("set-up"));
    mcp = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    mcp.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.serve()));
    mcp.createContext(
        "/.well-known/oauth-protected-resource/mcp",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(metadata.toBytes());
          exchange.close();
        });
    mcp.start();
    installed.replace(":9443/", ":" + mcp.getAddress().getPort() + "/");
    Files.writeString(
        installed.configuration().resolveSibling("tls/ca.pem"),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(CERTIFICATE.certificate().getEncoded())),
        StandardOpenOption.APPEND);
    publishes(resource(), config().ras().orElseThrow().config().issuer().value());
  }

  @AfterEach
  void stop() {
    mcp.stop(0);
  }

  private Configuration config() {
    return ConfigurationFile.read(installed.configuration(), Map.of());
  }

  private String resource() {
    return config().ras().orElseThrow().config().resources().getFirst().resource().value();
  }

  private void publishes(String resource, String... servers) {
    metadata =
        JsonObject.builder()
            .put("resource", resource)
            .put("authorization_servers", List.of(servers))
            .build();
  }

  private String told(String... more) {
    try (var lanyard = Lanyard.start(config(), Clock.systemUTC())) {
      var _ =
          lanyard
              .directory()
              .create(
                  new NewPerson(
                      "example",
                      "zoe",
                      Optional.of("zoe@example.com"),
                      "Zoe",
                      Set.of("engineering")));
      return installed.here("doctor", more).out();
    }
  }

  private void change(String file, String text, String by) throws IOException {
    var path = installed.configuration().resolveSibling(file);
    var before = Files.readString(path);
    assertThat(before).contains(text);
    Files.writeString(path, before.replace(text, by));
  }

  @Test
  @DisplayName("As it is installed each of them finds what it asks for, and the strings to enter")
  void good() {
    var told = told();
    assertThat(told)
        .contains("ok   Claude Code at the broker", "ok   VS Code at https://localhost")
        .contains("ok   hosted Claude at https://localhost")
        .contains("enter as URL " + resource())
        .contains("ok   identity broker certificates: a chain of")
        .doesNotContain("BAD  Claude Code", "BAD  VS Code", "BAD  hosted Claude");
  }

  @Test
  @DisplayName("The metadata of the MCP server say another resource, by a slash")
  void another_resource() {
    publishes(resource() + "/", config().ras().orElseThrow().config().issuer().value());
    assertThat(told())
        .contains("BAD  Claude Code at", resource() + "/")
        .contains("to the last slash");
  }

  @Test
  @DisplayName("VS Code takes the first authorization server, byte for byte")
  void not_the_first() {
    publishes(
        resource(),
        "https://other.example",
        config().ras().orElseThrow().config().issuer().value());
    assertThat(told())
        .contains("BAD  VS Code at", "authorization_servers[0]", "https://other.example")
        .doesNotContain("BAD  Claude Code");
  }

  @Test
  @DisplayName("A client that could be none of them, and one without a name at the server")
  void registrations() throws IOException {
    change(
        "clients/broker.yaml",
        "ids_at:\n      https://localhost:",
        "ids_at:\n      https://elsewhere.example:");
    assertThat(told()).contains("note Claude Code at the broker: client mcp-client has no name at");
    change("clients/broker.yaml", "http://localhost/callback", "http://127.0.0.1/other");
    assertThat(told())
        .contains("no client in the clients file or the console could be it", "redirect_uris");
  }

  @Test
  @DisplayName("Claude Code redeems the code by Basic and exchanges in the body: it needs both")
  void methods_of_claude_code() throws IOException {
    for (var one : List.of("client_secret_post", "client_secret_basic")) {
      change("clients/broker.yaml", BOTH, "[" + one + "]");
      assertThat(told())
          .contains(
              "note Claude Code at the broker: no client in the clients file or the console could"
                  + " be it")
          .contains("to prove itself by client_secret_basic and client_secret_post");
      change("clients/broker.yaml", "[" + one + "]", BOTH);
    }
  }

  @Test
  @DisplayName("Nobody answers: said of each place, and nothing hangs")
  void servers_down() {
    mcp.stop(0);
    assertThat(installed.here("doctor").out())
        .contains("BAD  Claude Code at the broker")
        .contains("answers with no metadata");
  }

  @Test
  @DisplayName(
      "Decision 143: our own broker under another organisation redeems nothing, and is named")
  void own_broker_elsewhere() throws IOException {
    assertThat(told("--user", "zoe"))
        .contains("ok   dry run for zoe at the resource authorization server: is found there")
        .doesNotContain("own broker");

    installed.replace("    - name: example\n      issuers:", "    - name: acme\n      issuers:");

    assertThat(installed.here("doctor", "--user", "zoe").out())
        .contains(
            "BAD  own broker: " + broker() + " speaks for the organisation 'acme'",
            "its people are of 'example'",
            "BAD  dry run for zoe at the resource authorization server: would not be found");
  }

  private Issuer broker() {
    return config().broker().orElseThrow().config().issuer();
  }

  @Test
  @DisplayName("also where an organisation of the record has named it, and it counts there")
  void own_broker_enrolled_elsewhere() throws IOException {
    var _ = told();
    var now = Instant.parse("2026-11-30T12:00:00Z");
    var issuer =
        new IssuerEnrolment(
            broker(),
            Preset.OTHER,
            Stage.PENDING,
            "value",
            Optional.of(Proof.DOCUMENT),
            IssuerRules.signedWith(Preset.OTHER.algorithms()),
            now.plusSeconds(3600));
    try (var database = Database.open(config().database(), Clock.systemUTC())) {
      var _ =
          database.write(connection -> {
            var tables = new OrganisationTables(connection);
            tables.insert("acme", OrganisationRules.NONE, now.plusSeconds(3600), now);
            tables.put("acme", issuer, now);
            return issuer;
          });
    }

    assertThat(installed.here("doctor").out())
        .contains("BAD  own broker: " + broker() + " speaks for the organisation 'acme'");
  }

  @Test
  @DisplayName("--user goes through exchange and redemption, and issues nothing")
  void dry_run() {
    var told = told("--user", "zoe");
    assertThat(told).contains("ok   dry run for zoe: is active");
    assertThat(told).contains("dry run for zoe at the resource authorization server");
    assertThat(installed.here("audit", "--type", "token.exchange").out())
        .contains("Nothing is recorded");
    assertThat(told("--user", "nobody")).contains("BAD  real clients: nobody is called 'nobody'");
  }

  private void registers(String clients) throws IOException {
    Files.writeString(
        installed.configuration().resolveSibling("clients/broker.yaml"),
        clients,
        StandardOpenOption.APPEND);
  }

  @Test
  @DisplayName("--user leaves out clients that may not exchange, and calls no good set-up bad")
  void dry_run_of_other_clients() throws IOException {
    registers(
        """
          - id: wiki
            authentication: [none]
            redirect_uris: [https://wiki.example/callback]
            grants: [authorization_code]
          - id: gate
            secret_hash: "%s"
            authentication: [client_secret_basic]
            grants: [token-exchange]
        """
            .formatted(ClientSecret.generate(new SecureRandom()).hash().text()));

    assertThat(told("--user", "zoe"))
        .contains("ok   dry run for zoe, example through mcp-client: an ID-JAG would be issued")
        .contains("note dry run for zoe, example through gate: policy gives it, and the exchange")
        .doesNotContain("through wiki", "BAD  dry run");
  }

  @Test
  @DisplayName("IDP-34: --user asks for the client's name in the tenant that is ours")
  void dry_run_in_a_tenant() throws IOException {
    var ras = config().ras().orElseThrow().config().issuer().value();
    called("mcp-client", "{ws-42: mcp-client}");
    assertThat(told("--user", "zoe"))
        .contains("BAD  dry run for zoe, example through mcp-client: policy gives it, and the")
        .contains("exchange is refused: name the client at " + ras + " under ids_at")
        .contains("note Claude Code at the broker: client mcp-client has no name at " + ras);

    tenant("ws-42", ras);
    assertThat(told("--user", "zoe"))
        .contains("ok   dry run for zoe, example through mcp-client: an ID-JAG would be issued");

    change("lanyard.yaml", "aud_tenant: ws-42", "aud_tenant: ws-43");
    assertThat(told("--user", "zoe"))
        .contains("name the client at " + ras + ", in the tenant ws-43, under ids_at");
  }

  /// What the client is called at the resource authorization server.
  private void called(String before, String now) throws IOException {
    var ras = config().ras().orElseThrow().config().issuer() + ": ";
    change("clients/broker.yaml", ras + before, ras + now);
  }

  @Test
  @DisplayName("Claude Code exchanges at every connect where access tokens live for minutes only")
  void short_access_tokens() throws IOException {
    change("lanyard.yaml", "access_token_life: 45m", "access_token_life: 9m");
    assertThat(installed.here("doctor").out())
        .contains("note Claude Code at " + config().ras().orElseThrow().config().issuer())
        .contains("access tokens live 540 seconds");
    change("lanyard.yaml", "access_token_life: 9m", "access_token_life: 10m");
    assertThat(installed.here("doctor").out()).doesNotContain("access tokens live");
  }

  private ClientId enters(String entry) {
    try (var database = Database.open(config().database(), Clock.systemUTC())) {
      var clients = EnteredClients.open(database, broker());
      var id = clients.newId();
      return database.write(connection -> {
        clients.write(connection, id, entry, Instant.now());
        return id;
      });
    }
  }

  @Test
  @DisplayName("Clients that were entered in the console are looked at like those of the file")
  void entered_clients() throws IOException {
    var _ = told();
    var ras = config().ras().orElseThrow().config().issuer();
    change("clients/broker.yaml", "http://127.0.0.1/callback", "http://127.0.0.1/other");
    change("clients/broker.yaml", "http://localhost/callback", "http://localhost/other");
    var entry =
        """
        authentication: [client_secret_basic, client_secret_post]
        redirect_uris: [http://localhost/callback]
        grants: [authorization_code, token-exchange]
        ids_at: {"%s": mcp-client}
        """
            .formatted(ras);
    var id = enters(entry);
    var faulty = enters(entry.replace("client_secret_basic, client_secret_post", "none"));

    assertThat(told("--user", "zoe"))
        .contains("ok   dry run for zoe, example through " + id + ": an ID-JAG would be issued")
        .contains("BAD  entered client " + faulty + ": is no client any more")
        .doesNotContain("note Claude Code at the broker: no client");

    var setup =
        installed.here("setup", "--user", "zoe", "--client", "generic", "--client-id", id.value());
    assertThat(setup.exit()).as(setup.err()).isZero();
    assertThat(setup.out()).contains("\"client_id\" : \"" + id, "mcp-client");
    assertThat(installed.here("setup", "--user", "zoe", "--client", "generic").err())
        .contains("name one of these clients with --client-id: [" + id + ", mcp-client]");
  }

  /// The examples of a page for a file, each with secrets and addresses of ours.
  private String examples(String file) throws IOException {
    var page = Files.readString(Path.of("../docs/clients.md"));
    var hash = ClientSecret.generate(new SecureRandom()).hash().text();
    return Pattern.compile("# clients/" + file + "\nclients:\n((?: .*\n)+)")
        .matcher(page)
        .results()
        .map(example -> example.group(1))
        .filter(example -> example.contains("id: claude-code") || example.contains("id: vs-code"))
        .collect(Collectors.joining())
        .replace("sha256:…", hash)
        .replace(
            "https://auth.example.com", config().ras().orElseThrow().config().issuer().value());
  }

  @Test
  @DisplayName("docs/clients.md registers Claude Code and VS Code so that all is well")
  void as_the_guide_says() throws IOException {
    for (var file : List.of("broker.yaml", "ras.yaml")) {
      Files.writeString(
          installed.configuration().resolveSibling("clients/" + file),
          examples(file),
          StandardOpenOption.APPEND);
    }
    change("clients/broker.yaml", "http://localhost/callback\n", "http://localhost/other\n");

    assertThat(told("--user", "zoe"))
        .contains("ok   Claude Code at the broker", "ok   VS Code at the broker")
        .contains("ok   dry run for zoe, example through claude-code: an ID-JAG would be issued")
        .contains("ok   dry run for zoe, example through vs-code: an ID-JAG would be issued")
        .doesNotContain("BAD  ");
  }

  private String refusedRedemption() {
    return "BAD  dry run for zoe, example through mcp-client: the exchange succeeds and the"
        + " redemption is refused: ";
  }

  private void assertRefused(String why) {
    assertThat(installed.here("doctor", "--user", "zoe").out())
        .contains(refusedRedemption() + why)
        .doesNotContain("an ID-JAG would be issued");
  }

  @Test
  @DisplayName("--user looks at the registration with which the client redeems, each reason a line")
  void dry_run_of_redemption() throws IOException {
    var _ = told();
    var file = installed.configuration().resolveSibling("clients/ras.yaml");
    var name = "client mcp-client in " + file + " ";

    called("mcp-client", "mcp-clinet");
    assertRefused("no client is called mcp-clinet in " + file + ": correct ids_at, or add it");
    called("mcp-clinet", "mcp-client");

    change("clients/ras.yaml", "grant-type:jwt-bearer", "grant-type:jwt-dpop");
    change("clients/ras.yaml", BOTH, "[client_secret_post]");
    change("lanyard.yaml", "- name: example\n", "- name: example\n      clients: [other]\n");
    assertRefused(name + "may not redeem assertions: add jwt-bearer to its grants");
    assertRefused(
        name + "proves itself by client_secret_post, and Claude Code only by client_secret_basic");
    assertRefused("the organisation 'example' does not let its people come through client mcp-cl");
    change("lanyard.yaml", "      clients: [other]\n", "      clients: [mcp-client]\n");
    change("clients/ras.yaml", "[client_secret_post]", BOTH);
    change("clients/ras.yaml", "grant-type:jwt-dpop", "grant-type:jwt-bearer");
    assertThat(installed.here("doctor", "--user", "zoe").out())
        .contains("ok   dry run for zoe, example through mcp-client: an ID-JAG would be issued")
        .doesNotContain("redemption is refused");

    change(
        "lanyard.yaml", "    - resource: " + resource(), "    - resource: https://other.example/");
    assertRefused("add https://localhost");
  }

  @Test
  @DisplayName("RAS-2: --user tells of a public client there, unless a document is its name")
  void dry_run_of_a_public_client() throws IOException {
    var _ = told();
    called("mcp-client", "vs-code");
    var there = installed.configuration().resolveSibling("clients/ras.yaml");
    Files.writeString(
        there,
        "  - id: vs-code\n    authentication: [none]\n    grants: [jwt-bearer]\n",
        StandardOpenOption.APPEND);
    assertRefused("client vs-code in " + there + " proves nothing and is not called by the URL");

    called("vs-code", "https://vscode.dev/client.json");
    assertRefused("no client is called https://vscode.dev/client.json in " + there);

    change(
        "lanyard.yaml",
        "  clients: clients/ras.yaml\n",
        "  clients: clients/ras.yaml\n  client_id_metadata_documents: {hosts: [vscode.dev]}\n");
    assertThat(installed.here("doctor", "--user", "zoe").out())
        .contains("ok   dry run for zoe, example through mcp-client: an ID-JAG would be issued");
  }

  @Test
  @DisplayName("A client that redeems by a key is no Claude Code, and nothing is wrong with it")
  void dry_run_of_a_client_with_a_key() throws IOException {
    var _ = told();
    called("mcp-client", "keyed");
    Files.writeString(
        installed.configuration().resolveSibling("clients/ras.yaml"),
        "  - id: keyed\n    authentication: [private_key_jwt]\n"
            + "    jwks_uri: https://client.example/jwks\n    grants: [jwt-bearer]\n",
        StandardOpenOption.APPEND);
    assertThat(installed.here("doctor", "--user", "zoe").out())
        .contains("ok   dry run for zoe, example through mcp-client: an ID-JAG would be issued")
        .contains("note dry run for zoe, example through mcp-client: client keyed in ")
        .contains("proves itself by private_key_jwt, and Claude Code only by client_secret_basic")
        .doesNotContain("redemption is refused");
  }

  @Test
  @DisplayName("VS Code never redeems by Basic")
  void dry_run_of_vs_code() throws IOException {
    var _ = told();
    change("clients/broker.yaml", "      - http://127.0.0.1/callback\n", VSCODE_REDIRECTS);
    change("clients/ras.yaml", BOTH, "[client_secret_basic]");
    assertRefused(
        "client mcp-client in "
            + installed.configuration().resolveSibling("clients/ras.yaml")
            + " proves itself by client_secret_basic, and VS Code only by client_secret_post or"
            + " none");
  }

  private void tenant(String tenant, String ras) throws IOException {
    change(
        "lanyard.yaml",
        "  id_jag_life: 300s\n",
        "  id_jag_life: 300s\n  exchange: {audiences: [{issuer: \"%s\", aud_tenant: %s}]}\n"
            .formatted(ras, tenant));
  }

  @Test
  void dry_run_of_somebody_disabled() {
    told();
    assertThat(installed.here("disable", "--user", "zoe").exit()).isZero();
    assertThat(told("--user", "zoe")).contains("BAD  dry run for zoe: the person is disabled");
  }
}
