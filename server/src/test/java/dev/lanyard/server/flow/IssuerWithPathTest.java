package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("META-1 to META-3: issuers with a path")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuerWithPathTest {
  private static final String PATH = "/tenants/acme";

  private Pair pair;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder).below(PATH), folder);
    pair.person("alice", "engineering");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private static URI atRoot(Issuer issuer, String path) {
    return issuer.uri().resolve(path);
  }

  @Test
  void are_described_by_the_same_document_at_all_three_places() throws MalformedException {
    for (var issuer : List.of(pair.broker(), pair.ras())) {
      var inserted =
          Http.get(atRoot(issuer, "/.well-known/oauth-authorization-server" + PATH), Map.of());
      assertThat(inserted.status()).isEqualTo(200);
      assertThat(inserted.header("Content-Type")).contains("application/json");
      assertThat(inserted.text("issuer")).isEqualTo(issuer.value()).endsWith(PATH);
      for (var place :
          new String[] {
            "/.well-known/openid-configuration" + PATH, PATH + "/.well-known/openid-configuration"
          }) {
        assertThat(Http.get(atRoot(issuer, place), Map.of()).body()).isEqualTo(inserted.body());
      }
      for (var name : inserted.json().names()) {
        if (name.endsWith("_endpoint") || name.equals("jwks_uri")) {
          assertThat(inserted.text(name)).as(name).startsWith(issuer.value() + "/");
        }
      }
      assertThat(Http.get(URI.create(inserted.text("jwks_uri")), Map.of()).json().objects("keys"))
          .isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/tenants",
        "/.well-known/oauth-authorization-server/tenants/other",
        "/.well-known/oauth-authorization-server" + PATH + "/",
        "/tenants/other/.well-known/openid-configuration",
        "/jwks",
        "/authorize"
      })
  void are_not_served_elsewhere(String path) {
    assertThat(Http.get(atRoot(pair.broker(), path), Map.of()).status()).isEqualTo(404);
    assertThat(Http.get(atRoot(pair.ras(), path), Map.of()).status()).isEqualTo(404);
  }

  @Test
  void work_from_sign_in_to_a_living_access_token() throws MalformedException {
    var desk = new Desk(pair);
    var code = desk.code("alice", "openid offline_access");
    var signedIn = desk.token(desk.codeRequest(code).build());
    assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(200);
    assertThat(issuerOf(signedIn.text("id_token"))).isEqualTo(pair.broker().value());

    var exchanged = desk.exchange(signedIn.text("id_token"), World.LINEAR);
    assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
    var redeemed = desk.redeem(exchanged.text("access_token"));
    assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
    assertThat(issuerOf(redeemed.text("access_token"))).isEqualTo(pair.ras().value());
    assertThat(
            desk.introspect(redeemed.text("access_token"), "linear-server").json().bool("active"))
        .contains(true);
    var who =
        Http.get(
            pair.brokerUrl("/userinfo"),
            Map.of("Authorization", "Bearer " + signedIn.text("access_token")));
    assertThat(who.status()).as(who.body()).isEqualTo(200);
  }

  @Test
  @DisplayName("RFC 9207: the answer to the browser names the issuer with its path")
  void are_named_in_the_authorization_response() {
    var desk = new Desk(pair);
    desk.code("alice", "openid");
    var answer = desk.authorize(desk.authorization("openid").build());
    assertThat(answer.parameter("iss")).isEqualTo(pair.broker().value());
  }

  private static String issuerOf(String token) throws MalformedException {
    return UnverifiedJwt.parse(token).unverifiedClaims().issuer().orElseThrow();
  }
}
