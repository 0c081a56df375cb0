package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.configuration.Roles;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.ras.Ras;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard serve --roles")
class GatewayNodeTest {
  @TempDir Path folder;

  private Installed installed(int port) throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    installed.replace(
        "# Requests that Lanyard sends itself",
        """
        gateway:
          listen: 127.0.0.1:%1$d
          connectors:
            - connector: example
              address: https://localhost:9443/mcp
              upstream: http://127.0.0.1:3001/mcp
              hosts: ["127.0.0.1:%1$d"]

        # Requests that Lanyard sends itself\
        """
            .formatted(port));
    return installed;
  }

  private static Configuration read(Installed installed) {
    return ConfigurationFile.read(installed.configuration(), Map.of());
  }

  @Test
  @DisplayName("gateway: a process without the master key admits nobody whom it cannot verify")
  void without_keys() throws IOException {
    int port = FreePort.next();
    var installed = installed(port);
    Files.delete(installed.configuration().resolveSibling("secrets/master.key"));

    try (var node = GatewayNode.start(read(installed), Clock.systemUTC())) {
      var origin = "http://127.0.0.1:" + node.port();
      var endpoint = URI.create(origin + "/mcp");

      assertThat(Http.get(URI.create(origin + "/health/ready"), Map.of()).status()).isEqualTo(200);
      assertThat(
              Http.get(URI.create(origin + "/.well-known/oauth-protected-resource/mcp"), Map.of())
                  .text("resource"))
          .isEqualTo("https://localhost:9443/mcp");
      assertThat(Http.post(endpoint, "application/json", "{}", Map.of()).status()).isEqualTo(401);
      assertThat(
              Http.post(endpoint, "application/json", "{}", Map.of("Authorization", "Bearer a.b.c"))
                  .status())
          .isEqualTo(401);
    }
    try (var database = Database.open(read(installed).database(), Clock.systemUTC())) {
      assertThat(new PeopleRecord(database).at(Clock.systemUTC().instant()))
          .as("what it said when it began")
          .isEqualTo(
              new WhosePeople(Optional.of("example"), new Others(Map.of(), Set.of("example"))));
    }
  }

  @Test
  @DisplayName("gateway: the figures and the health name a file whose change is broken")
  void broken_file() throws Exception {
    int port = FreePort.next();
    var installed = installed(port);
    var secret = "0123456789abcdef0123456789abcdef";
    var folder = installed.configuration().toAbsolutePath().getParent();
    Files.writeString(folder.resolve("secrets/metrics"), secret);
    Files.writeString(
        installed.configuration(),
        Files.readString(installed.configuration())
            + "\nmetrics:\n  token_file: secrets/metrics\n");
    var config = read(installed);

    try (var node = GatewayNode.start(config, Clock.systemUTC())) {
      var origin = "http://127.0.0.1:" + node.port();
      var bearer = Map.of("Authorization", "Bearer " + secret);
      assertThat(Http.get(URI.create(origin + "/metrics"), bearer).body())
          .doesNotContain("lanyard_refused_files{");
      Files.writeString(config.ras().orElseThrow().clients(), "- broken: [");
      Soon.until(
          "the file is refused",
          () ->
              Http.get(URI.create(origin + "/metrics"), bearer)
                  .body()
                  .contains("lanyard_refused_files{file=\"clients of the ras\"} 1"));
      assertThat(Http.get(URI.create(origin + "/metrics"), bearer).body())
          .contains("lanyard_job_failing_seconds{job=\"looking after policy\"} 0.0");
      var ready = URI.create(origin + "/health/ready");
      assertThat(Http.get(ready, bearer).body()).contains("[\"clients of the ras\"]");
      assertThat(Http.get(ready, Map.of()).body()).doesNotContain("refused_files");
    }
  }

  @Test
  @DisplayName("gateway: knows the clients that were entered in the broker's console, also later")
  void entered_clients() throws IOException, InterruptedException {
    var upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    var calls = new AtomicInteger();
    upstream.createContext(
        "/mcp",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    upstream.start();
    var installed = installed(FreePort.next());
    installed.replace("127.0.0.1:3001", "127.0.0.1:" + upstream.getAddress().getPort());
    Files.writeString(
        installed.configuration(), "\ndrift_lock: recorded\n", StandardOpenOption.APPEND);
    var config = read(installed);
    var ras = config.ras().orElseThrow().config().issuer();
    try (var servers = Lanyard.start(config.withoutGateway(), Clock.systemUTC());
        var database = Database.open(config.database(), Clock.systemUTC())) {
      var _ =
          servers
              .directory()
              .create(
                  new NewPerson("example", "ana", Optional.empty(), "Ana", Set.of("engineering")));
      var person = servers.directory().findByUserName("example", "ana").orElseThrow().id();
      var entered = EnteredClients.open(database, config.broker().orElseThrow().config().issuer());
      var id = entered.newId();
      library(installed, id);
      var token = token(config, database, person, "studio-there");
      try (var node = GatewayNode.start(config, Clock.systemUTC())) {
        assertThat(call(node, token)).contains("\"id\":1");
        assertThat(calls).as("the role library knows no client studio-there").hasValue(0);

        database.write(connection -> {
          entered.write(
              connection,
              id,
              "authentication: [client_secret_basic]\ngrants: [token-exchange]\n"
                  + "ids_at: {\"%s\": studio-there}\n".formatted(ras),
              Instant.now());
          return true;
        });

        Soon.until(
            "it learns of it like every node",
            () -> {
              var _ = call(node, token);
              return calls.get() > 0;
            });
      }
      calls.set(0);
      var _ =
          servers
              .directory()
              .create(
                  new NewPerson("guests", "ana", Optional.empty(), "Ana", Set.of("engineering")));
      var guest = servers.directory().findByUserName("guests", "ana").orElseThrow().id();
      try (var node = GatewayNode.start(config, Clock.systemUTC())) {
        var refused = call(node, token(config, database, guest, "studio-there"));
        assertThat(refused).as("SEC-9").contains("None of your roles gives you");
        assertThat(calls).as(refused).hasValue(0);
        var told = call(node, token);
        assertThat(calls).as(told).hasPositiveValue();
      }
    } finally {
      upstream.stop(0);
    }
  }

  private static void library(Installed installed, ClientId client) throws IOException {
    var connectors = installed.configuration().resolveSibling("library/connectors.yaml");
    Files.writeString(connectors, "    tools: {add: public}\n", StandardOpenOption.APPEND);
    Files.writeString(
        connectors.resolveSibling("clients.yaml"),
        "clients: {%s: {name: Studio}}\n".formatted(client));
  }

  /// A token of the resource authorization server's, for a client that it calls so.
  private static String token(
      Configuration config, Database database, PersonId person, String client) {
    var keys =
        KeyRing.open(
            database,
            config.keySafe(Clock.systemUTC()),
            Clock.systemUTC(),
            Lanyard.RAS,
            Ras.PURPOSES,
            SigningAlgorithm.ES256);
    var resource = new ResourceIndicator("https://localhost:9443/mcp");
    var now = Instant.now();
    var claims =
        new AccessTokenClaims(
                config.ras().orElseThrow().config().issuer(),
                person.value(),
                new ClientId(client),
                List.of(resource))
            .scopes(Scopes.of("example.read", "example.write"))
            .grant("grant-1")
            .build("token-1", now, now.plusSeconds(600));
    return new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), "at+jwt").sign(claims);
  }

  private static String call(GatewayNode node, String token) {
    return Http.post(
            URI.create("http://127.0.0.1:" + node.port() + "/mcp"),
            "application/json",
            """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{}}}
            """,
            Map.of("Authorization", "Bearer " + token))
        .body();
  }

  @Test
  @DisplayName("splits a configuration only where its parts can live apart")
  void roles() throws IOException {
    var config = read(installed(FreePort.next()));

    assertThat(Roles.of(List.of(), config)).isEqualTo(Roles.ALL);
    assertThat(Roles.of(List.of("gateway", "ras", "broker"), config)).isEqualTo(Roles.ALL);
    assertThat(Roles.of(List.of("broker", "ras"), config)).isEqualTo(Roles.ALL_BUT_GATEWAY);
    assertThat(Roles.of(List.of("gateway"), config)).isEqualTo(Roles.GATEWAY_ALONE);
    for (var wrong : List.of(List.of("ras"), List.of("broker", "gateway"), List.of("console"))) {
      assertThatThrownBy(() -> Roles.of(wrong, config))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("broker,ras with or without gateway");
    }
    assertThatThrownBy(() -> Roles.of(List.of("gateway"), config.withoutGateway()))
        .isInstanceOf(CommandFailure.class);
  }

  @Test
  @DisplayName("A gateway that could not work stops the start")
  void faults() throws IOException {
    assertFault("https://localhost:9443/mcp\n", "https://elsewhere/mcp\n", "none of ras.resources");
    assertFault("http://127.0.0.1:3001/mcp", "ftp://127.0.0.1/mcp", "http(s) URL");
    assertFault("hosts:", "host:", "unknown key");
  }

  private void assertFault(String text, String by, String message) throws IOException {
    var file = installed(FreePort.next()).configuration();
    var before = Files.readString(file);
    int at = before.indexOf("      address: https://localhost:9443/mcp\n");
    Files.writeString(file, before.substring(0, at) + before.substring(at).replace(text, by));
    assertThatThrownBy(() -> ConfigurationFile.read(file, Map.of())).hasMessageContaining(message);
    try (var files = Files.walk(folder.resolve("set-up"))) {
      for (var one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
