package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.conformance.NodeScript.Step;
import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two certified generic OAuth clients, openid-client and oauth4webapi, sign a person in, exchange,
/// redeem, introspect, call and revoke.
@Tag("foreign")
@DisplayName("openid-client and oauth4webapi")
class OAuthLibrariesForeignTest {
  private static final String CLIENT = "mcp-client";
  private static final String CLIENT_AT_RAS = "mcp-client-ras";

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @ParameterizedTest
  @CsvSource({"basic, basic", "post, basic", "basic, post", "post, post"})
  void an_engineer_calls_a_tool(String atBroker, String atRas) throws Exception {
    try (var libraries = libraries()) {
      var signedIn = signIn(libraries, lanyard.engineer(), atBroker);
      assertThat(signedIn.error()).isEmpty();
      var claims = signedIn.answer().object("claims").orElseThrow();
      var refreshed = signedIn.answer().object("refreshed").orElseThrow();
      assertThat(claims.string("iss")).hasValue(lanyard.broker());
      assertThat(refreshed.string("sub")).isEqualTo(claims.string("sub"));

      var exchanged = libraries.step(exchange(atRas));
      assertThat(exchanged.error()).isEmpty();
      var idJag = exchanged.answer().object("idJag").orElseThrow();
      assertThat(idJag.string("issuedType")).hasValue(Urns.ID_JAG);

      var redeemed = libraries.step(step("redeem"));
      assertThat(redeemed.error()).isEmpty();
      var token = redeemed.answer().object("token").orElseThrow();
      assertThat(token.string("scope")).hasValue("issues.read");

      var called = libraries.step(call());
      assertThat(called.error()).isEmpty();
      assertThat(called.answer().integer("status")).hasValue(200L);

      assertThat(libraries.step(step("revoke")).error()).isEmpty();

      var afterwards = libraries.step(call());
      assertThat(afterwards.exchanges()).containsExactly("POST " + lanyard.mcpServer() + " 401");
    }
  }

  @Test
  void a_person_outside_the_role_is_refused_at_the_exchange() throws Exception {
    try (var libraries = libraries()) {
      assertThat(signIn(libraries, lanyard.salesperson(), "basic").error()).isEmpty();

      assertRefusedAtBroker(libraries.step(exchange("basic")), "invalid_target");
    }
  }

  @Test
  void a_disabled_person_is_refused_at_the_exchange() throws Exception {
    var person = lanyard.engineer();
    try (var libraries = libraries()) {
      assertThat(signIn(libraries, person, "basic").error()).isEmpty();

      lanyard.disable(person);

      assertRefusedAtBroker(libraries.step(exchange("basic")), "invalid_grant");
    }
  }

  @Test
  void a_person_disabled_after_the_exchange_is_refused_at_the_redemption() throws Exception {
    var person = lanyard.engineer();
    try (var libraries = libraries()) {
      assertThat(signIn(libraries, person, "basic").error()).isEmpty();
      assertThat(libraries.step(exchange("basic")).error()).isEmpty();

      lanyard.disable(person);

      var refused = libraries.step(step("redeem"));
      assertThat(refused.refusals())
          .hasSize(1)
          .hasEntrySatisfying(
              lanyard.ras() + "/token", body -> assertThat(body).contains("\"invalid_grant\""));
    }
  }

  private static void assertRefusedAtBroker(Step refused, String error) throws Exception {
    assertThat(refused.error()).isNotEmpty();
    assertThat(refused.refusals())
        .hasEntrySatisfying(
            lanyard.broker() + "/token", body -> assertThat(body).contains("\"" + error + "\""));
    assertThat(refused.exchanges()).last().isEqualTo("POST " + lanyard.broker() + "/token 400");
  }

  private static NodeScript libraries() {
    return NodeScript.start(lanyard.certificates(), "oauth-libraries-flow.mjs");
  }

  /// Signs the person in with a code request that openid-client made, and lets it check the answer.
  private static Step signIn(NodeScript libraries, Person person, String authentication)
      throws Exception {
    var redirectUri = "http://127.0.0.1:4712/callback";
    var broker = lanyard.credentials(lanyard.broker(), CLIENT).put("auth", authentication).build();
    var authorize =
        JsonObject.builder().put("broker", broker).put("redirectUri", redirectUri).build();
    var begun = libraries.step(JsonObject.builder().put("authorize", authorize).build());
    assertThat(begun.error()).isEmpty();
    var address = URI.create(begun.answer().string("url").orElseThrow());
    try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var response = browser.signIn(address, redirectUri, person.userName(), person.password());
      return libraries.step(JsonObject.builder().put("callback", response.toString()).build());
    }
  }

  private static JsonObject exchange(String authenticationAtRas) {
    var ras =
        lanyard.credentials(lanyard.ras(), CLIENT_AT_RAS).put("auth", authenticationAtRas).build();
    var exchange =
        JsonObject.builder()
            .put("mcpServer", lanyard.mcpServer().toString())
            .put("ras", ras)
            .put("scope", "issues.read")
            .build();
    return JsonObject.builder().put("exchange", exchange).build();
  }

  private static JsonObject step(String name) {
    return JsonObject.builder().put(name, JsonObject.EMPTY).build();
  }

  private static JsonObject call() {
    return JsonObject.builder().put("call", GuardedServer.CALL).build();
  }
}
