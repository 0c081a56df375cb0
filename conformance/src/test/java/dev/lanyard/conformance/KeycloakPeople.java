package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/// People with an account at Keycloak who sign in at the broker through it. The provider is called
/// `keycloak` there.
record KeycloakPeople(Installation lanyard, Keycloak keycloak) {
  private static final String PASSWORD = "correct horse battery staple";
  private static final String REDIRECT = "http://127.0.0.1:4711/callback";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// @return the user name of somebody who may use Linear
  String newPerson() throws Exception {
    var userName = "person-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, "engineering");
    return userName;
  }

  /// Signs in with a browser of its own.
  ///
  /// @return an access token for `/userinfo`, which lives as long as the session
  String signIn(String userName) throws Exception {
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

  boolean isAccepted(String accessToken) {
    int status =
        lanyard
            .wire()
            .get(
                URI.create(lanyard.broker() + "/userinfo"),
                "Authorization",
                "Bearer " + accessToken)
            .status();
    assertThat(status).isIn(200, 401);
    return status == 200;
  }

  /// Keycloak tells others after it has answered.
  void awaitRefused(String accessToken) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (isAccepted(accessToken)) {
      assertThat(System.nanoTime()).as("what Keycloak tells has no effect").isLessThan(giveUp);
      Thread.sleep(100);
    }
  }
}
