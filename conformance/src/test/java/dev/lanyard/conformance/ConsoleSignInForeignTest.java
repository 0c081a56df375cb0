package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console with its default demand for a second factor that cannot be phished, in front of a
/// Keycloak that signs people in with a password and, if it is asked to, with a security key, which
/// Chromium has as a virtual authenticator.
@Tag("foreign")
@DisplayName("SEC-14: a sign-in that cannot be phished, by Keycloak 26.7.3 and a security key")
class ConsoleSignInForeignTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final String GROUP = "administrators";

  @TempDir private static Path folder;

  @AutoClose private static ConsoleSite site;
  @AutoClose private static Keycloak keycloak;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    var certificates = ConsoleSite.certificates(folder);
    var signIn =
        """
        {upstreams: [
             {id: corporate, issuer: "%s", client_id: lanyard,
              client_secret_file: secrets/corporate, scopes: [openid, profile, email],
              groups_claim: groups}]}
        """
            .formatted(Keycloak.issuerAt(port))
            .strip();
    site =
        ConsoleSite.start(
            folder.resolve("site"),
            new ConsoleSite.Setting(ConsoleSite.Setting.EMBEDDED, signIn, "{}"),
            certificates);
    keycloak =
        Keycloak.start(certificates, port, site.callback("corporate"), folder.resolve("keycloak"));
    keycloak.make("groups", JsonObject.builder().put("name", GROUP).build());
    KeycloakLevels.set(keycloak);
    chromium = Chromium.startTrusting(certificates);
  }

  @Test
  @DisplayName(
      "A password alone is not enough, also if a security key has just been registered: the person"
          + " is told what is missing and what was proved, and has their own page. With the key,"
          + " for which Keycloak is asked by acr_values, the pages of their duty are open")
  void by_a_security_key() throws Exception {
    var userName = "person-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, GROUP, List.of("webauthn-register"));
    try (var visitor = chromium.visitor()) {
      var page = visitor.page();
      SecurityKey.plugInto(page);
      var asked = new ArrayList<String>();
      page.onRequest(request -> {
        if (request.url().startsWith(keycloak.issuer() + "/protocol/openid-connect/auth")) {
          asked.add(request.url());
        }
      });

      visitor.open(site.console() + "/overview");
      visitor.chooseIfAsked("corporate");
      visitor.signIn(userName, PASSWORD);
      page.click("#registerWebAuthn");
      page.waitForURL(site.console() + "/overview");

      assertThat(page.innerText("main"))
          .contains("needs a sign-in that cannot be phished")
          .contains("Sign in again with your security key or passkey")
          .contains("Your last sign-in has proved acr");
      assertThat(asked).hasSize(1).allSatisfy(url -> assertThat(url).doesNotContain("acr_values"));
      visitor.open(site.console() + "/");
      assertThat(page.innerText("aside")).contains("You are also: Administrator");

      page.click("aside >> text=Sign in with a security key");
      visitor.chooseIfAsked("corporate");
      page.click("#authenticateWebAuthnButton");
      page.waitForURL(site.console() + "/");

      assertThat(asked).hasSize(2);
      assertThat(asked.getLast()).contains("acr_values=phr");
      assertThat(page.locator("aside").count()).isZero();
      page.click("nav >> text=Overview");
      page.waitForURL(site.console() + "/overview");
      assertThat(page.innerText("main")).doesNotContain("cannot be phished");
      page.click("nav >> text=People");
      page.waitForSelector("main >> text=" + userName);
    }
  }
}
