package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  /// A browser in which somebody new has signed in a moment ago.
  private Surfer signedIn(String userName) {
    var _ = world.person(userName, "admins");
    var surfer = new Surfer(world);
    surfer.answered(surfer.get(authorize("ops", "openid")), userName);
    assertThat(surfer.get(authorize("ops", "openid")).parameter("code")).isNotEmpty();
    return surfer;
  }

  private URI request() {
    return authorize("ops", "openid lanyard.read lanyard.admin", api());
  }

  private static URI with(URI request, String more) {
    return URI.create(request + "&" + more);
  }

  @Test
  @DisplayName("No session gives one, however young: not unasked, and not to prompt=none")
  void signed_in_for_it() {
    var surfer = signedIn("sven");
    for (var silent : List.of("a=b", "max_age=300", "prompt=consent", "prompt=select_account")) {
      var page = surfer.get(with(request(), silent));
      assertThat(page.status()).as(silent).isEqualTo(200);
      assertThat(page.body()).contains("type=\"password\"");
    }
    var none = surfer.get(with(request(), "prompt=none"));
    assertThat(none.parameter("error")).isEqualTo("login_required");
    assertThat(none.parameter("code")).isEmpty();
  }

  @Test
  @DisplayName("After the sign-in a page says who wants what, and where the answer goes")
  void the_question() {
    var _ = world.person("quinn", "admins");
    var surfer = new Surfer(world);
    var page = surfer.answered(surfer.get(request()), "quinn");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("to act for you?", "signed in as <b>quinn</b>", api())
        .contains("lanyard.read", "lanyard.admin", "change whatever you may change")
        .doesNotContain("lanyard.audit", "openid</code>")
        .contains("Your answer goes to <b>127.0.0.1:4711</b>", "cannot prove which one it is")
        .contains("the next time you are asked again");
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .contains("frame-ancestors 'none'");
    assertThat(page.header("X-Frame-Options")).contains("DENY");

    var no = surfer.decided(page, "deny");
    assertThat(no.parameter("error")).isEqualTo("access_denied");
    assertThat(no.parameter("code")).isEmpty();
    var answer = ops.redeemed(surfer.decided(page, "allow"));
    assertThat(coverage(answer.text("access_token")).status()).isEqualTo(200);
    assertThat(world.audit("authorize")).contains("\"consent\":\"given now\"");
  }

  @Test
  @DisplayName("AC-7: a code for the API gives nothing for another resource, and is not used up")
  void another_resource() {
    var _ = world.person("wim", "admins");
    var surfer = new Surfer(world);
    var page = surfer.answered(surfer.get(request()), "wim");
    var code = surfer.decided(page, "allow");
    var elsewhere = "https://other.example/mcp";
    assertThat(ops.redeemed(code, elsewhere).text("error")).isEqualTo("invalid_target");
    assertThat(ops.redeemed(code, api(), elsewhere).text("error")).isEqualTo("invalid_target");
    var answer = ops.redeemed(code, api());
    assertThat(coverage(answer.text("access_token")).status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  @DisplayName("Each request is asked about: an answer is remembered for none that comes later")
  void each_time() {
    var surfer = signedIn("tess");
    for (int time = 0; time < 2; time++) {
      var page = surfer.get(request());
      assertThat(page.body()).contains("type=\"password\"");
      var question = surfer.answered(page, "tess");
      assertThat(question.body()).contains("to act for you?");
      assertThat(surfer.decided(question, "allow").parameter("code")).isNotEmpty();
    }
  }

  @Test
  @DisplayName(
      "AC-10: an answer is worth nothing in another browser, for another request, or later")
  void the_answer() {
    var _ = world.person("uma", "admins");
    var surfer = new Surfer(world);
    var question = surfer.answered(surfer.get(request()), "uma");

    assertThat(new Surfer(world).decided(question, "allow").status()).isEqualTo(403);
    var other = authorize("ops", "openid lanyard.read", api());
    var shown = Visit.form(question).build();
    var moved =
        Form.builder()
            .add("form_token", shown.one("form_token").orElseThrow())
            .add("agreement", shown.one("agreement").orElseThrow())
            .add("authorization", other.getRawQuery())
            .add("decision", "allow")
            .build();
    assertThat(surfer.decided(moved).status()).isEqualTo(403);
    assertThat(surfer.get(other).body()).contains("type=\"password\"");

    world.clock.advance(Duration.ofMinutes(6));
    var late = surfer.decided(question, "allow");
    assertThat(late.status()).isEqualTo(403);
    assertThat(late.header("Location")).isEmpty();
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
