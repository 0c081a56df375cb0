package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TOK-11, RFC 7662 §2: a resource server asks what a token is worth")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntrospectionEndpointTest {
  private static final String INACTIVE = "{\"active\":false}";

  private Pair pair;
  private Desk desk;
  private Assertions assertions;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
    assertions = new Assertions(pair, "alice");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private String token(JsonObject claims) {
    var answer = desk.redeem(assertions.signed(claims));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private Answer introspect(String token, String caller, String accept) {
    var headers = new HashMap<>(Desk.basic(caller));
    headers.put("Accept", accept);
    var form = Form.builder().add("token", token).build();
    return Http.post(pair.rasUrl("/introspect"), form, headers);
  }

  @Test
  void which_says_everything_that_the_token_says() throws MalformedException {
    var claims =
        assertions
            .claims(World.LINEAR, "issues.read")
            .put("auth_time", 1_700_000_000L)
            .put("acr", "mfa")
            .put("amr", List.of("pwd", "otp"))
            .put("sid", "session-1");
    var answer = desk.introspect(token(claims.build()), "linear-server");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    var described = answer.json();
    assertThat(described.bool("active")).contains(true);
    assertThat(described.string("token_type")).contains("Bearer");
    assertThat(described.string("scope")).contains("issues.read");
    assertThat(described.string("client_id")).contains("desk-ras");
    assertThat(described.string("iss")).contains(pair.ras().value());
    assertThat(described.integer("auth_time")).contains(1_700_000_000L);
    assertThat(described.string("acr")).contains("mfa");
    assertThat(described.strings("amr").orElseThrow()).containsExactly("pwd", "otp");
    assertThat(described.names()).contains("sub", "aud", "exp", "iat", "jti", "grant_id", "txn");
  }

  @Nested
  @DisplayName("of a token for several resources each server learns what concerns its own")
  class ForSeveral {
    private String both() {
      return token(
          assertions
              .claims(World.LINEAR, "issues.read pages.read")
              .put("resource", List.of(World.LINEAR.value(), World.NOTION.value()))
              .build());
    }

    @Test
    void and_not_what_the_person_may_elsewhere() throws MalformedException {
      var described = desk.introspect(both(), "notion-server").json();
      assertThat(described.string("aud")).contains(World.NOTION.value());
      assertThat(described.string("scope")).contains("pages.read");
    }

    @Test
    void and_all_of_it_if_all_are_its_own() throws MalformedException {
      var described = desk.introspect(both(), "front-server").json();
      assertThat(described.stringOrStrings("aud").orElseThrow())
          .containsExactly(World.LINEAR.value(), World.NOTION.value());
      assertThat(described.string("scope")).contains("issues.read pages.read");
    }
  }

  @Nested
  @DisplayName("TOK-12, RFC 9701: whoever accepts a signed answer gets one")
  class Signed {
    private static final String TYPE = "application/token-introspection+jwt";

    private String token() {
      return IntrospectionEndpointTest.this.token(
          assertions.claims(World.LINEAR, "issues.read").build());
    }

    private VerifiedJwt verified(Answer answer) throws MalformedException {
      assertThat(answer.header("Content-Type")).contains(TYPE);
      var self =
          new TrustedIssuer(pair.ras(), pair.rasKeys.published(), Set.of(SigningAlgorithm.ES256));
      if (!(self.verify(UnverifiedJwt.parse(answer.body()))
          instanceof Verification.Verified(var jwt))) {
        throw new AssertionError("not signed by the server: " + answer.body());
      }
      assertThat(jwt.type()).contains("token-introspection+jwt");
      return jwt;
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          TYPE,
          "application/json;q=0.5, " + TYPE,
          "Application/Token-Introspection+JWT;q=0.9"
        })
    void that_is_about_the_token_and_for_nobody_else(String accept) throws MalformedException {
      var jwt = verified(introspect(token(), "linear-server", accept));
      var claims = jwt.claims();
      assertThat(claims.issuer()).contains(pair.ras().value());
      assertThat(claims.audience()).containsExactly("linear-server");
      assertThat(claims.issuedAt()).isPresent();
      var inner = claims.all().object("token_introspection").orElseThrow();
      assertThat(inner.bool("active")).contains(true);
      assertThat(inner.string("client_id")).contains("desk-ras");
    }

    @Test
    @DisplayName("RFC 9701 §5: and can be taken for no access token")
    void that_is_no_token() throws MalformedException {
      var jwt = verified(introspect(token(), "linear-server", TYPE));
      assertThat(jwt.claims().all().names()).doesNotContain("sub", "exp");
      assertThat(introspect(jwt.revealCompact(), "linear-server", "*/*").body())
          .isEqualTo(INACTIVE);
    }

    @Test
    void also_about_a_token_that_counts_for_nothing() throws MalformedException {
      var jwt = verified(introspect("nonsense", "linear-server", TYPE));
      assertThat(jwt.claims().all().object("token_introspection").orElseThrow().toJson())
          .isEqualTo(INACTIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "*/*", TYPE + ";q=0", "application/jwt"})
    void and_nobody_else(String accept) {
      var answer = introspect(token(), "linear-server", accept);
      assertThat(answer.header("Content-Type")).contains("application/json");
      assertThat(answer.header("Vary")).contains("Accept");
    }
  }

  @Test
  void by_nobody_who_has_not_proved_who_they_are() {
    var url = pair.rasUrl("/introspect");
    var form = Form.builder().add("token", "x").add("client_id", "open-ras").build();
    assertThat(Http.post(url, form, Map.of()).status()).isEqualTo(401);
    assertThat(Http.post(url, Form.builder().build(), Desk.basic("linear-server")).status())
        .isEqualTo(400);
  }
}
