package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.ras.Ras;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RFC 8414: what the servers say of themselves (META-1 to META-9, META-18, META-19)")
class MetadataDocumentsTest {
  @TempDir Path folder;

  @Test
  void is_what_the_golden_files_say_at_every_well_known_place()
      throws IOException, MalformedException {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      assertGolden("broker", pair.broker().value());
      assertGolden("ras", pair.ras().value());
      for (var jwks : new URI[] {pair.brokerUrl("/jwks"), pair.rasUrl("/jwks")}) {
        var keys = Http.get(jwks, Map.of("Origin", "https://app.example"));
        assertThat(keys.body()).doesNotContain("\"d\":").contains("\"kid\":", "\"use\":\"sig\"");
        assertThat(keys.header("Cache-Control").orElseThrow()).contains("max-age");
        assertThat(keys.header("Access-Control-Allow-Origin")).contains("*");
      }
      assertThat(Http.get(pair.rasUrl("/jwks"), Map.of()).json().objects("keys").orElseThrow())
          .as("a key for each purpose (KEY-6)")
          .hasSize(Ras.PURPOSES.size());
    }
  }

  @Test
  void names_an_endpoint_of_the_resource_authorization_server_that_refuses_every_visit()
      throws IOException, MalformedException {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      var answer = Http.get(pair.rasUrl("/authorize?response_type=code&client_id=x"), Map.of());
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(answer.json().string("error")).hasValue("unauthorized_client");
    }
  }

  private static void assertGolden(String server, String issuer) throws IOException {
    var expected = golden(server).replace("ISSUER", issuer);
    for (var place : new String[] {"oauth-authorization-server", "openid-configuration"}) {
      var answer = Http.get(URI.create(issuer + "/.well-known/" + place), Map.of());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Type")).contains("application/json");
      assertThat(answer.header("ETag")).isPresent();
      assertThat(pretty(answer.json())).isEqualToIgnoringWhitespace(expected);
    }
  }

  private static String pretty(JsonObject json) {
    return json.toPrettyJson();
  }

  private static String golden(String server) throws IOException {
    try (var in =
        MetadataDocumentsTest.class.getResourceAsStream("/metadata/" + server + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
