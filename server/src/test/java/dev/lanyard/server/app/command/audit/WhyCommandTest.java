package dev.lanyard.server.app.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.pair.Described;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-3: lanyard why, and the same for programs")
class WhyCommandTest {
  @TempDir Path folder;

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try (var pem = Files.newInputStream(folder.resolve("set-up/tls/ca.pem"));
        var http =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest.Builder get(Lanyard lanyard, String listener, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + lanyard.port(listener) + path));
  }

  private HttpResponse<String> refused(Lanyard lanyard) {
    return send(
        get(lanyard, Lanyard.RAS, "/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("client_id=nobody&client_secret=hush-hush")));
  }

  @Test
  void an_administrator_reads_what_the_caller_was_not_told() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    var token = ClientSecret.generate(new SecureRandom());
    var yaml = installed.configuration();
    Files.writeString(
        yaml,
        Files.readString(yaml)
            + "\nadministration:\n  token_hashes: [\"%s\"]\n".formatted(token.hash().text()));
    try (var lanyard = Lanyard.start(ConfigurationFile.read(yaml, Map.of()), Clock.systemUTC())) {
      var refused = refused(lanyard);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).doesNotContain("unknown", "registered");
      var id = refused.headers().firstValue("Lanyard-Correlation-Id").orElseThrow();

      var ran = installed.here("why", id.substring(0, 9));
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(ran.out())
          .contains(id, "nobody", "IDP-11", "expected", "registered", "unknown", "clients file")
          .doesNotContain("hush-hush");
      assertThat(installed.here("why", id, "--json").out())
          .contains("\"requirement\"", "\"remedy\"");

      var path = "/admin/api/diagnosis/" + id;
      for (var listener : new String[] {Lanyard.BROKER, Lanyard.RAS}) {
        assertThat(send(get(lanyard, listener, path)).statusCode()).isEqualTo(401);
        assertThat(
                send(get(lanyard, listener, path).header("Authorization", "Bearer another"))
                    .statusCode())
            .isEqualTo(401);
        var told =
            send(
                get(lanyard, listener, path)
                    .header("Authorization", "Bearer " + token.secret().reveal()));
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.body()).contains("IDP-11", "remedy").doesNotContain("hush-hush");
        assertThat(told.headers().firstValue("Cache-Control")).contains("no-store");
        Described.assertFits("get", "/admin/api/diagnosis/{id}", 200, told.body());
      }
      assertThat(
              send(get(lanyard, Lanyard.RAS, "/admin/api/diagnosis/zzzz-zzzz-zzzz-zzzz")
                      .header("Authorization", "Bearer " + token.secret().reveal()))
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  @DisplayName("Without a token in the configuration there is no such page")
  void off_by_default() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    try (var lanyard =
        Lanyard.start(
            ConfigurationFile.read(installed.configuration(), Map.of()), Clock.systemUTC())) {
      assertThat(send(get(lanyard, Lanyard.BROKER, "/admin/api/diagnosis/zzzz-zzzz")).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void an_id_that_is_not_there_or_too_short_is_said() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    assertThat(installed.here("why", "zzzz-zzzz").err()).contains("nothing is recorded");
    assertThat(installed.here("why", "zzz").err()).contains("4 characters");
  }
}
