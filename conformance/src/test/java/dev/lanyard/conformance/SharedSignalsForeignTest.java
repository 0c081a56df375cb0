package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A transmitter of Shared Signals that is not ours: the broker makes its stream there as an OAuth
/// client, has it verified, fetches what is transmitted, and acts upon it.
@Tag("foreign")
@DisplayName("Shared Signals Framework 1.0: Keycloak 26.7.3 transmits, the broker obeys")
@Timeout(600)
class SharedSignalsForeignTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final String REDIRECT = "http://127.0.0.1:4711/callback";
  private static final String RECEIVER = "lanyard-signals";
  private static final String AUDIENCE = "https://broker.acme.example";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;

  @BeforeAll
  @Timeout(600)
  static void start() throws Exception {
    int port = Installation.freePort();
    lanyard =
        Installation.startWithSignals(
            new Installation.Upstream(
                "keycloak",
                Keycloak.issuerAt(port),
                Keycloak.CLIENT_SECRET,
                "openid email profile"),
            """
            {receivers: [{name: keycloak, issuer: "%s", algorithms: [RS256], audience: "%s",
               upstream: keycloak, stream: {token_endpoint: "%s", client_id: %s,
                 client_secret_file: secrets/keycloak, delivery: poll}}]}
            """
                .formatted(
                    Keycloak.issuerAt(port), AUDIENCE, Keycloak.tokenEndpointAt(port), RECEIVER)
                .replace("\n", " "));
    var callback = lanyard.broker() + "/callback/keycloak";
    keycloak = Keycloak.start(lanyard.certificates(), port, callback, folder);
    keycloak.sendNoLogoutTokens();
    keycloak.allowStream(RECEIVER, AUDIENCE);
  }

  private record Tokens(String access, String refresh) {}

  @Test
  @DisplayName("SSF-22, SSF-23, SSF-30: all sessions ended there end here; nobody else's do")
  void session_revoked() throws Exception {
    var ana = newPerson();
    var bob = newPerson();
    var tokensOfAna = signIn(ana, PASSWORD);
    var tokensOfBob = signIn(bob, PASSWORD);
    assertThat(userInfo(tokensOfAna)).isEqualTo(200);

    keycloak.logOut(ana);

    awaitRefused(tokensOfAna);
    assertThat(refreshed(tokensOfAna)).isEqualTo(400);
    assertThat(userInfo(tokensOfBob)).isEqualTo(200);
    assertThat(userInfo(signIn(ana, PASSWORD))).isEqualTo(200);
  }

  @Test
  @DisplayName("SSF-31: whose password was changed there must sign in again")
  void credential_change() throws Exception {
    var ana = newPerson();
    var bob = newPerson();
    var tokensOfAna = signIn(ana, PASSWORD);
    var tokensOfBob = signIn(bob, PASSWORD);
    var another = PASSWORD + " 2";

    keycloak.resetPassword(ana, another);

    awaitRefused(tokensOfAna);
    assertThat(refreshed(tokensOfAna)).isEqualTo(400);
    assertThat(userInfo(tokensOfBob)).isEqualTo(200);
    assertThat(userInfo(signIn(ana, another))).isEqualTo(200);
  }

  private static String newPerson() throws Exception {
    var userName = "person-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, "engineering");
    return userName;
  }

  private static Tokens signIn(String userName, String password) throws Exception {
    var request =
        new CodeRequest(
            "mcp-client", REDIRECT, "openid offline_access", "state-" + UUID.randomUUID());
    try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var response =
          browser.signIn(request.address(lanyard), REDIRECT, "keycloak", userName, password);
      var form =
          Form.builder()
              .add("grant_type", "authorization_code")
              .add("code", Form.parse(response.getRawQuery(), Set.of()).required("code"))
              .add("redirect_uri", REDIRECT)
              .add("code_verifier", request.verifier())
              .build();
      var answer = atTokenEndpoint(form).json();
      return new Tokens(text(answer, "access_token"), text(answer, "refresh_token"));
    }
  }

  private static Answer atTokenEndpoint(Form form) throws Exception {
    var basic = Wire.basic("mcp-client", lanyard.secret("mcp-client"));
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form, "Authorization", basic);
  }

  private static String text(JsonObject json, String name) throws Exception {
    return json.string(name).orElseThrow(() -> new AssertionError("no " + name));
  }

  private static int refreshed(Tokens tokens) throws Exception {
    var form =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", tokens.refresh())
            .build();
    return atTokenEndpoint(form).status();
  }

  private static int userInfo(Tokens tokens) {
    return lanyard
        .wire()
        .get(
            URI.create(lanyard.broker() + "/userinfo"),
            "Authorization",
            "Bearer " + tokens.access())
        .status();
  }

  /// The broker fetches events every other second.
  private static void awaitRefused(Tokens tokens) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (userInfo(tokens) != 401) {
      assertThat(System.nanoTime()).as("Keycloak's event has no effect").isLessThan(giveUp);
      Thread.sleep(100);
    }
  }
}
