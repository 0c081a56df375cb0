package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server as a process, with clients over HTTP. What the stores promise alone is tested
/// by `KillTest` with many more kills.
@DisplayName("`lanyard serve` is killed (-9) while clients redeem (RAS-8)")
class ServeKilledTest {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final int CLIENTS = 8;
  private static final int ANSWERS = 120;
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);

  @TempDir Path folder;
  private final ClientSecret secret = ClientSecret.generate(new SecureRandom());
  private final int port = FreePort.next();
  private final URI ras = URI.create("http://127.0.0.1:" + port);
  private final URI resource = URI.create("http://127.0.0.1:1/mcp");

  /// An ID-JAG and what it was answered with.
  private record Redeemed(String idJag, String accessToken) {}

  @Test
  void on_sqlite() throws Exception {
    loses_nothing_that_was_answered_and_takes_no_id_jag_twice(TestDatabases.sqlite(folder));
  }

  @Test
  void on_postgres() throws Exception {
    loses_nothing_that_was_answered_and_takes_no_id_jag_twice(TestDatabases.postgres());
  }

  private void loses_nothing_that_was_answered_and_takes_no_id_jag_twice(DatabaseConfig database)
      throws Exception {
    try (var customer = Customer.start(new TestClock())) {
      var config = configuration(database, customer);
      var answered = redeemUntilKilled(config, customer);
      assertThat(answered).hasSizeGreaterThanOrEqualTo(ANSWERS);

      var again = served(config);
      try {
        for (var one : answered) {
          assertThat(redeem(one.idJag()).text("error"))
              .as("an ID-JAG that was redeemed before the kill")
              .isEqualTo("invalid_grant");
          assertThat(introspected(one.accessToken()).body())
              .as("an access token that was answered before the kill")
              .contains("\"active\":true");
        }
        assertThat(redeem(idJag(customer, answered.size())).status()).isEqualTo(200);
      } finally {
        killed(again);
      }
    }
  }

  private Queue<Redeemed> redeemUntilKilled(Path config, Customer customer) throws Exception {
    var process = served(config);
    var answered = new ConcurrentLinkedQueue<Redeemed>();
    var enough = new CountDownLatch(ANSWERS);
    var clients = new ArrayList<Meanwhile<?>>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(
            Meanwhile.does(() -> {
              try {
                for (int number = 0; ; number++) {
                  var idJag = idJag(customer, client + CLIENTS * number);
                  var answer = redeem(idJag);
                  assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                  answered.add(new Redeemed(idJag, answer.text("access_token")));
                  enough.countDown();
                }
              } catch (UncheckedIOException e) {
                // It was killed.
                return true;
              }
            }));
      }
      Meanwhile.until(clients, () -> enough.getCount() == 0);
    } finally {
      killed(process);
    }
    for (var client : clients) {
      var _ = client.outcome();
    }
    return answered;
  }

  private static void killed(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor()).as("it was killed").isEqualTo(137);
  }

  private Process served(Path config) throws Exception {
    var log = folder.resolve("serve.log");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "-c",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    var until = Instant.now().plus(STARTS_WITHIN);
    while (!isReady()) {
      assertThat(process.isAlive() && Instant.now().isBefore(until))
          .as(Files.readString(log))
          .isTrue();
      Thread.sleep(50);
    }
    return process;
  }

  private boolean isReady() {
    try {
      return Http.get(ras.resolve("/health/ready"), Map.of()).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private String idJag(Customer customer, int number) {
    var now = Instant.now().getEpochSecond();
    return customer.signed(
        JsonObject.builder()
            .put("iss", customer.issuer().value())
            .put("sub", "s-" + number % 5)
            .put("email", "s" + number % 5 + "@customer.example")
            .put("aud", ras.toString())
            .put("client_id", "agent")
            .put("jti", "jti-" + number + "-" + System.nanoTime())
            .put("iat", now)
            .put("exp", now + 300)
            .put("resource", resource.toString())
            .put("scope", "tools.call")
            .build());
  }

  private Answer redeem(String idJag) {
    var form = Form.builder().add("grant_type", JWT_BEARER).add("assertion", idJag).build();
    return Http.post(ras.resolve("/token"), form, basic("agent"));
  }

  private Answer introspected(String token) {
    var form = Form.builder().add("token", token).build();
    return Http.post(ras.resolve("/introspect"), form, basic("server"));
  }

  private Map<String, String> basic(String client) {
    var pair = client + ":" + secret.secret().reveal();
    return Map.of(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private Path configuration(DatabaseConfig database, Customer customer) throws IOException {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var keyFile = folder.resolve("master.key");
    Files.writeString(keyFile, Base64.getEncoder().encodeToString(key));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        folder.resolve("clients.yaml"),
        """
        clients:
          - id: agent
            name: Agent
            authentication: [client_secret_basic]
            secret_hash: "%s"
            grants: ["%s"]
          - id: server
            name: MCP server
            authentication: [client_secret_basic]
            secret_hash: "%s"
            grants: []
            may_introspect: ["%s"]
        """
            .formatted(secret.hash().text(), JWT_BEARER, secret.hash().text(), resource));
    var lines = new ArrayList<>(List.of("database:", "  url: \"" + database.url() + "\""));
    if (database.url().contains("postgresql")) {
      Files.writeString(folder.resolve("password"), "none");
      lines.addAll(List.of("  user: postgres", "  password_file: password"));
    }
    lines.add(
        """
        master_key_file: master.key
        library: library
        ras:
          issuer: %s
          listen: 127.0.0.1:%d
          clients: clients.yaml
          resources:
            - {resource: "%s", name: Tools, scopes: [tools.call]}
          organisations:
            - name: customer
              issuers:
                - issuer: %s
                  algorithms: [ES256]
                  domains: [customer.example]
                  link_by_email: true
                  create_people: true
                  replay: single-use
        outbound: {loopback: true}
        """
            .formatted(ras, port, resource, customer.issuer().value()));
    Files.createDirectories(folder.resolve("library"));
    Files.writeString(
        folder.resolve("library/library.yaml"),
        """
        connectors:
          tools: {name: Tools, category: tests, authorization_server: %s, resource: "%s", scopes: [tools.call]}
        roles:
          all: {groups: [all], connectors: {tools: [tools.call]}}
        """
            .formatted(ras, resource));
    var config = folder.resolve("lanyard.yaml");
    Files.writeString(config, String.join("\n", lines));
    return config;
  }
}
