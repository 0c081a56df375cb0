package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;

  private static KeycloakPeople people;

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
    people = new KeycloakPeople(lanyard, keycloak);
  }

  @Test
  @DisplayName("BCL-1, BCL-4: signed out there, signed out here; somebody else is not")
  void signed_out_there_is_signed_out_here() throws Exception {
    var ana = people.newPerson();
    var bob = people.newPerson();
    var tokenOfAna = people.signIn(ana);
    var tokenOfBob = people.signIn(bob);
    assertThat(people.isAccepted(tokenOfAna)).isTrue();

    keycloak.logOut(ana);

    people.awaitRefused(tokenOfAna);
    assertThat(people.isAccepted(tokenOfBob)).isTrue();
    assertThat(people.isAccepted(people.signIn(ana))).isTrue();
  }
}
