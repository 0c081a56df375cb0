package dev.lanyard.server.app.command.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 2: what somebody must do at a connector that policy gives them")
class FirstStepsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 30);

  @TempDir private Path folder;

  private Optional<String> known(String statement) throws IOException {
    Files.writeString(
        folder.resolve("wiki.yaml"),
        """
        connectors:
          wiki:
            name: Wiki
            category: documentation
            address: https://wiki.example/mcp
            seen:
              - {on: 2026-11-01, what: seen, evidence: their manual, %s}
        """
            .formatted(statement));
    return new FirstSteps(Installation.UNKNOWN, KnownWorld.read(folder), DAY).at(connector("wiki"));
  }

  private static Connector connector(String id) {
    return new Connector(
        id,
        id,
        "documentation",
        new Issuer("https://auth.example"),
        new ResourceIndicator("https://%s.example/mcp".formatted(id)),
        Scopes.NONE,
        Tools.NONE);
  }

  @Test
  void nothing_where_the_vendor_redeems_id_jags() throws IOException {
    assertThat(known("bucket: live")).isEmpty();
    assertThat(known("bucket: live, facts: {just_in_time: true}")).isEmpty();
  }

  @Test
  void a_consent_where_the_vendor_does_not_redeem_id_jags_yet() throws IOException {
    assertThat(known("bucket: tracking"))
        .contains("agree to the vendor's consent screen (2026-11-01: seen (their manual))");
    assertThat(known("bucket: early").orElseThrow()).startsWith("agree to");
  }

  @Test
  void an_account_where_the_vendor_creates_nobody_just_in_time() throws IOException {
    assertThat(known("bucket: live, facts: {just_in_time: false}"))
        .contains("have an account there (2026-11-01: seen (their manual))");
  }

  @Test
  void an_account_to_be_connected_where_the_gateway_keeps_a_consent() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    installed.gateway(
        "http://127.0.0.1:1/mcp\nupstream_credentials:\n"
            + "  example: {type: consent, issuer: \"https://auth.example\", client_id: us}");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var example =
        Library.read(config.library()).connectors().stream()
            .filter(one -> one.id().equals("example"))
            .findFirst()
            .orElseThrow();

    assertThat(FirstSteps.of(Optional.of(config), DAY).at(example).orElseThrow())
        .startsWith("connect an account there once");
  }
}
