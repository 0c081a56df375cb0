package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real OpenID Provider tells the broker that a session there has ended.
@Tag("foreign")
@DisplayName(
    "OpenID Connect Back-Channel Logout 1.0: Keycloak 26.7.3 signs people out of the broker")
class BackChannelLogoutForeignTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final String REDIRECT = "http://127.0.0.1:4711/callback";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    lanyard =
        Installation.start(
            new Installation.Upstream(
                "keycloak",
                Keycloak.issuerAt(port),
                Keycloak.CLIENT_SECRET,
                "openid email profile"));
    var callback = lanyard.broker() + "/callback/keycloak";
    keycloak = Keycloak.start(lanyard.certificates(), port, callback, folder);
  }

  @Test
  @DisplayName("BCL-1, BCL-4: signed out there, signed out here; somebody else is not")
  void signed_out_there_is_signed_out_here() throws Exception {
    var ana = newPerson();
    var bob = newPerson();
    var tokenOfAna = accessToken(ana);
    var tokenOfBob = accessToken(bob);
    assertThat(userInfo(tokenOfAna)).isEqualTo(200);

    keycloak.logOut(ana);

    awaitRefused(tokenOfAna);
    assertThat(userInfo(tokenOfBob)).isEqualTo(200);
    assertThat(userInfo(accessToken(ana))).isEqualTo(200);
  }

  private static String newPerson() throws Exception {
    var userName = "person-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, "engineering");
    return userName;
  }

  private static String accessToken(String userName) throws Exception {
    var request = new CodeRequest("mcp-client", REDIRECT, "openid", "state-" + UUID.randomUUID());
    try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var response =
          browser.signIn(request.address(lanyard), REDIRECT, "keycloak", userName, PASSWORD);
      var form =
          Form.builder()
              .add("grant_type", "authorization_code")
              .add("code", Form.parse(response.getRawQuery(), Set.of()).required("code"))
              .add("redirect_uri", REDIRECT)
              .add("code_verifier", request.verifier())
              .build();
      var basic = Wire.basic("mcp-client", lanyard.secret("mcp-client"));
      var answer = lanyard.wire().post(lanyard.brokerTokenEndpoint(), form, "Authorization", basic);
      return answer.json().string("access_token").orElseThrow();
    }
  }

  private static int userInfo(String accessToken) {
    return lanyard
        .wire()
        .get(URI.create(lanyard.broker() + "/userinfo"), "Authorization", "Bearer " + accessToken)
        .status();
  }

  /// Keycloak tells its clients after it has answered.
  private static void awaitRefused(String accessToken) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (userInfo(accessToken) != 401) {
      assertThat(System.nanoTime()).as("Keycloak's logout token has no effect").isLessThan(giveUp);
      Thread.sleep(100);
    }
  }
}
