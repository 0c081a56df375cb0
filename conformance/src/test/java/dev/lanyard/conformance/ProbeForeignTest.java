package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.suite.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `lanyard probe` at servers that speak each variant: ours, guarded by our library and by the
/// gateway; Keycloak and `oidc-provider` as authorization servers of a guarded server; and a public
/// MCP server of npm as it is, which publishes nothing.
@Tag("foreign")
@DisplayName("What a probe says of real servers")
class ProbeForeignTest {
  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static NodeServer everything;
  @AutoClose private static KeycloakRedeemer keycloak;
  @AutoClose private static NodeScript provider;
  @AutoClose private static GuardedServer beforeKeycloak;
  @AutoClose private static GuardedServer beforeProvider;

  private static URI bare;
  private static URI ofKeycloak;
  private static URI ofProvider;

  @BeforeAll
  static void start() throws Exception {
    bare = URI.create("http://127.0.0.1:" + Installation.freePort() + "/mcp");
    lanyard = Installation.startBefore(bare);
    everything =
        NodeServer.start(
            lanyard.certificates(),
            Map.of("PORT", Integer.toString(bare.getPort())),
            "listening",
            "node_modules/@modelcontextprotocol/server-everything/dist/index.js",
            "streamableHttp");
    keycloak =
        KeycloakRedeemer.start(
            Installation.freePort(),
            new Issuer("http://127.0.0.1:" + Installation.freePort()),
            new Wire(List.of()),
            folder);
    int port = Installation.freePort();
    provider = provider(port);
    ofKeycloak = guarded();
    beforeKeycloak = GuardedServer.of(keycloak.issuer(), lanyard, ofKeycloak);
    ofProvider = guarded();
    var issuer = new Issuer("https://localhost:" + port);
    beforeProvider = GuardedServer.of(issuer, lanyard, ofProvider);
    lanyard.add(
        Map.of(
            bare,
            "https://nobody.example",
            ofKeycloak,
            keycloak.issuer().value(),
            ofProvider,
            issuer.value()));
  }

  private static URI guarded() {
    return URI.create("https://localhost:" + Installation.freePort() + "/mcp");
  }

  private static NodeScript provider(int port) throws Exception {
    var script = NodeScript.start(lanyard.certificates(), "oidc-provider.mjs");
    var client =
        JsonObject.builder()
            .put("id", "lanyard")
            .put("secret", "a secret for nobody")
            .put("redirectUri", lanyard.broker() + "/callback/any")
            .build();
    var start =
        JsonObject.builder()
            .put("port", port)
            .put("certificate", lanyard.certificates().certificate().toString())
            .put("key", lanyard.certificates().key().toString())
            .put("client", client)
            .build();
    assertThat(script.step(JsonObject.builder().put("start", start).build()).error()).isEmpty();
    return script;
  }

  /// The evidence of one look, as the command prints it.
  private static JsonObject probed(String connector) throws Exception {
    var ran = Cli.run("probe", connector, "--json", "-c", lanyard.configuration().toString());
    assertThat(ran.exit()).as(ran.output()).isZero();
    int from = ("\n" + ran.output()).indexOf("\n{");
    return JsonObject.parse(ran.output().substring(from))
        .objects("connectors")
        .orElseThrow()
        .getFirst()
        .object("evidence")
        .orElseThrow();
  }

  private static String foreign(URI address) {
    return "foreign-" + address.getPort();
  }

  private static void assertPublished(JsonObject evidence, String bucket, String... facts)
      throws Exception {
    assertThat(evidence.string("bucket")).as(evidence.toJson()).contains(bucket);
    assertThat(evidence.object("published").orElseThrow().toJson()).contains(facts);
  }

  @Test
  @DisplayName("Our resource authorization server before a server of the MCP Java SDK: live")
  void ours() throws Exception {
    assertPublished(
        probed("linear"),
        "live",
        "\"challenge\":\"401 with metadata\"",
        "\"resource_metadata\":true",
        "\"jwt_bearer\":true",
        "\"id_jag\":true",
        "\"revocation\":true",
        "\"dpop\":true");
  }

  @Test
  @DisplayName("server-everything of npm behind the gateway: live")
  void behind_the_gateway() throws Exception {
    assertPublished(
        probed("everything"), "live", "\"challenge\":\"401 with metadata\"", "\"id_jag\":true");
  }

  @Test
  @DisplayName("The same without the gateway: it publishes nothing, so nobody knows")
  void server_everything_as_it_is() throws Exception {
    var evidence = probed(foreign(bare));
    assertThat(evidence.string("bucket")).isEmpty();
    assertThat(evidence.string("unknown").orElseThrow())
        .startsWith(
            "neither it nor its root publishes metadata of an authorization server (answers ");
  }

  @Test
  @DisplayName("Keycloak has the grant and does not say that it takes ID-JAGs: tracking, not live")
  void keycloak() throws Exception {
    var evidence = probed(foreign(ofKeycloak));
    assertPublished(
        evidence,
        "tracking",
        "\"jwt_bearer\":true",
        "\"id_jag\":false",
        "\"registration\":true",
        "\"authorization_code\":true");
  }

  @Test
  @DisplayName("oidc-provider lets people consent and knows nothing of assertions: tracking")
  void oidc_provider() throws Exception {
    assertPublished(
        probed(foreign(ofProvider)),
        "tracking",
        "\"jwt_bearer\":false",
        "\"id_jag\":false",
        "\"authorization_code\":true");
  }
}
