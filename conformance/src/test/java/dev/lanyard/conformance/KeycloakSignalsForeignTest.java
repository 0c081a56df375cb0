package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A transmitter that is not ours, set up as `docs/signals.md` says: the broker makes its stream
/// there and fetches what it tells.
@Tag("foreign")
@DisplayName(
    "Shared Signals: Keycloak 26.7.3 transmits, by poll (RFC 8936), what ends sessions here")
class KeycloakSignalsForeignTest {
  private static final String AUDIENCE = "https://broker.acme.example";

  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;

  private static KeycloakPeople people;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    lanyard =
        Installation.startWithSignals(
            """
            {receivers: [{name: keycloak, issuer: "%1$s", algorithms: [RS256],
               audience: "%2$s", upstream: keycloak,
               stream: {token_endpoint: "%1$s/protocol/openid-connect/token", client_id: %3$s,
                 client_secret_file: secrets/keycloak, delivery: poll, verify_every: 1m}}]}
            """
                .formatted(Keycloak.issuerAt(port), AUDIENCE, Keycloak.CLIENT)
                .replace("\n", " "),
            new Installation.Upstream(
                "keycloak",
                Keycloak.issuerAt(port),
                Keycloak.CLIENT_SECRET,
                "openid email profile"));
    var callback = lanyard.broker() + "/callback/keycloak";
    keycloak = Keycloak.start(lanyard.certificates(), port, callback, folder);
    keycloak.transmitSignals(AUDIENCE);
    people = new KeycloakPeople(lanyard, keycloak);
    keycloak.awaitStream();
  }

  @Test
  @DisplayName(
      "SSF-30: CAEP session-revoked of a person ends their sessions here, and nobody else's")
  void a_session_that_ends_there_ends_here() throws Exception {
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
