package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `openid-client` as a confidential client of the ordinary flow, with a person at Chromium. The
/// conformance suite cannot be one: where a server lets public clients in it never sends its
/// secret.
@Tag("foreign")
@DisplayName("CONF-3: the ordinary flow with a confidential client")
@Timeout(180)
class OrdinaryFlowForeignTest {
  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "post"})
  void sign_in_consent_call_renewal_and_the_end(String authentication) throws Exception {
    var person = lanyard.guest();
    try (var client = NodeScript.start(lanyard.certificates(), "ordinary-flow.mjs");
        var target = RedirectTarget.open();
        var chromium = Chromium.start();
        var visitor = chromium.visitor()) {
      var begun = step(client, "authorize", request(target.uri(), authentication));
      visitor.open(begun.string("url").orElseThrow());
      picture(visitor, "sign-in");
      visitor.signIn(person.userName(), person.password());
      visitor.page().waitForSelector("button[value=allow]");
      picture(visitor, "consent");
      assertThat(visitor.page().content()).contains("See issues", "Your answer goes to");
      visitor.allow();

      var back = JsonObject.builder().put("callback", target.await().toString()).build();
      var token = answered(client.step(back)).object("token").orElseThrow();
      assertThat(token.string("scope")).contains("issues.read");
      assertThat(token.integer("life")).contains(2700L);
      assertThat(status(client)).isEqualTo(200);

      step(client, "refresh", JsonObject.EMPTY);
      assertThat(status(client)).isEqualTo(200);

      visitor.open(lanyard.ras() + "/consents");
      picture(visitor, "consents");
      assertThat(visitor.page().content()).contains("Workbench");

      step(client, "revoke", JsonObject.EMPTY);
      assertThat(status(client)).isEqualTo(401);
    }
  }

  private static JsonObject request(String redirectUri, String authentication) {
    return JsonObject.builder()
        .put(
            "ras",
            lanyard.credentials(lanyard.ras(), "workbench").put("auth", authentication).build())
        .put("redirectUri", redirectUri)
        .put("scope", "issues.read")
        .put("resource", lanyard.resource())
        .build();
  }

  private static long status(NodeScript client) throws Exception {
    var use = JsonObject.builder().put("use", lanyard.mcpServer().toString()).build();
    return answered(client.step(use)).integer("status").orElseThrow();
  }

  private static JsonObject step(NodeScript client, String name, JsonObject argument)
      throws Exception {
    return answered(client.step(JsonObject.builder().put(name, argument).build()));
  }

  private static JsonObject answered(NodeScript.Step step) throws Exception {
    assertThat(step.error()).as(step.answer().toJson()).isEmpty();
    return step.answer();
  }

  /// For people who want to see what was seen.
  private static void picture(Chromium.Visitor visitor, String name) throws Exception {
    visitor.picture(Files.createDirectories(Path.of("target/pictures")).resolve(name + ".png"));
  }
}
