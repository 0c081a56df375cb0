package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-1: whoever proves nothing leaves no record of their own once there are many")
class EveryStrangerTest {
  private static final int RECORDS = 15;
  private static final String PUBLIC =
      """
        - id: phone
          name: Phone
          authentication: [none]
          redirect_uris: ["http://127.0.0.1/callback"]
          grants: [authorization_code, refresh_token]
      """;

  private static final Form ASKED =
      Form.builder()
          .add("client_id", "phone")
          .add("response_type", "code")
          .add("redirect_uri", "http://127.0.0.1/callback")
          .add("scope", "openid")
          .add("code_challenge", "x".repeat(43))
          .add("code_challenge_method", "S256")
          .build();
  private static final Form SILENT =
      Form.builder()
          .add("client_id", "phone")
          .add("response_type", "code")
          .add("redirect_uri", "http://127.0.0.1/callback")
          .add("scope", "openid")
          .add("code_challenge", "x".repeat(43))
          .add("code_challenge_method", "S256")
          .add("prompt", "none")
          .build();

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> sent = new HashMap<>();

  /// A request without anything that proves who sends it.
  ///
  /// @param bearer what it calls an access token; nothing if empty
  private record Stranger(String query, String body, String bearer) {}

  private static List<Stranger> strangers() {
    var waiting = Form.builder().add("authorization", ASKED.encode()).add("form_token", "x");
    return Stream.concat(
            Stream.of(
                new Stranger("", "", ""),
                new Stranger("", "", "garbage"),
                new Stranger("x=1&x=2", "x=1&x=2", ""),
                new Stranger(SILENT.encode(), SILENT.encode(), ""),
                new Stranger(ASKED.encode(), ASKED.encode(), ""),
                new Stranger(waiting.build().encode(), waiting.build().encode(), ""),
                new Stranger("state=x&code=x&iss=x", "state=x&RelayState=x&SAMLResponse=x", ""),
                new Stranger("client_id=phone", "client_id=phone", ""),
                new Stranger("id_token_hint=x", "id_token_hint=x", "")),
            Stream.of("x", "authorization_code", "refresh_token")
                .map(type ->
                    new Stranger(
                        "",
                        "client_id=phone&token=x&code=x&code_verifier=x&refresh_token=x"
                            + "&redirect_uri=x&grant_type="
                            + type,
                        "")))
        .toList();
  }

  @Test
  @DisplayName("at any route of any listener, so that nobody can forget a new one")
  void at_every_route() throws Exception {
    var config = ConfigurationFile.read(configuration(EveryRoute.installed(folder)), Map.of());
    try (var lanyard = Lanyard.start(config, new TestClock())) {
      exhaust(lanyard);
      for (var listener : lanyard.routes().entrySet()) {
        for (var route : listener.getValue()) {
          for (var stranger : strangers()) {
            send(lanyard.port(listener.getKey()), route, stranger);
          }
        }
      }
      var recorded = new TreeSet<String>();
      for (var record : lanyard.audit().query(AuditQuery.newest(1000))) {
        var by = sent.get(record.event().correlationId());
        if (by != null) {
          recorded.add(by + " left " + record.event().type() + " " + record.event().evidence());
        }
      }
      assertThat(sent).hasSizeGreaterThan(1000);
      assertThat(recorded).isEmpty();
    }
  }

  private static Path configuration(Installed installed) throws IOException {
    var file = installed.configuration();
    var plain =
        Files.readString(file)
            .replaceAll("(?m)^  tls:\n    certificate: .*\n    key: .*\n", "")
            .replace("https://localhost", "http://localhost");
    Files.writeString(
        file,
        plain
            + "limits: {failures_per_minute: 100000, known_failures_per_minute: 100000,"
            + " records_per_minute: "
            + 2 * RECORDS
            + "}\n");
    for (var clients : Set.of("clients/broker.yaml", "clients/ras.yaml")) {
      Files.writeString(file.resolveSibling(clients), PUBLIC, StandardOpenOption.APPEND);
    }
    return file;
  }

  /// From here on nobody who proves nothing may have a record of their own.
  private void exhaust(Lanyard lanyard) throws Exception {
    var url = URI.create("http://127.0.0.1:" + lanyard.port(Lanyard.BROKER) + "/token");
    for (int i = 0; i < RECORDS; i++) {
      var request =
          HttpRequest.newBuilder(url)
              .header("Authorization", Desk.basic("nobody").get("Authorization"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("grant_type=x"))
              .build();
      assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
    }
  }

  private void send(int port, Route route, Stranger stranger) throws Exception {
    for (var method : route.methods()) {
      for (var path : paths(route.pattern())) {
        var query = stranger.query().isEmpty() ? "" : "?" + stranger.query();
        var url = URI.create("http://127.0.0.1:" + port + path + query);
        var request =
            HttpRequest.newBuilder(url)
                .method(
                    method.name(),
                    BodyPublishers.ofString(method == Method.GET ? "" : stranger.body()))
                .header("Content-Type", "application/x-www-form-urlencoded");
        if (!stranger.bearer().isEmpty()) {
          request.header("Authorization", "Bearer " + stranger.bearer());
        }
        var answer = client.send(request.build(), BodyHandlers.ofInputStream());
        answer.body().close();
        note(answer, method + " " + path + " " + stranger);
      }
    }
  }

  private void note(HttpResponse<?> answer, String what) {
    var id = answer.headers().firstValue("Lanyard-Correlation-Id").orElseThrow();
    sent.put(id, what + " (" + answer.statusCode() + ")");
  }

  private static List<String> paths(String pattern) {
    var ids =
        pattern.contains("{upstream}")
            ? List.of("corporate", "subsidiary", "partner", "x")
            : pattern.contains("{source}")
                ? List.of("idp", "partner", "okta")
                : pattern.contains("{connector}") ? List.of("example") : List.of("x");
    return ids.stream().map(id -> pattern.replaceAll("\\{[^}]*\\}", id)).toList();
  }
}
