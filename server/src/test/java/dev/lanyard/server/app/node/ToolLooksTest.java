package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.ToolRegister;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The nodes look at the tools of servers by themselves")
class ToolLooksTest {
  private static final String STATIC =
      "upstream_credentials:\n  example: {type: static, header: X-Api-Key, value_file: secrets/key}\n";

  private final TestClock clock = new TestClock();
  private final List<Optional<String>> keys = new CopyOnWriteArrayList<>();
  private volatile String tools = "{\"name\":\"add\"},{\"name\":\"pay\"}";
  private volatile boolean endless;
  private HttpServer http;
  private Installed installed;
  private Database database;
  private Database otherDatabase;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    http.createContext(
        "/mcp",
        exchange -> {
          try (exchange) {
            var message =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean lists = message.contains("tools/list");
            if (lists) {
              keys.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Api-Key")));
            }
            var id = message.replaceFirst("(?s).*\"id\":([0-9]+).*", "$1");
            var result =
                lists
                    ? "{\"tools\":["
                        + tools
                        + (endless ? "],\"nextCursor\":\"" + keys.size() + "\"}" : "]}")
                    : "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}";
            var body =
                "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}"
                    .formatted(id.length() < 9 ? id : "0", result)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    http.start();
    installed = Installed.in(folder.resolve("set-up"));
    Files.writeString(installed.configuration().resolveSibling("secrets/key"), "k3y");
  }

  @AfterEach
  void stop() {
    http.stop(0);
    if (database != null) {
      database.close();
      otherDatabase.close();
    }
  }

  private Configuration configured(String more) throws IOException {
    installed.gateway("http://127.0.0.1:%d/mcp\n%s".formatted(http.getAddress().getPort(), more));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    database = Database.open(config.database(), clock);
    otherDatabase = Database.open(config.database(), clock);
    return config;
  }

  private ToolLooks looks(Configuration config, Database of) {
    return ToolLooks.start(
            config,
            of,
            () -> ToolRegister.open(of, clock),
            DenySet.following(of),
            new Jobs(),
            clock)
        .orElseThrow();
  }

  private Optional<KnownTool.State> state(String tool) {
    return ToolRegister.open(database, clock).find("example", tool).map(KnownTool::state);
  }

  @Test
  void take_no_more_of_a_list_without_end_than_of_one_page() throws IOException {
    tools = "{\"name\":\"add\",\"description\":\"" + "x".repeat(1024 * 1024) + "\"}";
    endless = true;
    try (var node = looks(configured(""), database)) {
      node.inTurn();
    }

    assertThat(keys).as("pages that it has read").hasSizeBetween(2, 5);
    assertThat(state("add")).isEmpty();
  }

  @Test
  @DisplayName("one of them in turn, with what the gateway has there, and take nothing away")
  void in_turn() throws IOException {
    var config = configured(STATIC);
    try (var node = looks(config, database);
        var other = looks(config, otherDatabase)) {
      node.inTurn();
      other.inTurn();
      assertThat(keys)
          .as("one look, as two clients")
          .containsExactly(Optional.of("k3y"), Optional.of("k3y"));
      assertThat(state("add")).contains(KnownTool.State.NEW);

      tools = "{\"name\":\"add\",\"description\":\"Pays.\"}";
      clock.advance(Duration.ofMinutes(59));
      other.inTurn();
      assertThat(keys).hasSize(2);
      clock.advance(Duration.ofMinutes(1));
      other.inTurn();
      node.inTurn();
      assertThat(keys).hasSize(4);
      assertThat(installed.here("tools", "list").out()).contains("add");
      assertThat(installed.here("audit", "--json").out())
          .contains("tool.changed", "\"heard_by\":\"look\"");
      assertThat(state("pay")).as("not shown, and not gone").contains(KnownTool.State.NEW);
    }
  }

  @Test
  @DisplayName("not at a connector that is stopped, nor one where each person has their own")
  void not_there() throws IOException {
    var config = configured("");
    try (var node = looks(config, database)) {
      var _ =
          installed.here(
              "disable", "--connector", "example", "--yes-i-mean", "example", "--reason", "a test");
      database.changes().awaitCurrent(Duration.ofSeconds(10));
      node.inTurn();
      assertThat(keys).isEmpty();
    }
    stop();
    start(installed.configuration().resolveSibling("other"));
    var consents =
        configured(
            "upstream_credentials:\n"
                + "  example: {type: consent, issuer: \"https://vendor.example\", client_id: us}\n");
    try (var node = looks(consents, database)) {
      node.inTurn();
      assertThat(keys).isEmpty();
    }
  }

  @Test
  @DisplayName("one that does not answer costs nothing but its turn")
  void silent() throws IOException {
    var config = configured(STATIC);
    http.stop(0);
    try (var node = looks(config, database)) {
      node.inTurn();
      assertThat(state("add")).isEmpty();
    }
  }

  @Test
  @DisplayName("or never")
  void never() throws IOException {
    var config = configured("  tools_looked_at_every: never\n");
    assertThat(
            ToolLooks.start(
                config,
                database,
                () -> ToolRegister.open(database, clock),
                DenySet.following(database),
                new Jobs(),
                clock))
        .isEmpty();
  }
}
