package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.configuration.Roles;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Http;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
