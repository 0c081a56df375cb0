package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName(
    "RS-24: the stream of a server of the MCP Java SDK behind our filter ends with its person")
@Timeout(600)
class OpenStreamTest {
  private static final String CLIENT = "claude-code";
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
       "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
      """;

  @AutoClose private static Installation lanyard;
  @AutoClose private static GuardedServer server;
  @AutoClose private static HttpClient http;

  private static URI url;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
    url = URI.create("https://localhost:" + Installation.freePort() + "/mcp");
    server = GuardedServer.following(lanyard, url);
    http =
        HttpClient.newBuilder()
            .sslContext(lanyard.certificates().trust())
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  private static String accessToken(Person person) throws Exception {
    return Tokens.of(lanyard, CLIENT, person);
  }

  private static HttpRequest.Builder request(String token) {
    return HttpRequest.newBuilder(url)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream");
  }

  /// Opens a session and its stream, and waits until the server serves it.
  private static CompletableFuture<HttpResponse<String>> stream(String token) throws Exception {
    var initialized =
        http.send(
            request(token).POST(BodyPublishers.ofString(INITIALIZE)).build(),
            BodyHandlers.ofString());
    assertThat(initialized.statusCode()).as(initialized.body()).isEqualTo(200);
    var session = initialized.headers().firstValue("Mcp-Session-Id").orElseThrow();
    var ready =
        http.send(
            request(token)
                .header("Mcp-Session-Id", session)
                .POST(
                    BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(ready.statusCode()).isEqualTo(202);
    return http.sendAsync(
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .header("Mcp-Session-Id", session)
            .GET()
            .build(),
        BodyHandlers.ofString());
  }

  /// In whatever way: a clean end and a cut connection are both the end.
  private static void awaitEnd(CompletableFuture<HttpResponse<String>> stream) throws Exception {
    stream.handle((_, _) -> "ended").get(120, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("and another person's stays open, and serves")
  void ends_with_its_person() throws Exception {
    var ana = lanyard.engineer();
    var bob = lanyard.engineer();
    var tokenOfBob = accessToken(bob);
    var hers = stream(accessToken(ana));
    var his = stream(tokenOfBob);
    server.awaitStream();
    server.awaitStream();
    assertThat(hers).isNotDone();
    assertThat(his).isNotDone();

    lanyard.disable(ana);

    awaitEnd(hers);
    assertThat(his).isNotDone();
    assertThat(
            http.send(
                    request(tokenOfBob).POST(BodyPublishers.ofString(INITIALIZE)).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    lanyard.disable(bob);
    awaitEnd(his);
  }
}
