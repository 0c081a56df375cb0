package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("OpenID Connect RP-Initiated Logout 1.0")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpInitiatedLogoutTest {
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final String BYE = "http://localhost:4711/bye";

  private Pair pair;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    pair.person("bob", "engineering");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private Answer logout(Desk desk, Form.Builder request) {
    return desk.browse(URI.create(pair.brokerUrl("/logout") + "?" + request.build().encode()));
  }

  private Answer confirmed(Desk desk, Answer page, Form.Builder request) {
    var token = FORM_TOKEN.matcher(page.body());
    assertThat(token.find()).as(page.body()).isTrue();
    return desk.submit(
        pair.brokerUrl("/logout"), request.add("form_token", token.group(1)).build());
  }

  private static boolean isSignedIn(Desk desk) {
    var silent = desk.authorize(desk.authorization("openid").add("prompt", "none").build());
    return !silent.parameter("code").isEmpty();
  }

  @Nested
  @DisplayName("with the ID Token of whoever is signed in")
  class Hinted {
    @Test
    void ends_the_session_and_all_that_descends_from_it_and_leads_back() {
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid offline_access");
      var answer =
          logout(
              desk,
              Form.builder()
                  .add("id_token_hint", tokens.text("id_token"))
                  .add("post_logout_redirect_uri", BYE)
                  .add("state", "s & t"));
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.location().toString()).isEqualTo(BYE + "?state=s+%26+t");
      assertThat(isSignedIn(desk)).isFalse();
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", tokens.text("refresh_token"));
      assertThat(desk.token(refresh.build()).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void also_when_the_token_has_expired() {
      var desk = new Desk(pair);
      var hint = desk.idToken("alice");
      pair.clock.advance(Duration.ofHours(9));
      assertThat(logout(desk, Form.builder().add("id_token_hint", hint)).status()).isEqualTo(200);
      assertThat(isSignedIn(desk)).isFalse();
    }

    @Test
    void keeps_the_query_of_a_registered_uri() {
      var desk = new Desk(pair);
      var answer =
          logout(
              desk,
              Form.builder()
                  .add("id_token_hint", desk.idToken("alice"))
                  .add("post_logout_redirect_uri", "https://desk.example/bye?from=broker")
                  .add("state", "s"));
      assertThat(answer.location().toString())
          .isEqualTo("https://desk.example/bye?from=broker&state=s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eyJhbGciOiJub25lIn0.e30.", "no token"})
    void refuses_what_is_no_id_token_of_ours(String hint) {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      assertThat(logout(desk, Form.builder().add("id_token_hint", hint)).status()).isEqualTo(400);
      assertThat(isSignedIn(desk)).isTrue();
    }

    @Test
    @DisplayName("SEC-3: no other kind of token of ours names anybody")
    void refuses_other_tokens() {
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid");
      var idJag = desk.exchange(tokens.text("id_token"), World.LINEAR).text("access_token");
      for (var token : new String[] {tokens.text("access_token"), idJag}) {
        assertThat(logout(desk, Form.builder().add("id_token_hint", token)).status())
            .isEqualTo(400);
      }
      assertThat(isSignedIn(desk)).isTrue();
    }

    @Test
    void refuses_a_client_id_that_is_not_the_one_of_the_token() {
      var desk = new Desk(pair);
      var hint = desk.idToken("alice");
      var answer =
          logout(desk, Form.builder().add("id_token_hint", hint).add("client_id", "other"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(isSignedIn(desk)).isTrue();
    }
  }

  @Nested
  @DisplayName("the person MUST be asked if no ID Token names them")
  class Asked {
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void and_is_signed_out_when_they_agree(boolean another) {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var request =
          Form.builder()
              .add("client_id", "desk")
              .add("post_logout_redirect_uri", BYE)
              .add("state", "s");
      if (another) {
        request.add("id_token_hint", new Desk(pair).idToken("bob"));
      }
      var page = logout(desk, request);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("You are signed in as <b>alice</b>");
      assertThat(isSignedIn(desk)).as("nothing has happened yet").isTrue();
      var answer = confirmed(desk, page, request);
      assertThat(answer.location().toString()).isEqualTo(BYE + "?state=s");
      assertThat(isSignedIn(desk)).isFalse();
    }

    @Test
    @DisplayName("SEC-17: a form that was made for another browser signs nobody out")
    void by_a_form_of_ours_for_this_browser() {
      var attacker = new Desk(pair);
      attacker.code("bob", "openid");
      var page = logout(attacker, Form.builder());
      var victim = new Desk(pair);
      victim.code("alice", "openid");
      assertThat(confirmed(victim, page, Form.builder()).body()).contains("Sign out?");
      assertThat(isSignedIn(victim)).isTrue();
    }

    @Test
    void and_not_if_nobody_is_signed_in() {
      assertThat(logout(new Desk(pair), Form.builder()).body()).contains("Signed out");
    }
  }

  @Nested
  @DisplayName("AC-13: the way back")
  class Back {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://evil.example/",
          "http://localhost:4711/callback",
          "http://localhost/bye/x",
          "https://desk.example/bye",
          "https://desk.example/bye?from=broker#x",
          "//evil.example"
        })
    void is_a_registered_one_or_none_and_nothing_has_ended(String target) {
      var desk = new Desk(pair);
      var request =
          Form.builder()
              .add("id_token_hint", desk.idToken("alice"))
              .add("post_logout_redirect_uri", target);
      var answer = logout(desk, request);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("sign-out refused", "post_logout_redirect_uri");
      assertThat(isSignedIn(desk)).isTrue();
    }

    @Test
    void needs_to_be_of_a_client_that_is_named() {
      var request = Form.builder().add("post_logout_redirect_uri", BYE);
      assertThat(logout(new Desk(pair), request).status()).isEqualTo(400);
      request.add("client_id", "other");
      assertThat(logout(new Desk(pair), request).status()).isEqualTo(400);
    }
  }
}
