package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.RequestOptions;
import dev.lanyard.conformance.NodeScript.Step;
import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two OpenID Providers of one organisation, both `oidc-provider`: each person finds the own one by
/// their address in Chromium, and neither can answer for the other.
@Tag("foreign")
@DisplayName("Home-realm discovery between two OpenID Providers")
class HomeRealmForeignTest {
  private static final String PASSWORD = "any password will do there";

  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static NodeScript one;
  @AutoClose private static NodeScript two;
  @AutoClose private static Chromium chromium;

  private static int portOfOne;
  private static int portOfTwo;

  @BeforeAll
  static void start() throws Exception {
    portOfOne = Installation.freePort();
    portOfTwo = Installation.freePort();
    lanyard =
        Installation.startSigningIn(
            "{upstreams: [%s, %s]}"
                .formatted(upstream("one", portOfOne), upstream("two", portOfTwo)));
    one = provider(portOfOne, "one", List.of(callback("one")));
    // The second one belongs to an attacker, who registers whatever helps.
    two = provider(portOfTwo, "two", List.of(callback("two"), callback("one")));
    chromium = Chromium.start();
  }

  private static String upstream(String id, int port) throws Exception {
    var secret = Files.writeString(folder.resolve(id), secret(id));
    return """
    {id: %1$s, issuer: "https://localhost:%2$d", client_id: lanyard, client_secret_file: "%3$s",
     scopes: [email, profile, groups], groups_claim: groups, domains: [%1$s.example]}\
    """
        .formatted(id, port, secret);
  }

  private static String secret(String id) {
    return "between-lanyard-and-the-provider-" + id;
  }

  private static NodeScript provider(int port, String id, List<String> redirectUris)
      throws Exception {
    var script = NodeScript.start(lanyard.certificates(), "oidc-provider.mjs");
    var client =
        JsonObject.builder()
            .put("id", "lanyard")
            .put("secret", secret(id))
            .put("redirectUris", redirectUris)
            .build();
    var start =
        JsonObject.builder()
            .put("port", port)
            .put("certificate", lanyard.certificates().certificate().toString())
            .put("key", lanyard.certificates().key().toString())
            .put("client", client)
            .build();
    assertThat(script.step(JsonObject.builder().put("start", start).build()).error()).isEmpty();
    return script;
  }

  private static String callback(String upstream) {
    return lanyard.broker() + "/callback/" + upstream;
  }

  @Test
  void each_person_finds_the_own_provider_by_their_address() throws Exception {
    for (var id : List.of("one", "two")) {
      var port = id.equals("one") ? portOfOne : portOfTwo;
      try (var flow = Begun.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        assertThat(visitor.page().content()).doesNotContain("Sign in with");
        visitor.page().fill("input[name=address]", "zoe@" + id + ".example");
        visitor.page().keyboard().press("Enter");
        visitor.page().waitForURL("https://localhost:" + port + "/**");
        visitor.signIn("zoe-of-" + id, PASSWORD);
        visitor.page().click("text=Continue");
        assertThat(flow.signedIn().error()).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("an address of nobody's domain is told so, and nothing is sent anywhere")
  void an_address_of_no_provider() throws Exception {
    try (var flow = Begun.begin();
        var visitor = chromium.visitor()) {
      visitor.open(flow.address());
      visitor.page().fill("input[name=address]", "zoe@three.example");
      visitor.page().keyboard().press("Enter");
      assertThat(visitor.page().innerText(".error")).contains("No sign-in is set up");
      assertThat(visitor.page().inputValue("input[name=address]")).isEqualTo("zoe@three.example");
    }
  }

  @Test
  @DisplayName(
      "SEC-8: mix-up. A browser is sent to the attacker's provider in the honest one's place")
  void mix_up() throws Exception {
    try (var flow = Begun.begin();
        var visitor = chromium.visitor()) {
      var toLogin = sentOn(visitor, flow.address() + "&domain_hint=one.example");
      var toOne = sentOn(visitor, toLogin);
      assertThat(toOne).startsWith("https://localhost:" + portOfOne + "/auth");
      visitor.open(toOne.replace(":" + portOfOne + "/", ":" + portOfTwo + "/"));
      visitor.page().waitForURL("https://localhost:" + portOfTwo + "/**");
      visitor.signIn("mallory", PASSWORD);
      visitor.page().click("text=Continue");
      visitor.page().waitForURL(callback("one") + "**");
      assertThat(visitor.page().innerText(".error")).contains("The sign-in was not completed");
      assertThat(flow.target().hasAnswer()).isFalse();
    }
  }

  /// Where an address sends the browser, with its cookies, one step at a time.
  private static String sentOn(Chromium.Visitor visitor, String address) {
    var once = RequestOptions.create().setMaxRedirects(0);
    return visitor.page().request().get(address, once).headers().get("location");
  }

  /// A sign-in that an application has begun.
  private record Begun(NodeScript script, RedirectTarget target, String address)
      implements AutoCloseable {
    static Begun begin() throws Exception {
      var script = NodeScript.start(lanyard.certificates(), "oauth-libraries-flow.mjs");
      var target = RedirectTarget.open();
      var broker = lanyard.credentials(lanyard.broker(), "mcp-client").put("auth", "basic").build();
      var authorize =
          JsonObject.builder().put("broker", broker).put("redirectUri", target.uri()).build();
      var begun = script.step(JsonObject.builder().put("authorize", authorize).build());
      return new Begun(script, target, begun.answer().string("url").orElseThrow());
    }

    Step signedIn() throws Exception {
      URI back = target.await();
      return script.step(JsonObject.builder().put("callback", back.toString()).build());
    }

    @Override
    public void close() {
      script.close();
      target.close();
    }
  }
}
