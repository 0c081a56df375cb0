package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.conformance.NodeScript.Step;
import dev.lanyard.protocol.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The official MCP TypeScript SDK goes the whole way: ID token → ID-JAG → access token → tool
/// call.
@Tag("foreign")
@DisplayName("MCP TypeScript SDK")
class McpSdkForeignTest {
  private static final String CLIENT = "mcp-client";
  private static final String CLIENT_AT_RAS = "mcp-client-ras";

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Test
  void an_engineer_calls_a_tool_without_a_consent_screen() throws Exception {
    try (var sdk = sdk()) {
      var connected = sdk.step(connect(idToken(lanyard.engineer())));

      assertThat(connected.error()).isEmpty();
      assertThat(connected.exchanges())
          .contains(
              "POST " + lanyard.mcpServer() + " 401",
              "POST " + lanyard.broker() + "/token 200",
              "POST " + lanyard.ras() + "/token 200");
      var token = connected.answer().object("token").orElseThrow();
      assertThat(token.string("type")).hasValue("Bearer");
      assertThat(token.string("scope")).hasValue("issues.read issues.write");
      assertThat(connected.answer().strings("tools").orElseThrow()).contains(GuardedServer.TOOL);

      var called = sdk.step(call());

      assertThat(called.error()).isEmpty();
      assertThat(text(called)).contains("issue");
      assertThat(called.exchanges()).containsExactly("POST " + lanyard.mcpServer() + " 200");
    }
  }

  @Test
  void a_person_outside_the_role_is_refused_at_the_exchange() throws Exception {
    try (var sdk = sdk()) {
      var refused = sdk.step(connect(idToken(lanyard.salesperson())));

      assertThat(refused.error()).contains("Token exchange failed: invalid_target");
      assertNoAccessToken(refused);
    }
  }

  @Test
  void a_disabled_person_is_refused_at_the_exchange() throws Exception {
    var person = lanyard.engineer();
    var idToken = idToken(person);
    lanyard.disable(person);
    try (var sdk = sdk()) {
      var refused = sdk.step(connect(idToken));

      assertThat(refused.error()).contains("Token exchange failed: invalid_grant");
      assertNoAccessToken(refused);
    }
  }

  @Test
  void the_call_after_a_person_was_disabled_is_refused_and_so_is_every_new_exchange()
      throws Exception {
    var person = lanyard.engineer();
    try (var sdk = sdk()) {
      assertThat(sdk.step(connect(idToken(person))).error()).isEmpty();
      assertThat(sdk.step(call()).error()).isEmpty();

      lanyard.disable(person);
      var refused = sdk.step(call());

      assertThat(refused.error()).contains("Token exchange failed: invalid_grant");
      assertThat(refused.exchanges())
          .contains(
              "POST " + lanyard.mcpServer() + " 401", "POST " + lanyard.broker() + "/token 400");
      assertNoAccessToken(refused);
    }
  }

  private static void assertNoAccessToken(Step step) throws Exception {
    assertThat(step.exchanges())
        .contains("POST " + lanyard.broker() + "/token 400")
        .noneMatch(exchange -> exchange.startsWith("POST " + lanyard.ras()));
  }

  private static NodeScript sdk() {
    return NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs");
  }

  private static String idToken(Person person) throws Exception {
    return new CodeRequest(CLIENT, "http://127.0.0.1:4711/callback", "openid email", "a-state")
        .idToken(lanyard, person);
  }

  private static JsonObject connect(String idToken) {
    var connect =
        JsonObject.builder()
            .put("mcpServer", lanyard.mcpServer().toString())
            .put("idToken", idToken)
            .put("broker", lanyard.credentials(lanyard.broker(), CLIENT).build())
            .put("ras", lanyard.credentials(lanyard.ras(), CLIENT_AT_RAS).build())
            .build();
    return JsonObject.builder().put("connect", connect).build();
  }

  private static JsonObject call() {
    return JsonObject.builder().put("call", GuardedServer.CALL).build();
  }

  private static String text(Step called) throws Exception {
    List<JsonObject> content =
        called.answer().object("result").orElseThrow().objects("content").orElseThrow();
    return content.getFirst().string("text").orElseThrow();
  }
}
