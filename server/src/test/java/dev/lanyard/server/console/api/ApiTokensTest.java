package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-7, SEC-14: tokens of the broker for the JSON API of administrators")
class ApiTokensTest {
  private static ConsoleWorld world;

  private final OpsClient ops = new OpsClient(world);

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private Answer tokens(String userName, String scope, String... resources) {
    return new OpsClient(world).tokens(userName, scope, resources);
  }

  private URI authorize(String client, String scope, String... resources) {
    return ops.authorize(client, scope, resources);
  }

  private static String api() {
    return world.brokerUrl("/admin/api").toString();
  }

  private static Answer coverage(String token) {
    return Http.get(URI.create(api() + "/coverage"), Map.of("Authorization", "Bearer " + token));
  }

  @Test
  @DisplayName("A reviewer gets one for the API alone, for an hour, without renewal, and reads")
  void reads() {
    var _ = world.person("rita", "audit");
    var answer = tokens("rita", "openid offline_access lanyard.read lanyard.audit", api());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.text("scope")).contains("lanyard.read").doesNotContain("lanyard.audit");
    assertThat(answer.json().text("expires_in")).contains("3600");
    assertThat(answer.json().has("refresh_token")).isFalse();
    var token = answer.text("access_token");
    assertThat(coverage(token).status()).isEqualTo(200);
    // It is for nothing else: not for UserInfo, and not at the other listeners.
    var bearer = Map.of("Authorization", "Bearer " + token);
    assertThat(Http.get(world.brokerUrl("/userinfo"), bearer).status()).isEqualTo(401);
    assertThat(Http.get(world.url("/admin/api/coverage"), bearer).status()).isEqualTo(404);
    world.clock.advance(Duration.ofMinutes(62));
    assertThat(coverage(token).status()).isEqualTo(401);
  }

  @Test
  @DisplayName(
      "Without naming the API nobody gets a scope of it, and such a token does not open it")
  void not_by_accident() {
    var _ = world.person("olga", "admins");
    var answer = tokens("olga", "openid lanyard.read lanyard.admin");
    assertThat(answer.text("scope")).isEqualTo("openid");
    assertThat(coverage(answer.text("access_token")).status()).isEqualTo(401);
  }

  @Test
  @DisplayName(
      "An application that the clients file does not name for it, or that asks for more, is sent"
          + " back")
  void applications() {
    var surfer = new Surfer(world);
    var unnamed = surfer.get(authorize("studio", "openid lanyard.admin", api()));
    assertThat(unnamed.parameter("error")).isEqualTo("invalid_target");
    var two = surfer.get(authorize("ops", "openid lanyard.read", api(), "https://b.example/mcp"));
    assertThat(two.parameter("error")).isEqualTo("invalid_target");
    var other = surfer.get(authorize("ops", "openid lanyard.audit", api()));
    assertThat(other.parameter("error")).isEqualTo("invalid_scope");
  }

  @Test
  @DisplayName("No session that was there before gives one: nobody is asked for consent here")
  void signed_in_for_it() {
    var _ = world.person("sven", "admins");
    var surfer = new Surfer(world);
    var _ =
        ops.redeemed(
            surfer.answered(surfer.get(authorize("ops", "openid lanyard.read", api())), "sven"));
    world.clock.advance(Duration.ofMinutes(6));
    assertThat(surfer.get(authorize("ops", "openid")).status()).isEqualTo(303);
    assertThat(surfer.get(authorize("ops", "openid lanyard.read", api())).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("IDP-42: the kill ends it with the next call; so does leaving the group")
  void ends() {
    var ada = world.person("ada", "admins");
    var token = tokens("ada", "openid lanyard.read", api()).text("access_token");
    assertThat(coverage(token).status()).isEqualTo(200);
    world.happened(ada, Happening.TOKENS_REVOKED);
    assertThat(coverage(token).status()).isEqualTo(401);

    var _ = world.person("emil", "engineering");
    var plain = tokens("emil", "openid lanyard.read", api()).text("access_token");
    var refused = coverage(plain);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text("type")).isEqualTo("urn:lanyard:problem:no_duty");
    assertThat(world.audit("api.refused")).contains("\"check\":\"duty\"");
    assertThat(world.audit("api.called")).contains(ada.id().value(), "coverage");
  }
}
