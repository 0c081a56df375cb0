package dev.lanyard.server.console.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Sign-in to the console (SEC-14, AC-5, AC-10, SEC-16, SEC-17)")
class ConsoleSignInTest {
  @TempDir static Path folder;

  private static ConsoleWorld world;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Nested
  @DisplayName("Through the broker, as an OpenID client")
  class ThroughTheBroker {
    @Test
    @DisplayName("whoever is not signed in is sent there with PKCE, and comes back to the page")
    void comes_back_to_the_page() {
      world.person("back", "service-desk");
      var surfer = new Surfer(world);
      var begun = surfer.follow(surfer.at("/people?q=back"));
      assertThat(begun.response().uri().toString())
          .startsWith(world.brokerUrl("/authorize").toString())
          .contains("code_challenge_method=S256", "client_id=lanyard-console", "state=");

      var page = surfer.signIn(begun, "back");

      assertThat(page.response().uri()).isEqualTo(world.url("/people?q=back"));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("back@acme.example");
      assertThat(world.audit("console.sign-in")).contains("Help desk");
    }

    @Test
    @DisplayName("a page elsewhere is not come back to")
    void no_open_redirect() {
      world.person("elsewhere");
      for (var page : new String[] {"//evil.example", "https://evil.example", "/\\evil.example"}) {
        var surfer = new Surfer(world);
        var begun = surfer.open("/sign-in?to=" + Addresses.value(page));
        assertThat(surfer.signIn(begun, "elsewhere").response().uri()).isEqualTo(world.url("/"));
      }
    }

    @Test
    @DisplayName("SEC-17: an answer to another browser's sign-in is refused and recorded")
    void another_browsers_answer() {
      world.person("attacker");
      var attacker = new Surfer(world);
      var answer = attacker.answered(attacker.open("/"), "attacker").location();

      var victim = new Surfer(world);
      var _ = victim.open("/");
      var page = victim.get(answer);

      assertThat(page.status()).isEqualTo(400);
      assertThat(victim.cookies()).doesNotContainKey("lanyard-console-session");
      assertThat(world.audit("console.sign-in")).contains("SEC-17");
    }

    @Test
    @DisplayName("SEC-17: whoever signs in again leaves no other session of this browser behind")
    void again() {
      world.person("again");
      var surfer = new Surfer(world).signIn("again");
      var former = Map.of("Cookie", cookie(Map.copyOf(surfer.cookies())));
      assertThat(Http.get(world.url("/"), former).status()).isEqualTo(200);

      assertThat(surfer.open("/sign-in?to=/").status()).isEqualTo(200);

      assertThat(surfer.at("/").status()).isEqualTo(200);
      assertThat(Http.get(world.url("/"), former).status()).as("of the former").isEqualTo(303);
    }

    @Test
    @DisplayName("AC-5: whoever redeems a code a second time kills what came of it")
    void used_twice() {
      world.person("twice");
      var surfer = new Surfer(world);
      var answer = surfer.answered(surfer.open("/"), "twice").location();
      var cookies = Map.copyOf(surfer.cookies());
      assertThat(surfer.follow(surfer.get(answer)).status()).isEqualTo(200);

      var second = Http.get(answer, Map.of("Cookie", cookie(cookies)));

      assertThat(second.status()).isEqualTo(403);
      assertThat(surfer.at("/").status()).as("the first session").isEqualTo(303);
    }

    @Test
    @DisplayName("AC-5: at the token endpoint its codes are good for nothing")
    void not_at_the_token_endpoint() {
      world.person("token");
      var surfer = new Surfer(world);
      var code = surfer.answered(surfer.open("/"), "token").parameter("code");

      var answer =
          Http.post(
              world.brokerUrl("/token"),
              Form.builder()
                  .add("grant_type", "authorization_code")
                  .add("client_id", "lanyard-console")
                  .add("code", code)
                  .add("code_verifier", "v".repeat(43))
                  .build(),
              Map.of());

      assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    @DisplayName("a refusal of the broker is told, and begins nothing")
    void refused_there() {
      var surfer = new Surfer(world);
      var state =
          surfer.open("/").response().uri().getRawQuery().replaceAll(".*state=([^&]+).*", "$1");
      var issuer = Addresses.value("http://127.0.0.1:" + world.broker);

      var answer = surfer.at("/signed-in?error=access_denied&state=" + state + "&iss=" + issuer);

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("You were not signed in");
    }
  }

  private static String cookie(Map<String, String> cookies) {
    var text = new StringBuilder();
    cookies.forEach((name, value) -> text.append(name).append('=').append(value).append("; "));
    return text.toString();
  }

  @Nested
  @DisplayName("A session ends at once with what it stands on (DPR-1)")
  class Ends {
    @Test
    void with_its_person() {
      var surfer = world.signedIn("leaver");
      var person = world.lanyard.directory().findByUserName("acme", "leaver").orElseThrow();

      world.happened(person, Happening.DISABLED);

      assertThat(surfer.at("/").status()).isEqualTo(303);
      world.happened(person, Happening.ENABLED);
      assertThat(surfer.at("/").status()).as("it does not live again").isEqualTo(303);
    }

    @Test
    @DisplayName("in mid-action: what was sent is not done")
    void in_mid_action() {
      var surfer = world.signedIn("midway");
      var token = Surfer.formToken(surfer.open("/"));
      world.happened(
          world.lanyard.directory().findByUserName("acme", "midway").orElseThrow(),
          Happening.TOKENS_REVOKED);

      var answer = surfer.post("/sessions/end", Map.of("session", "all"), token);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.body()).contains("this was not done");
    }

    @Test
    void with_the_console_as_a_client() {
      var surfer = world.signedIn("client");
      var client =
          new Subject.Client(new Issuer("http://127.0.0.1:" + world.broker), Actor.CONSOLE);
      world.report(client, Happening.TOKENS_REVOKED);

      assertThat(surfer.at("/").status()).isEqualTo(303);
    }

    @Test
    @DisplayName("with the session at the broker, wherever that is ended")
    void with_the_session_at_the_broker() {
      var surfer = world.signedIn("two-places");
      var other = new Surfer(world).signIn("two-places");
      var page = surfer.open("/").body();
      assertThat(page).contains("Identity broker");
      // The newest comes first: the other browser's.
      var id = page.replaceAll("(?s).*?name=\"session\" value=\"([^\"]+)\".*", "$1");

      var answer = surfer.submit("/sessions/end", Map.of("session", id));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(surfer.at("/").status() == 303 ^ other.at("/").status() == 303).isTrue();
    }

    @Test
    @DisplayName("by itself after its life; its end is exclusive")
    void by_itself() throws Exception {
      try (var aged = ConsoleWorld.start(folder.resolve("aged"), ConsoleWorld.ANY_FACTOR)) {
        var surfer = aged.signedIn("aged");
        aged.clock.advance(ConsoleConfig.DEFAULT_SESSION_LIFE.minusMillis(1));
        assertThat(surfer.at("/").status()).isEqualTo(200);
        aged.clock.advance(Duration.ofMillis(1));
        assertThat(surfer.at("/").status()).isEqualTo(303);
        assertThat(surfer.open("/").status())
            .as("the broker's session asks nothing")
            .isEqualTo(200);
      }
    }

    @Test
    void when_its_person_signs_out() {
      var surfer = world.signedIn("goes");
      var held = Map.copyOf(surfer.cookies());

      var answer = surfer.submit("/sign-out", Map.of());

      assertThat(answer.body()).contains("You are signed out");
      assertThat(Http.get(world.url("/"), Map.of("Cookie", cookie(held))).status())
          .as("also for who has a copy of the cookie")
          .isEqualTo(303);
      assertThat(world.audit("console.sign-out")).isNotEmpty();
    }
  }

  @Nested
  @DisplayName("A duty is given by groups, as they are at each request")
  class Duties {
    @Test
    void an_employee_sees_only_their_own_page() {
      var surfer = world.signedIn("employee", "engineering");
      var page = surfer.open("/");
      assertThat(page.body()).contains("Linear").doesNotContain("href=\"/people\"");

      var refused = surfer.open("/people");

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("This page is not for you");
      assertThat(world.audit("console.refused")).contains("\"check\":\"duty\"");
    }

    @Test
    @DisplayName("SEC-14: without a factor that cannot be phished there is only the own page")
    void second_factor() {
      try (var strict = ConsoleWorld.start(folder.resolve("strict"), "{demanded: true}")) {
        var surfer = strict.signedIn("admin", "admins");
        assertThat(surfer.open("/").status()).isEqualTo(200);

        var refused = surfer.open("/people?named=ana");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body())
            .contains("Sign in with a security key", "to=%2Fpeople%3Fnamed%3Dana")
            .contains("proved acr none, amr pwd; one of acr phr phrh, amr fido hwk is needed");
        var better = surfer.at("/sign-in?to=%2Fpeople&better=1");
        assertThat(better.parameter("acr_values")).isEqualTo("phr phrh");
        assertThat(strict.audit("console.refused")).contains("second_factor", "SEC-14");
      }
    }
  }

  @Nested
  @DisplayName("A form counts only if it was made for this session")
  class Forms {
    private final Surfer surfer = new Surfer(world);

    @Test
    @DisplayName("SEC-17: without its token, with another session's, or from another site: refused")
    void forged() {
      world.person("forms-one");
      world.person("forms-two");
      surfer.signIn("forms-one");
      var own = Surfer.formToken(surfer.open("/"));
      var others = Surfer.formToken(new Surfer(world).signIn("forms-two").open("/"));
      var fields = Map.of("session", "all");

      assertThat(surfer.post("/sessions/end", fields, "").status()).isEqualTo(403);
      assertThat(surfer.post("/sessions/end", fields, others).status()).isEqualTo(403);
      assertThat(
              surfer
                  .post("/sessions/end", fields, own, Map.of("Sec-Fetch-Site", "cross-site"))
                  .status())
          .isEqualTo(403);

      assertThat(surfer.at("/").status()).as("nothing was ended").isEqualTo(200);
      assertThat(world.audit("console.refused")).contains("form_token", "Sec-Fetch-Site");
    }
  }

  @Test
  @DisplayName("AC-10, SEC-16: cookies and headers of every page")
  void headers() {
    var surfer = world.signedIn("headers");
    Answer page = surfer.open("/");

    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'")
        .doesNotContain("unsafe");
    assertThat(page.header("Cache-Control")).contains("no-store");
    assertThat(page.header("X-Frame-Options")).contains("DENY");
    assertThat(page.body()).doesNotContain("<style", " style=", "javascript:", " onclick");
    var begun = new Surfer(world).at("/sign-in").response().headers().allValues("Set-Cookie");
    assertThat(begun).singleElement().asString().contains("Secure; HttpOnly; SameSite=Lax");
  }
}
