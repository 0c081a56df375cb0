package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway as a client of Enterprise-Managed Authorization at a vendor whose authorization
/// server is not ours.
@Tag("foreign")
@DisplayName("RS-8: Keycloak as the authorization server of a vendor behind the gateway")
class KeycloakUpstreamForeignTest {
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}\
      """;

  @Test
  @DisplayName("gives the gateway a token of the person there, by the ID-JAG of our broker")
  void redeems(@TempDir Path folder) throws Exception {
    var shown = new CopyOnWriteArrayList<String>();
    var mcp = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mcp.createContext(
        "/mcp",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            var body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    mcp.start();
    int port = Installation.freePort();
    var issuer = KeycloakRedeemer.issuer(port);
    var server = URI.create("http://127.0.0.1:" + mcp.getAddress().getPort() + "/mcp");
    try (var lanyard =
        Installation.startBeforeVendor(server, issuer, KeycloakRedeemer.secret("suite-client"))) {
      var person = lanyard.engineer();
      var token = Tokens.of(lanyard, "claude-code", person, lanyard.gateway(), "everything.use");
      try (var _ =
          KeycloakRedeemer.startTrusting(lanyard, port, subject(lanyard, person), folder)) {
        var called = calledOnceItAnswers(lanyard, token);
        assertThat(called.status()).as("%s", lanyard.recorded("upstream.obtain")).isEqualTo(200);
        assertThat(called.json().has("result")).as(called.json().toJson()).isTrue();
        assertThat(call(lanyard, token).json().has("result")).isTrue();

        assertThat(shown).hasSize(2).allMatch(one -> one.equals(shown.getFirst()));
        var theirs = shown.getFirst().substring("Bearer ".length());
        assertThat(theirs).isNotEqualTo(token);
        assertThat(Jwt.claims(theirs).string("iss")).contains(issuer);
        assertThat(Jwt.claims(theirs).string("preferred_username")).contains("alice");

        lanyard.disable(person);
        assertThat(call(lanyard, token).status()).isEqualTo(401);
        assertThat(shown).hasSize(2);
      }
    } finally {
      mcp.stop(0);
    }
  }

  /// What it is asked first takes a Keycloak that has just begun longer than the gateway waits on a
  /// busy machine. The gateway takes that for an outage, and asks again after ten seconds.
  private static Answer calledOnceItAnswers(Installation lanyard, String token) throws Exception {
    var answer = call(lanyard, token);
    for (int i = 0; answer.status() == 503 && i < 12; i++) {
      Thread.sleep(Duration.ofSeconds(10));
      answer = call(lanyard, token);
    }
    return answer;
  }

  private static Answer call(Installation lanyard, String token) {
    return lanyard
        .wire()
        .postJson(
            URI.create(lanyard.gateway()),
            CALL,
            "Authorization",
            "Bearer " + token,
            "Accept",
            McpMessages.ACCEPT,
            "MCP-Protocol-Version",
            "2025-11-25");
  }

  private static String subject(Installation lanyard, Installation.Person person) throws Exception {
    var idToken =
        new CodeRequest("mcp-client", "http://127.0.0.1:4711/callback", "openid", "a-state")
            .idToken(lanyard, person);
    return Jwt.claims(idToken).string("sub").orElseThrow();
  }
}
