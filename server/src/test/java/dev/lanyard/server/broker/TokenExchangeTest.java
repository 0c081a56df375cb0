package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ID-JAG draft-04 §4.3: token exchange at the broker")
class TokenExchangeTest {
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private static Form with(Form.Builder good, String name, String value) {
    var form = good.build();
    var changed = Form.builder();
    for (var one : form.names()) {
      if (!one.equals(name)) {
        form.all(one).forEach(text -> changed.add(one, text));
      }
    }
    return (value.isEmpty() ? changed : changed.add(name, value)).build();
  }

  private Form.Builder good() {
    return desk.exchangeRequest(desk.idToken("alice"), World.LINEAR);
  }

  private static void assertRefused(Answer answer, String error) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Nested
  @DisplayName("The answer")
  class TheAnswer {
    @Test
    @DisplayName("IDP-21, IDP-22, IDP-23, IDP-37, IDP-38: has exactly these members")
    void has_exactly_these_members() throws MalformedException {
      var answer = desk.token(with(good(), "scope", "issues.read"));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Cache-Control")).as("TOK-5").contains("no-store");
      assertThat(answer.json().names())
          .containsExactlyInAnyOrder(
              "access_token", "issued_token_type", "token_type", "expires_in", "scope");
      assertThat(answer.text("issued_token_type")).isEqualTo(TYPES + "id-jag");
      assertThat(answer.text("token_type")).isEqualTo("N_A");
      assertThat(answer.text("scope")).isEqualTo("issues.read");
      var jwt = UnverifiedJwt.parse(answer.text("access_token"));
      assertThat(jwt.unverifiedType()).contains("oauth-id-jag+jwt");
      assertThat(jwt.unverifiedKeyId()).isPresent();
      var claims = jwt.unverifiedClaims().all();
      assertThat(claims.names())
          .as("IDP-29: and no groups, name or upstream identifier")
          .containsExactlyInAnyOrder(
              "iss",
              "sub",
              "aud",
              "client_id",
              "jti",
              "iat",
              "exp",
              "resource",
              "scope",
              "txn",
              "email",
              "auth_time",
              "amr",
              "sid",
              "azp");
      assertThat(claims.string("aud")).as("IDP-23: text").contains(pair.ras().value());
      assertThat(claims.string("resource")).contains(World.LINEAR.value());
      assertThat(claims.string("scope")).as("IDP-30").contains("issues.read");
      assertThat(claims.has("cnf")).as("IDP-33: no proof, no cnf").isFalse();
    }

    @Test
    @DisplayName("IDP-24, IDP-25: one person has one sub, whatever client asks; two have two")
    void names_the_person_as_the_audience_knows_them() throws MalformedException {
      pair.person("bob", "engineering");
      var other = new Desk(pair, "other", "other-ras", "https://other.example/callback");
      var alice = subject(desk.idJag("alice", World.LINEAR));
      assertThat(subject(other.idJag("alice", World.LINEAR))).isEqualTo(alice);
      assertThat(subject(new Desk(pair).idJag("bob", World.LINEAR))).isNotEqualTo(alice);
    }

    @Test
    @DisplayName("IDP-32: it ends with what it stands on")
    void does_not_outlive_the_subject_token() throws MalformedException {
      var form = good().build();
      pair.clock.advance(Duration.ofHours(8).minusSeconds(60));
      var answer = desk.token(form);
      assertThat(answer.json().seconds("expires_in")).contains(59L);
      pair.clock.advance(Duration.ofSeconds(61));
      assertRefused(desk.token(form), "invalid_grant");
    }
  }

  private static String subject(String token) throws MalformedException {
    return UnverifiedJwt.parse(token).unverifiedClaims().subject().orElseThrow();
  }

  @Nested
  @DisplayName("The request")
  class TheRequest {
    @Test
    @DisplayName("IDP-1: the grant_type of the specification's faulty example is not one")
    void with_the_faulty_grant_type() {
      assertRefused(
          desk.token(with(good(), "grant_type", TYPES + "id_token")), "unsupported_grant_type");
    }

    @Test
    @DisplayName("IDP-5: has one audience")
    void with_two_audiences() {
      var two = good().add("audience", "https://other.example").build();
      assertRefused(desk.token(two), "invalid_request");
      assertRefused(
          desk.token(good().add("audience", pair.ras().value()).build()), "invalid_request");
    }

    @Test
    @DisplayName(
        "IDP-6: may name a resource twice, and none that is not permitted beside one that is")
    void with_two_resources() throws MalformedException {
      var same = desk.token(good().add("resource", World.LINEAR.value()).build());
      assertThat(same.status()).as(same.body()).isEqualTo(200);
      var claims = UnverifiedJwt.parse(same.text("access_token")).unverifiedClaims().all();
      assertThat(claims.stringOrStrings("resource").orElseThrow())
          .containsExactly(World.LINEAR.value());
    }

    @Test
    @DisplayName("IDP-9: authorization details of an unknown type, also beside scope and resource")
    void with_authorization_details() {
      var form = good().add("authorization_details", "[{\"type\":\"payment\"}]").build();
      assertRefused(desk.token(form), "invalid_authorization_details");
    }

    @Test
    @DisplayName("IDP-12: a SAML assertion is refused as long as no SAML provider is enrolled")
    void with_a_saml_assertion() {
      assertRefused(
          desk.token(with(good(), "subject_token_type", TYPES + "saml2")), "invalid_grant");
    }

    @Test
    @DisplayName("IDP-12: an access token is no subject token of an ordinary client")
    void with_an_access_token() {
      for (var type : new String[] {"access_token", "jwt"}) {
        assertRefused(
            desk.token(with(good(), "subject_token_type", TYPES + type)), "invalid_request");
      }
    }

    @Test
    @DisplayName("IDP-18: an actor is refused in every form, and never ignored")
    void with_an_actor() {
      assertRefused(desk.token(good().add("actor_token", "x").build()), "invalid_request");
      assertRefused(
          desk.token(good().add("actor_token_type", TYPES + "jwt").build()), "invalid_request");
      assertRefused(
          desk.token(good().add("actor_token", "x").add("actor_token_type", TYPES + "jwt").build()),
          "invalid_request");
    }
  }

  @Nested
  @DisplayName("IDP-16: a refresh token as subject")
  class RefreshToken {
    private Form exchange(String refreshToken) {
      var form = desk.exchangeRequest(refreshToken, World.LINEAR);
      return with(form, "subject_token_type", TYPES + "refresh_token");
    }

    @Test
    void is_worth_nothing_to_another_client() {
      var form = exchange(desk.signedIn("alice", "openid offline_access").text("refresh_token"));
      assertThat(desk.token(form).status()).isEqualTo(200);
      assertRefused(
          Http.post(pair.brokerUrl("/token"), form, Desk.basic("other")), "invalid_grant");
    }

    @Test
    @DisplayName("IDP-42: is worth nothing once the person is disabled")
    void is_worth_nothing_once_the_person_is_disabled() {
      var form = exchange(desk.signedIn("alice", "openid offline_access").text("refresh_token"));
      pair.happened(pair.person("alice"), Happening.DISABLED);
      assertRefused(desk.token(form), "invalid_grant");
    }

    @Test
    void keeps_the_time_of_the_sign_in() throws MalformedException {
      var signedIn = desk.signedIn("alice", "openid offline_access");
      var then = claims(signedIn.text("id_token")).text("auth_time");
      pair.clock.advance(Duration.ofHours(1));
      var idJag = desk.token(exchange(signedIn.text("refresh_token"))).text("access_token");
      assertThat(claims(idJag).text("auth_time")).as("IDP-31").isPresent().isEqualTo(then);
    }
  }

  private static JsonObject claims(String token) throws MalformedException {
    return UnverifiedJwt.parse(token).unverifiedClaims().all();
  }

  @Test
  @DisplayName("IDP-14: an ID Token of a linked upstream provider is no subject token")
  void an_upstream_id_token_is_refused() throws MalformedException {
    try (var upstream = Pair.start(Setup.usual(folder.resolve("up")), folder.resolve("up"))) {
      upstream.person("alice", "engineering");
      var token = new Desk(upstream).idToken("alice");
      var link = new ExternalSubject(World.ORGANISATION, upstream.broker(), subject(token));
      pair.directory.link(pair.person("alice").id(), link);
      assertRefused(desk.exchange(token, World.LINEAR), "invalid_grant");
    }
  }

  @Test
  @DisplayName("IDP-36: an ID-JAG is good at one resource authorization server")
  void an_id_jag_is_refused_elsewhere() {
    try (var elsewhere = Pair.start(Setup.usual(folder.resolve("up")), folder.resolve("up"))) {
      elsewhere.person("alice", "engineering");
      var idJag = desk.idJag("alice", World.LINEAR);
      assertRefused(new Desk(elsewhere).redeem(idJag), "invalid_grant");
      assertThat(desk.redeem(idJag).status()).isEqualTo(200);
    }
  }
}
