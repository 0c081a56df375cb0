package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The authorization endpoint of the broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizeTest {
  private Pair pair;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private static Form with(Form.Builder good, String name, String value) {
    var form = good.build();
    var changed = Form.builder();
    for (var one : form.names()) {
      if (!one.equals(name)) {
        changed.add(one, form.one(one).orElseThrow());
      }
    }
    return (value.isEmpty() ? changed : changed.add(name, value)).build();
  }

  @Nested
  @DisplayName("AC-4: bad redirect_uri or client_id: show an error page, never redirect")
  class ErrorPage {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "https://evil.example/callback",
          "https://desk.example/callback/",
          "https://desk.example/callback?x=1",
          "https://desk.example:443/callback",
          "https://Desk.example/callback",
          "https://desk.example/callback/../evil",
          "http://localhost.evil.example/callback",
          "http://localhost@evil.example/callback",
          "http://127.0.0.1/callback",
          "javascript:alert(1)",
          "//evil.example"
        })
    void for_a_redirect_uri_that_is_not_registered(String uri) {
      var desk = new Desk(pair);
      assertShown(desk.authorize(with(desk.authorization("openid"), "redirect_uri", uri)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody", "<script>alert(1)</script>"})
    void for_an_unknown_client(String client) {
      var desk = new Desk(pair);
      var answer = desk.authorize(with(desk.authorization("openid"), "client_id", client));
      assertShown(answer);
      assertThat(answer.body()).doesNotContain("<script>");
    }

    @Test
    void for_a_parameter_that_appears_twice() {
      var desk = new Desk(pair);
      assertShown(desk.authorize(desk.authorization("openid").add("state", "other").build()));
    }

    private void assertShown(Answer answer) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(answer.header("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe-inline");
      var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
      assertThat(answer.body()).contains(correlationId);
      assertThat(pair.audit(correlationId)).contains("authorize refused");
    }
  }

  @Nested
  @DisplayName("AC-1, AC-2, AC-6: every other fault goes back to the client, with iss and state")
  class ErrorRedirect {
    static Stream<Arguments> faults() {
      return Stream.of(
          arguments("response_type", "token", "unsupported_response_type"),
          arguments("response_type", "", "invalid_request"),
          arguments("code_challenge", "", "invalid_request"),
          arguments("code_challenge", "short", "invalid_request"),
          arguments("code_challenge_method", "plain", "invalid_request"),
          arguments("code_challenge_method", "", "invalid_request"),
          arguments("scope", "email", "invalid_scope"),
          arguments("scope", "openid  email", "invalid_scope"),
          arguments("response_mode", "fragment", "invalid_request"),
          arguments("request", "eyJ", "request_not_supported"),
          arguments("request_uri", "https://evil.example", "request_uri_not_supported"),
          arguments("registration", "{}", "registration_not_supported"),
          arguments("prompt", "create", "invalid_request"),
          arguments("claims", "[]", "invalid_request"),
          arguments("claims", "{\"id_token\":7}", "invalid_request"),
          arguments("id_token_hint", "eyJ.e30.x", "invalid_request"),
          arguments("max_age", "soon", "invalid_request"),
          arguments("prompt", "none login", "invalid_request"),
          arguments("prompt", "none", "login_required"),
          arguments("dpop_jkt", "x", "invalid_request"));
    }

    @ParameterizedTest(name = "{0}={1} → {2}")
    @MethodSource("faults")
    void is_told_to_the_client(String name, String value, String error) {
      var desk = new Desk(pair);
      var answer = desk.authorize(with(desk.authorization("openid"), name, value));
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.location().toString()).startsWith(Desk.CALLBACK + "?");
      assertThat(answer.parameter("error")).isEqualTo(error);
      assertThat(answer.parameter("iss")).isEqualTo(pair.broker().value());
      assertThat(answer.parameter("state")).isEqualTo("state-1");
      var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
      assertThat(pair.audit(correlationId)).contains("authorize refused");
    }
  }

  @Nested
  @DisplayName("RFC 6749 §3.3: a request without scope has a default")
  class DefaultScope {
    @Test
    void asks_the_person_to_sign_in_as_for_openid() {
      var desk = new Desk(pair);
      var answer = desk.authorize(with(desk.authorization("openid"), "scope", ""));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("type=\"password\"");
    }
  }

  @Nested
  @DisplayName("Sign-in with a password")
  class Password {
    @Test
    void answers_with_code_state_and_iss_and_never_with_307() {
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var form =
          desk.signInForm(desk.authorize(request), request, "alice", "the password of alice");
      var answer = desk.submit(pair.brokerUrl("/login"), form);
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.parameter("code")).hasSize(43);
      assertThat(answer.parameter("state")).isEqualTo("state-1");
      assertThat(answer.parameter("iss")).isEqualTo(pair.broker().value());
      assertThat(answer.response().headers().allValues("Set-Cookie").toString())
          .contains("HttpOnly", "SameSite=Lax", "Secure");
    }

    @Test
    void tells_the_same_of_a_wrong_password_and_an_unknown_name() {
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var page = desk.authorize(request);
      var wrong =
          desk.submit(pair.brokerUrl("/login"), desk.signInForm(page, request, "alice", "wrong"));
      var unknown =
          desk.submit(pair.brokerUrl("/login"), desk.signInForm(page, request, "nobody", "wrong"));
      assertThat(wrong.status()).isEqualTo(401);
      assertThat(unknown.status()).isEqualTo(401);
      assertThat(unknown.body()).isEqualTo(wrong.body().replace("\"alice\"", "\"nobody\""));
      assertThat(wrong.cookie("lanyard-session")).isEmpty();
    }

    @Test
    void needs_a_form_that_we_made_for_this_browser() {
      var victim = new Desk(pair);
      var attacker = new Desk(pair);
      var request = attacker.authorization("openid").build();
      var form =
          attacker.signInForm(
              attacker.authorize(request), request, "alice", "the password of alice");
      assertThat(victim.submit(pair.brokerUrl("/login"), form).status()).isEqualTo(403);
      victim.authorize(request);
      assertThat(victim.submit(pair.brokerUrl("/login"), form).status()).isEqualTo(403);
    }

    @Test
    void cannot_be_bent_to_another_redirect_uri_between_page_and_form() {
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var page = desk.authorize(request);
      var bent = with(desk.authorization("openid"), "redirect_uri", "https://evil.example/");
      var form = desk.signInForm(page, bent, "alice", "the password of alice");
      var answer = desk.submit(pair.brokerUrl("/login"), form);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
    }

    @Test
    @DisplayName("SEC-16: what comes from outside is escaped")
    void escapes_what_a_hint_brings() {
      var desk = new Desk(pair);
      var hint = "\"><script>alert(1)</script>";
      var page = desk.authorize(desk.authorization("openid").add("login_hint", hint).build());
      assertThat(page.body()).doesNotContain("<script>").contains("&lt;script&gt;");
    }

    @Test
    void is_slowed_down_for_one_person_and_stays_open_for_others() {
      pair.person("carol", "engineering");
      pair.person("dave", "engineering");
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var page = desk.authorize(request);
      int last = 0;
      for (int i = 0; i < 11; i++) {
        last =
            desk.submit(pair.brokerUrl("/login"), desk.signInForm(page, request, "carol", "guess"))
                .status();
      }
      assertThat(last).isEqualTo(429);
      assertThat(new Desk(pair).code("dave", "openid")).isNotEmpty();
    }

    @Test
    void is_refused_to_a_disabled_person_who_knows_the_password() {
      var erin = pair.person("erin", "engineering");
      pair.happened(erin, Happening.DISABLED);
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var form = desk.signInForm(desk.authorize(request), request, "erin", "the password of erin");
      var answer = desk.submit(pair.brokerUrl("/login"), form);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.cookie("lanyard-session")).isEmpty();
    }
  }

  @Nested
  @DisplayName("A session")
  class SessionOfABrowser {
    @Test
    void is_enough_for_the_next_application_until_login_is_demanded() {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var again = desk.authorize(desk.authorization("openid").add("prompt", "none").build());
      assertThat(again.parameter("code")).isNotEmpty();
      var login = desk.authorize(desk.authorization("openid").add("prompt", "login").build());
      assertThat(login.status()).isEqualTo(200);
    }

    @Test
    void is_of_no_use_with_a_cookie_that_we_did_not_make() {
      var desk = new Desk(pair);
      desk.cookies().put("lanyard-session", "x".repeat(43));
      var answer = desk.authorize(desk.authorization("openid").add("prompt", "none").build());
      assertThat(answer.parameter("error")).isEqualTo("login_required");
    }

    @Test
    void is_over_when_max_age_has_passed() {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var strict = desk.authorization("openid").add("max_age", "60").add("prompt", "none").build();
      assertThat(desk.authorize(strict).parameter("code")).isNotEmpty();
      pair.clock.advance(Duration.ofSeconds(61));
      assertThat(desk.authorize(strict).parameter("error")).isEqualTo("login_required");
    }
  }

  @Test
  @DisplayName("META-18: never cross-origin at the authorization endpoint")
  void refuses_scripts_of_other_origins() {
    var desk = new Desk(pair);
    var answer =
        dev.lanyard.server.pair.Http.get(
            URI.create(
                pair.brokerUrl("/authorize") + "?" + desk.authorization("openid").build().encode()),
            Map.of("Origin", "https://evil.example"));
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }
}
