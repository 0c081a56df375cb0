package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-1: somebody without credentials cannot fill the record of a whole installation")
class FloodTest {
  @TempDir Path folder;

  @Test
  void at_the_token_endpoint_introspection_and_scim() throws IOException {
    var installed = Installed.in(folder);
    var file = installed.configuration();
    var plain =
        Files.readString(file)
            .replaceAll("(?m)^  tls:\n    certificate: .*\n    key: .*\n", "")
            .replace("https://localhost", "http://localhost");
    Files.writeString(
        file,
        plain
            + "limits: {failures_per_minute: 10, known_failures_per_minute: 10,"
            + " records_per_minute: 30}\n");
    var config = ConfigurationFile.read(file, Map.of());
    try (var lanyard = Lanyard.start(config, new TestClock())) {
      var form = Form.builder().add("grant_type", "authorization_code").build();
      for (int i = 0; i < 40; i++) {
        var token = post(lanyard, Lanyard.BROKER, "/token", form);
        // 503 where a client that is known may stand behind the address: on 4xx it loses a sign-in.
        assertThat(token.status()).isEqualTo(i < 10 ? 401 : 503);
        assertThat(token.header("Retry-After").isPresent()).isEqualTo(i >= 10);
        assertThat(post(lanyard, Lanyard.RAS, "/introspect", form).status())
            .isEqualTo(i < 10 ? 401 : 503);
        var scim =
            Http.get(
                URI.create("http://127.0.0.1:" + lanyard.port(Lanyard.BROKER) + "/scim/v2/Users"),
                Map.of("Authorization", "Bearer none"));
        assertThat(scim.status()).isEqualTo(i < 10 ? 401 : 429);
      }
      var live =
          Http.get(
              URI.create("http://127.0.0.1:" + lanyard.port(Lanyard.BROKER) + "/health/ready"),
              Map.of());
      assertThat(live.status()).as("public pages are not counted").isEqualTo(200);
      var refused =
          lanyard.audit().query(AuditQuery.newest(200)).stream()
              .filter(one -> one.event().type().endsWith("refused"))
              .count();
      assertThat(refused).isEqualTo(15);
    }
    var records = installed.here("audit", "--type", Reception.EVENT).out();
    // Of 120 requests 15 have a record of their own.
    assertThat(records).containsOnlyOnce(Reception.EVENT).contains("105", "127.0.0.1", "/token");
  }

  private static Answer post(Lanyard lanyard, String listener, String path, Form form) {
    return Http.post(
        URI.create("http://127.0.0.1:" + lanyard.port(listener) + path),
        form,
        Desk.basic("nobody"));
  }
}
