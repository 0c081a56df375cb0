package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.sessions.ConsentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "AC-9, AC-10, AC-11, AC-19, REG-5: what a person is asked, and what their answer is worth")
class ConsentTest {
  private static final String BOTH = "issues.read issues.write";

  @TempDir Path folder;
  private Pair pair;
  private Person gina;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    gina = pair.guest("gina");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  @Nested
  @DisplayName("AC-9: the question")
  class Question {
    @Test
    void says_who_wants_what_in_words_where_and_where_the_answer_goes() {
      var visit = Visit.studio(pair);
      var page = visit.question("gina", visit.authorization(World.LINEAR, BOTH).build());
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body())
          .contains("Allow Studio to act for you?")
          .contains("signed in as <b>gina</b>")
          .contains("<h2>Linear</h2>")
          .contains(World.LINEAR.value())
          .contains("See issues &amp; comments")
          .contains("Change issues")
          .contains("Your answer goes to <b>studio.example</b>")
          .contains("up to 30 days")
          .doesNotContain("cannot prove which one it is");
    }

    @Test
    @DisplayName("SEC-16: escapes what a client calls itself, and warns of one on one's computer")
    void warns_of_an_application_on_this_computer() {
      var visit = Visit.pocket(pair);
      var page = visit.question("gina", visit.authorization(World.LINEAR, BOTH).build());
      assertThat(page.body())
          .contains("Pocket &lt;b&gt;&amp;amp;&lt;/b&gt;")
          .contains("Your answer goes to <b>127.0.0.1:4712</b>")
          .contains("cannot prove which one it is");
    }

    @Test
    void does_not_speak_of_renewal_where_there_is_none() {
      var visit = Visit.once(pair);
      var page = visit.question("gina", visit.authorization(World.LINEAR, BOTH).build());
      assertThat(page.body()).doesNotContain("without asking again");
    }

    @Test
    @DisplayName("AC-10: is shown in no frame, holds no script, and its cookies are ours alone")
    void is_safe_to_show() {
      var visit = Visit.studio(pair);
      var page = visit.question("gina", visit.authorization(World.LINEAR, BOTH).build());
      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'");
      assertThat(page.header("X-Frame-Options")).contains("DENY");
      assertThat(page.header("Cache-Control")).contains("no-store");
      assertThat(page.response().headers().allValues("Set-Cookie"))
          .isNotEmpty()
          .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax"));
    }
  }

  @Nested
  @DisplayName("AC-10: the answer")
  class TheAnswer {
    private Visit visit;
    private Form request;
    private Answer page;

    @BeforeEach
    void ask() {
      visit = Visit.studio(pair);
      request = visit.authorization(World.LINEAR, BOTH).build();
      page = visit.question("gina", request);
    }

    private void assertWorthless(Answer answer) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(visit.authorize(request).status()).as("is asked still").isEqualTo(200);
    }

    @Test
    void yes_gives_a_code_once_and_303() {
      var answer = visit.decide(page, "allow");
      assertThat(answer.status()).as("AC-12").isEqualTo(303);
      assertThat(answer.parameter("code")).isNotEmpty();
      assertThat(answer.parameter("iss")).isEqualTo(pair.ras().value());
    }

    @Test
    @DisplayName("AC-6: no is told to the client, and recorded; anything else is a no")
    void no() {
      for (var decision : new String[] {"deny", "Allow", ""}) {
        var answer = visit.decide(page, decision);
        assertThat(answer.parameter("error")).isEqualTo("access_denied");
        assertThat(answer.parameter("iss")).isEqualTo(pair.ras().value());
        assertThat(answer.parameter("code")).isEmpty();
      }
      assertThat(visit.authorize(request).status()).as("is asked still").isEqualTo(200);
    }

    @Test
    void without_the_form_of_this_browser_is_worth_nothing() {
      var stranger = Visit.studio(pair);
      stranger.question("gina", request);
      assertWorthless(
          stranger.submit("/consent", Visit.form(page).add("decision", "allow").build()));
      var bare = Visit.form(page).add("decision", "allow").build();
      assertWorthless(Http.post(pair.rasUrl("/consent"), bare, Map.of()));
    }

    @Test
    void to_another_request_is_worth_nothing() throws Exception {
      var asked = Visit.form(page).build();
      var other = visit.authorization(World.NOTION, "pages.read").build();
      assertWorthless(
          visit.submit(
              "/consent",
              Form.builder()
                  .add("form_token", asked.required("form_token"))
                  .add("agreement", asked.required("agreement"))
                  .add("authorization", other.encode())
                  .add("decision", "allow")
                  .build()));
    }

    @Test
    void of_somebody_else_in_the_same_browser_is_worth_nothing() {
      pair.guest("greta");
      var again = visit.authorization(World.LINEAR, BOTH).add("prompt", "login").build();
      visit.signIn(visit.authorize(again), "greta");
      assertWorthless(visit.decide(page, "allow"));
    }

    @Test
    void after_the_client_has_become_another_is_worth_nothing() throws Exception {
      changeStudio(
          "\"https://studio.example/callback\"",
          "\"https://evil.example/callback\", \"https://studio.example/callback\"");
      assertWorthless(visit.decide(page, "allow"));
    }

    @Test
    void of_somebody_who_was_disabled_meanwhile_is_worth_nothing() {
      pair.happened(gina, Happening.DISABLED);
      assertThat(visit.decide(page, "allow").status()).isEqualTo(403);
    }
  }

  private void changeStudio(String text, String by) throws Exception {
    var file = folder.resolve("ras-clients.yaml");
    var before = Files.readString(file);
    var after = before.replaceFirst(text, by);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
    pair.pollClients();
  }

  @Nested
  @DisplayName("AC-19: what was agreed to is remembered")
  class Remembered {
    @Test
    void for_the_same_client_resource_and_scopes_or_fewer() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, BOTH);
      for (var scope : new String[] {BOTH, "issues.read"}) {
        var answer = visit.authorize(visit.authorization(World.LINEAR, scope).build());
        assertThat(answer.parameter("code")).isNotEmpty();
      }
      assertThat(visit.authorize(visit.authorization(World.NOTION, "pages.read").build()).status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName("also by a browser that was not there, because it is the person's and no cookie")
    void for_the_person() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, BOTH);
      var elsewhere = visit.inAnotherBrowser();
      assertThat(
              elsewhere
                  .question("gina", visit.authorization(World.LINEAR, BOTH).build())
                  .parameter("code"))
          .isNotEmpty();
    }

    @Test
    void and_only_what_is_new_is_asked_for() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, "issues.read");
      var page = visit.authorize(visit.authorization(World.LINEAR, BOTH).build());
      assertThat(page.body())
          .contains("It now also wants to:")
          .containsSubsequence("also wants", "Change issues", "allowed before", "See issues");
      assertThat(visit.decide(page, "allow").parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("AC-14: prompt=consent asks all the same")
    void and_asked_again_on_demand() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, BOTH);
      var request = visit.authorization(World.LINEAR, BOTH).add("prompt", "consent").build();
      var page = visit.authorize(request);
      assertThat(page.body()).contains("You have allowed before:");
      assertThat(visit.decide(page, "allow").parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("REG-5: not for a client that has other redirect URIs since")
    void not_for_a_client_that_became_another() throws Exception {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, BOTH);
      changeStudio("https://studio.example/callback", "https://studio.example/other");
      var request =
          Form.builder()
              .add("response_type", "code")
              .add("client_id", "studio")
              .add("redirect_uri", "https://studio.example/other")
              .add("scope", BOTH)
              .add("resource", World.LINEAR.value())
              .add("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
              .add("code_challenge_method", "S256")
              .build();
      var page = visit.authorize(request);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("It wants to:");
    }
  }

  @Nested
  @DisplayName("what was agreed to can be taken back")
  class TakenBack {
    private Visit visit;
    private Answer tokens;

    @BeforeEach
    void agree() {
      visit = Visit.studio(pair);
      tokens = visit.tokens("gina", World.LINEAR, BOTH);
    }

    private void assertGone() {
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
      assertThat(visit.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
          .isEqualTo("invalid_grant");
      pair.clock.advance(Duration.ofSeconds(2));
      assertThat(visit.authorize(visit.authorization(World.LINEAR, BOTH).build()).status())
          .as("is asked again")
          .isEqualTo(200);
    }

    @Test
    void by_the_person_on_a_page_of_their_own() {
      var page = visit.browse(pair.rasUrl("/consents"));
      assertThat(page.body())
          .contains("What you have allowed", "Studio", "Linear", "See issues &amp; comments");
      var answer = visit.submit("/consents", Visit.form(page).build());
      assertThat(answer.body()).contains("Taken back. Studio has no access any more.");
      assertThat(answer.body()).contains("No application acts for you here");
      assertGone();
    }

    @Test
    void only_with_the_form_of_this_browser() {
      var bare = Form.builder().add("client", "studio").build();
      assertThat(visit.submit("/consents", bare).status()).isEqualTo(403);
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
    }

    @Test
    void only_by_the_person_themselves() {
      pair.guest("greta");
      var greta = visit.inAnotherBrowser();
      greta.tokens("greta", World.LINEAR, "issues.read");
      var page = greta.browse(pair.rasUrl("/consents"));
      greta.submit("/consents", Visit.form(page).build());
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
    }

    @Test
    @DisplayName("whoever is not signed in signs in first, and nobody else's client comes of it")
    void after_a_sign_in() {
      var fresh = visit.inAnotherBrowser();
      var sent = fresh.browse(pair.rasUrl("/consents"));
      assertThat(sent.status()).isEqualTo(303);
      var back = fresh.signIn(fresh.browse(sent.location()), "gina");
      assertThat(back.status()).isEqualTo(303);
      assertThat(back.location().toString()).startsWith(pair.rasUrl("/consents").toString());
      var plain = fresh.browse(back.location());
      assertThat(plain.location()).hasToString(pair.rasUrl("/consents").toString());
      assertThat(fresh.browse(plain.location()).body()).contains("Studio");
      var stolen =
          Http.post(
              pair.rasUrl("/token"),
              Form.builder()
                  .add("grant_type", "authorization_code")
                  .add("code", back.parameter("code"))
                  .add("code_verifier", "v".repeat(43))
                  .add("client_id", pair.ras().value())
                  .build(),
              Map.of());
      assertThat(stolen.text("error")).isEqualTo("invalid_client");
    }

    @Test
    @DisplayName("a code that was not redeemed yet is dead with it")
    void with_a_code_on_its_way() {
      var code = visit.authorize(visit.authorization(World.LINEAR, BOTH).build()).parameter("code");
      var page = visit.browse(pair.rasUrl("/consents"));
      visit.submit("/consents", Visit.form(page).build());
      assertThat(visit.token(visit.codeRequest(code).build()).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("what slips through by a crash between the two looks is found every minute")
    void found_later_if_a_node_died() {
      var _ =
          pair.database.write(connection ->
              new ConsentStore(pair.database, pair.ras())
                  .withdraw(connection, gina.id().value(), new ClientId("studio")));
      assertThat(pair.reconcileConsents()).isEqualTo(1);
      assertThat(pair.reconcileConsents()).isZero();
      assertGone();
    }

    @Test
    void and_is_recorded() {
      var page = visit.browse(pair.rasUrl("/consents"));
      visit.submit("/consents", Visit.form(page).build());
      assertThat(new AuditLog(pair.database).query(AuditQuery.newest(20)))
          .anySatisfy(record -> {
            assertThat(record.event().type()).isEqualTo("consent.withdrawn");
            assertThat(record.event().person()).contains(gina.id().value());
            assertThat(record.event().client()).contains("studio");
          });
    }
  }

  @Nested
  @DisplayName("AC-11, SEC-4: an attacker's client gets nothing by a link")
  class ConfusedDeputy {
    @Test
    void from_somebody_who_is_signed_in_and_has_agreed_to_another_client() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, BOTH);
      var attackers = visit.with(Visit.once(pair));
      var answer = attackers.authorize(attackers.authorization(World.LINEAR, BOTH).build());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("Allow Once to act for you?").contains("once.example");
      var silent =
          attackers.authorize(
              attackers.authorization(World.LINEAR, BOTH).add("prompt", "none").build());
      assertThat(silent.parameter("error")).isEqualTo("consent_required");
      assertThat(silent.parameter("code")).isEmpty();
    }
  }
}
