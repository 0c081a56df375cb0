package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.NodeScript.Step;
import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `openid-client`, certified for the basic profile, uses the broker as an OpenID Provider and no
/// more.
@Tag("foreign")
@DisplayName("The broker as an OpenID Provider of openid-client")
class OpenIdProviderForeignTest {
  private static final String BYE = "http://127.0.0.1/bye";

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Test
  void claims_hints_user_info_renewal_and_sign_out() throws Exception {
    var person = lanyard.engineer();
    try (var client = NodeScript.start(lanyard.certificates(), "openid-provider-flow.mjs");
        var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var wanted =
          JsonObject.builder()
              .put("scope", "openid email groups offline_access")
              .put("max_age", "3600")
              .put("prompt", "consent")
              .put("claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}")
              .build();
      var first = signedIn(client, browser, wanted, person);
      var claims = first.answer().object("claims").orElseThrow();
      assertThat(claims.strings("groups")).contains(List.of("engineering"));
      assertThat(claims.integer("auth_time")).isPresent();
      assertThat(claims.has("name")).isFalse();
      var userInfo = first.answer().object("userInfo").orElseThrow();
      assertThat(userInfo.string("name")).contains(person.userName());

      var refreshed = client.step(JsonObject.builder().put("refresh", JsonObject.EMPTY).build());
      assertThat(refreshed.error()).isEmpty();
      assertThat(refreshed.answer().object("claims").orElseThrow().integer("auth_time"))
          .isEqualTo(claims.integer("auth_time"));

      var silent =
          JsonObject.builder()
              .put("scope", "openid")
              .put("prompt", "none")
              .put("hinted", true)
              .build();
      assertThat(signedIn(client, browser, silent, person).error()).isEmpty();

      var logout = JsonObject.builder().put("back", BYE).put("state", "s-1").build();
      var url = client.step(JsonObject.builder().put("logout", logout).build());
      var out = browser.open(URI.create(url.answer().string("url").orElseThrow()));
      assertThat(out.status()).isEqualTo(303);
      assertThat(out.header("location")).isEqualTo(BYE + "?state=s-1");

      var ended = client.step(JsonObject.builder().put("refresh", JsonObject.EMPTY).build());
      assertThat(ended.refusals().values())
          .anySatisfy(body -> assertThat(body).contains("invalid_grant"));
    }
  }

  private static Step signedIn(
      NodeScript client, PlainBrowser browser, JsonObject parameters, Installation.Person person)
      throws Exception {
    try (var target = RedirectTarget.open()) {
      var authorize =
          JsonObject.builder()
              .put("broker", lanyard.credentials(lanyard.broker(), "mcp-client").build())
              .put("redirectUri", target.uri())
              .put("parameters", parameters)
              .build();
      var begun = client.step(JsonObject.builder().put("authorize", authorize).build());
      assertThat(begun.error()).isEmpty();
      var address = URI.create(begun.answer().string("url").orElseThrow());
      var back = browser.signIn(address, target.uri(), person.userName(), person.password());
      var signedIn = client.step(JsonObject.builder().put("callback", back.toString()).build());
      assertThat(signedIn.error()).isEmpty();
      return signedIn;
    }
  }
}
