package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Random forms at the endpoints for clients: never 200, never 5xx, always a correlation id")
class TokenEndpointFuzzTest {
  private static final int FORMS = 600;
  private static final List<String> NAMES =
      List.of(
          "grant_type",
          "code",
          "code_verifier",
          "refresh_token",
          "assertion",
          "subject_token",
          "subject_token_type",
          "requested_token_type",
          "audience",
          "resource",
          "scope",
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "actor_token",
          "token",
          "redirect_uri",
          "authorization_details",
          "é",
          "");

  @TempDir Path folder;

  @Test
  void are_all_refused() {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var values = values(pair, desk);
      var random = new SplittableRandom(20261123);
      for (int i = 0; i < FORMS; i++) {
        var endpoint = random.nextBoolean() ? pair.brokerUrl("/token") : pair.rasUrl("/token");
        var client = random.nextBoolean() ? "desk" : "desk-ras";
        assertRefused(
            pair,
            endpoint,
            form(random, values),
            random.nextInt(4) == 0 ? Map.of() : Desk.basic(client));
      }
    }
  }

  /// Right values in wrong places, and nonsense.
  private static List<String> values(Pair pair, Desk desk) {
    var idToken = desk.idToken("alice");
    return List.of(
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:jwt-dpop",
        "urn:ietf:params:oauth:token-type:id_token",
        pair.ras().value(),
        World.NOTION.value(),
        idToken.substring(0, idToken.length() - 4),
        "eyJhbGciOiJub25lIn0.e30.",
        "desk",
        "\u0001",
        "[{}]",
        "x".repeat(5000),
        "💥",
        "");
  }

  private static String form(SplittableRandom random, List<String> values) {
    var form = new StringBuilder();
    int parameters = random.nextInt(9);
    for (int i = 0; i < parameters; i++) {
      var name = NAMES.get(random.nextInt(NAMES.size()));
      var value = values.get(random.nextInt(values.size()));
      form.append(i == 0 ? "" : "&").append(URLEncoder.encode(name, StandardCharsets.UTF_8));
      switch (random.nextInt(12)) {
        case 0 -> form.append("=%zz");
        case 1 -> form.append("=%ff%fe");
        case 2 -> form.append("");
        default -> form.append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return form.toString();
  }

  private static void assertRefused(
      Pair pair, URI endpoint, String form, Map<String, String> headers) {
    var answer = Http.post(endpoint, "application/x-www-form-urlencoded", form, headers);
    assertThat(answer.status()).as("%s → %s", form, answer.body()).isBetween(400, 499);
    assertThat(answer.text("correlation_id")).isNotEmpty();
    assertThat(answer.text("error")).isNotEmpty();
    assertThat(pair.audit(answer.text("correlation_id")))
        .as(form)
        .contains("refused", "\"check\":\"", "\"requirement\":\"");
  }
}
