package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.gateway.front.Front;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "lanyard doctor looks at the gateway as a client does, and behind it as the gateway does")
class GatewayCheckupTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private HttpServer http;
  private String challenge;
  private int toStrangers = 403;
  private int behind = 200;
  private String document;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    challenge =
        "Bearer resource_metadata=\"" + at("/.well-known/oauth-protected-resource/mcp") + "\"";
    document = metadata(RAS).toJson().toJson();
    http.createContext(
        "/.well-known/oauth-protected-resource/mcp",
        exchange -> {
          var body = document.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.createContext(
        "/mcp",
        exchange -> {
          boolean strange = exchange.getRequestHeaders().containsKey("Origin");
          exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
          exchange.sendResponseHeaders(strange ? toStrangers : 401, -1);
          exchange.close();
        });
    http.createContext(
        "/upstream",
        exchange -> {
          exchange.sendResponseHeaders(behind, -1);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private String at(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  private ProtectedResourceMetadata metadata(Issuer issuer) {
    return new ProtectedResourceMetadata(new ResourceIndicator(at("/mcp")), issuer, Scopes.of("x"));
  }

  private List<String> told() {
    var front = new Front("wiki", metadata(RAS), URI.create(at("/upstream")));
    return new GatewayCheckup(EgressPolicy.strict().exposingLoopback())
        .examine(RAS, List.of(front)).stream().map(Finding::line).toList();
  }

  @Test
  void all_is_well() {
    assertThat(told()).hasSize(4).allMatch(line -> line.startsWith("ok   "));
  }

  @Test
  @DisplayName("RS-1: a call without a token that leads nowhere")
  void no_challenge() {
    challenge = "Bearer";
    assertThat(told()).anyMatch(line -> line.startsWith("BAD") && line.contains("do not sign in"));
  }

  @Test
  @DisplayName("RS-14: a page of somebody else's that is let through")
  void origin() {
    toStrangers = 401;
    assertThat(told()).anyMatch(line -> line.startsWith("BAD") && line.contains("Host and Origin"));
  }

  @Test
  @DisplayName("RS-10: metadata of somebody else")
  void metadata_of_others() {
    document = metadata(new Issuer("https://other.example")).toJson().toJson();
    assertThat(told()).anyMatch(line -> line.contains("does not name https://ras.example"));
    document = "{}";
    assertThat(told()).anyMatch(line -> line.contains("no metadata of this connector"));
  }

  @Test
  @DisplayName("a server behind it that redirects, wants credentials, is none, or is away")
  void servers() {
    for (var status : List.of(302, 401, 404)) {
      behind = status;
      assertThat(told()).anyMatch(line -> line.startsWith(status == 401 ? "note" : "BAD"));
    }
    http.removeContext("/upstream");
    assertThat(told()).anyMatch(line -> line.contains("is that its MCP endpoint?"));
    http.stop(0);
    assertThat(told()).filteredOn(line -> line.contains("cannot be reached")).hasSize(2);
  }
}
