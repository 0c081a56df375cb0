package dev.lanyard.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-7, SEC-14: tokens of the broker for the JSON API of administrators")
class ApiTokensTest {
  private static final String CALLBACK = "http://127.0.0.1:4711/callback";

  private static ConsoleWorld world;

  private final Pkce.Verifier verifier = Pkce.Verifier.random(new SecureRandom());

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String api() {
    return world.brokerUrl("/admin/api").toString();
  }

  private URI authorize(String client, String scope, String... resources) {
    var form =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", client)
            .add("redirect_uri", client.equals("ops") ? CALLBACK : "http://127.0.0.1/callback")
            .add("scope", scope)
            .add("state", "s")
            .add("code_challenge", verifier.challenge().value())
            .add("code_challenge_method", "S256");
    for (var resource : resources) {
      form.add("resource", resource);
    }
    return URI.create(world.brokerUrl("/authorize") + "?" + form.build().encode());
  }

  /// What the token endpoint answers to somebody who signs in for it.
  private Answer tokens(String userName, String scope, String... resources) {
    var surfer = new Surfer(world);
    var page = surfer.get(authorize("ops", scope, resources));
    return redeemed(surfer.answered(page, userName));
  }

  private Answer redeemed(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("client_id", "ops")
            .add("code", answer.parameter("code"))
            .add("redirect_uri", CALLBACK)
            .add("code_verifier", verifier.secret().reveal())
            .build();
    return Http.post(world.brokerUrl("/token"), form, Map.of());
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
      "An application that the clients file does not name for it, or that asks for more, is sent back")
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
        redeemed(
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
