package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.CredentialsConfig.Way.Consented.Pkce;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("lanyard.yaml: upstream_credentials")
class CredentialsSectionTest {
  private static final String BEFORE =
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

  @TempDir Path folder;

  @BeforeEach
  void secret() throws IOException {
    Files.writeString(folder.resolve("secret"), "s3cret\n");
  }

  private CredentialsConfig read(String section) {
    try {
      var file = Files.writeString(folder.resolve("lanyard.yaml"), BEFORE + section);
      return ConfigurationFile.read(file, Map.of()).upstreamCredentials();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String entry, String why) {
    assertThatThrownBy(() -> read("upstream_credentials:\n  x: " + entry + "\n"))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining(why);
  }

  @Test
  void left_out_nothing_is_shown_to_anybody() {
    assertThat(read("")).isEqualTo(CredentialsConfig.NONE);
  }

  @Test
  void one_of_each() {
    var config =
        read(
            """
            upstream_credentials:
              wiki: {type: static, token_file: secret}
              search: {type: static, header: X-Api-Key, value_file: secret}
              open: {type: consent, issuer: "https://open.example", client_id: us, pkce: unadvertised}
              tracker:
                type: consent
                issuer: https://auth.tracker.example
                client_id: lanyard
                client_secret_file: secret
                scopes: [read, write]
                resource: https://mcp.tracker.example/mcp
              board:
                type: ema
                issuer: https://auth.board.example
                client_id: lanyard
                client_secret_file: secret
                scopes: [read]
                resource: https://mcp.board.example/mcp
              plans:
                type: ema
                issuer: https://auth.plans.example
                client_id: us
                resource: https://mcp.plans.example/mcp
                scopes_for: {plans.read: [view], plans.write: [view, edit]}
            """);
    assertThat(config.ways())
        .isEqualTo(
            Map.of(
                "wiki",
                new Way.Fixed("Authorization", new Secret("Bearer s3cret")),
                "search",
                new Way.Fixed("X-Api-Key", new Secret("s3cret")),
                "open",
                new Way.Consented(
                    new Vendor(
                        new Issuer("https://open.example"),
                        new ClientId("us"),
                        Optional.empty(),
                        Scopes.NONE,
                        Optional.empty()),
                    Pkce.UNADVERTISED),
                "board",
                new Way.Managed(
                    new Vendor(
                        new Issuer("https://auth.board.example"),
                        new ClientId("lanyard"),
                        Optional.of(new Secret("s3cret")),
                        Scopes.of("read"),
                        Optional.of(new ResourceIndicator("https://mcp.board.example/mcp")))),
                "plans",
                new Way.Managed(
                    new Vendor(
                        new Issuer("https://auth.plans.example"),
                        new ClientId("us"),
                        Optional.empty(),
                        Scopes.NONE,
                        Optional.of(new ResourceIndicator("https://mcp.plans.example/mcp"))),
                    Map.of(
                        "plans.read", Scopes.of("view"),
                        "plans.write", Scopes.of("view", "edit"))),
                "tracker",
                new Way.Consented(
                    new Vendor(
                        new Issuer("https://auth.tracker.example"),
                        new ClientId("lanyard"),
                        Optional.of(new Secret("s3cret")),
                        Scopes.of("read", "write"),
                        Optional.of(new ResourceIndicator("https://mcp.tracker.example/mcp"))))));
  }

  @Test
  void what_is_wrong_stops_the_start() {
    assertRefused("{type: passthrough}", "'passthrough' is none of static, consent, ema");
    assertRefused("{type: static}", "token_file");
    assertRefused("{type: static, token_file: none}", "cannot read");
    assertRefused("{type: static, token_file: secret, scope: [a]}", "scope");
    assertRefused("{type: ema, issuer: \"https://o.example\", client_id: us}", "resource");
    var ema =
        "{type: ema, issuer: \"https://o.example\", client_id: us, resource: \"https://r.example\"";
    assertRefused(ema + ", scopes: [a], scopes_for: {b: [a]}}", "keep one");
    assertRefused(ema + ", scopes_for: {b: ['a b']}}", "not a scope");
    assertRefused("{type: consent, client_id: us}", "issuer");
    assertRefused(
        "{type: consent, issuer: \"https://o.example\", client_id: us, pkce: no}",
        "'no' is none of advertised, unadvertised");
    assertRefused("{type: consent, issuer: \"https://o.example\"}", "client_id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "Cookie", "Mcp-Session-Id", "Content-Length", "transfer-encoding", "a b"})
  @DisplayName("RS-22: what HTTP or MCP says is no place for a secret")
  void headers(String name) {
    assertRefused(
        "{type: static, header: \"" + name + "\", value_file: secret}",
        "is no header for a secret");
  }
}
