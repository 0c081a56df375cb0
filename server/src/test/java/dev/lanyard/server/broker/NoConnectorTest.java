package dev.lanyard.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whoever policy gives no connector is told so at the door, and nothing is issued")
@Tag("thorough")
class NoConnectorTest {
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\">([^<]+)<");

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void library(String more) throws IOException {
    Files.writeString(folder.resolve("library/more.yaml"), more);
    pair.library.poll();
    assertThat(pair.library.poll()).isInstanceOf(dev.lanyard.server.yaml.Reload.Loaded.class);
  }

  private Answer signIn(String userName) {
    return signIn(desk, userName);
  }

  private Answer signIn(Desk at, String userName) {
    var request = at.authorization("openid").build();
    var form =
        at.signInForm(at.authorize(request), request, userName, "the password of " + userName);
    return at.submit(pair.brokerUrl("/login"), form);
  }

  /// Where a link of the page leads whose text begins so.
  private static URI link(Answer page, String text) {
    var links = LINK.matcher(page.body());
    while (links.find()) {
      if (links.group(2).startsWith(text)) {
        return URI.create(links.group(1).replace("&amp;", "&"));
      }
    }
    throw new AssertionError("no link '" + text + "' in " + page.body());
  }

  private String audit(Answer answer) {
    return pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow());
  }

  private static void assertTurnedAway(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.cookie("lanyard-session")).isEmpty();
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Nested
  @DisplayName("The page")
  class Page {
    @Test
    void says_who_is_signed_in_why_there_is_nothing_and_whom_to_ask() {
      pair.person("alice", "nobodys-group");

      var page = signIn("alice");

      assertTurnedAway(page);
      assertThat(page.body())
          .contains("Signed in as <b>alice</b> (alice@acme.example)")
          .contains("None of your roles gives you a connector.")
          .contains("please ask your administrator for a role")
          .contains(page.header("Lanyard-Correlation-Id").orElseThrow())
          .doesNotContain("nobodys-group");
    }

    @Test
    void leads_back_to_the_application_which_is_told_the_refusal() {
      pair.person("alice");

      var back = link(signIn("alice"), "Back to Desk");

      assertThat(back.toString()).startsWith(Desk.CALLBACK + "?error=access_denied&");
      assertThat(back.getRawQuery())
          .contains("state=state-1")
          .contains("error_description=no+role+of+the+person+gives+a+connector+for+this+client")
          .contains("iss=" + java.net.URLEncoder.encode(pair.broker().value(), UTF_8));
    }

    @Test
    @DisplayName("SEC-16: what comes from outside is escaped")
    void escapes_a_name() {
      var person =
          new NewPerson(
              World.ORGANISATION,
              "mallory",
              Optional.of("\"><img@acme.example"),
              "<script>alert(1)</script>",
              Set.of());
      if (!(pair.directory.create(person) instanceof Linking.Created(var mallory))) {
        throw new AssertionError("not created");
      }
      pair.passwords.set(mallory.id(), new Secret("the password of mallory"));

      var page = signIn("mallory");

      assertThat(page.body()).doesNotContain("<script>").doesNotContain("<img");
      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'");
    }

    @Test
    void is_recorded_with_its_reason() {
      var alice = pair.person("alice", "nobodys-group");

      var page = signIn("alice");

      assertThat(audit(page))
          .contains("sign-in refused", "\"reason\":\"no-role\"", "\"groups\":[\"nobodys-group\"]")
          .contains("\"policy_version\":\"" + pair.library.current().version())
          .doesNotContain("sign-in success");
      var record = pair.records(page.header("Lanyard-Correlation-Id").orElseThrow()).getFirst();
      assertThat(record.event().person()).contains(alice.id().value());
      assertThat(record.event().client()).contains("desk");
    }

    @Test
    void offers_another_account_without_the_wishes_of_the_first_try() {
      pair.person("alice");
      pair.person("bob", "engineering");

      var other = link(signIn("alice"), "Sign in as somebody else");
      var page = desk.browse(other);

      assertThat(other.getRawQuery()).contains("prompt=select_account");
      assertThat(page.body()).contains("type=\"password\"");
    }
  }

  @Nested
  @DisplayName("In the middle of a change of groups")
  class Changing {
    @Test
    void who_was_given_a_role_a_moment_later_gets_in_by_trying_again() {
      var alice = pair.person("alice");
      var again = link(signIn("alice"), "I was given a role");

      pair.putGroups(alice, "engineering");
      var page = desk.browse(again);
      var request = desk.authorization("openid").build();
      var form = desk.signInForm(page, request, "alice", "the password of alice");
      var answer = desk.submit(pair.brokerUrl("/login"), form);

      var tokens = desk.token(desk.codeRequest(answer.parameter("code")).build());
      assertThat(desk.exchange(tokens.text("id_token"), World.LINEAR).status()).isEqualTo(200);
    }

    @Test
    void who_lost_the_role_while_signed_in_keeps_the_session_for_when_it_comes_back() {
      var alice = pair.person("alice", "engineering");
      desk.idToken("alice");
      pair.putGroups(alice);

      var page = desk.authorize(desk.authorization("openid").build());
      assertTurnedAway(page);
      assertThat(audit(page)).contains("authorize refused", "\"reason\":\"no-role\"");

      pair.putGroups(alice, "sales");
      var answer = desk.browse(link(page, "I was given a role"));
      assertThat(answer.parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("prompt=none never shows a page")
    void the_silent_application_is_told() {
      var alice = pair.person("alice", "engineering");
      desk.idToken("alice");
      pair.putGroups(alice);

      var answer = desk.authorize(desk.authorization("openid").add("prompt", "none").build());

      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.parameter("error")).isEqualTo("access_denied");
      assertThat(answer.parameter("code")).isEmpty();
      assertThat(answer.parameter("state")).isEqualTo("state-1");
    }

    @Test
    void a_code_of_before_gives_tokens_whose_exchange_is_refused() {
      var alice = pair.person("alice", "engineering");
      var code = desk.code("alice", "openid");
      pair.putGroups(alice);

      var tokens = desk.token(desk.codeRequest(code).build());

      assertThat(desk.exchange(tokens.text("id_token"), World.LINEAR).text("error"))
          .isEqualTo("invalid_target");
    }
  }

  @Nested
  @DisplayName("The reason")
  class Reason {
    @Test
    void roles_that_work_through_other_applications_only() throws IOException {
      library(
          """
          roles:
            writer:
              groups: [writers]
              clients: [other]
              connectors: {notion: [pages.read]}
          """);
      pair.person("alice", "writers");

      var page = signIn("alice");

      assertTurnedAway(page);
      assertThat(page.body()).contains("none that you may use in Desk");
      assertThat(audit(page)).contains("\"reason\":\"client-not-allowed\"");
      var other = new Desk(pair, "other", "other-ras", "https://other.example/callback");
      assertThat(signIn(other, "alice").parameter("code")).isNotEmpty();
    }

    @Test
    void an_exception_that_is_over() throws IOException {
      library(
          """
          exceptions:
            visit:
              owner: Ana
              reason: A visit.
              people: [alice]
              until: %s
              connectors: {notion: [pages.read]}
          """
              .formatted(pair.clock.instant().plus(Duration.ofHours(1))));
      pair.person("alice");
      assertThat(signIn("alice").parameter("code")).isNotEmpty();

      pair.clock.advance(Duration.ofHours(1));
      var page = desk.authorize(desk.authorization("openid").build());

      assertTurnedAway(page);
      assertThat(page.body()).contains("has ended");
      assertThat(audit(page)).contains("\"reason\":\"exception-ended\"");
    }

    @Test
    void roles_that_must_not_be_held_together() throws IOException {
      library(
          """
          separation_of_duty:
            apart:
              owner: Ana
              reason: They check each other.
              never_together: {notion: [pages.read], vault: [secrets.read]}
          roles:
            both:
              owner: Ana
              groups: [both]
              connectors: {notion: [pages.read], vault: [secrets.read]}
          """);
      pair.person("alice", "both");

      var page = signIn("alice");

      assertTurnedAway(page);
      assertThat(audit(page)).contains("\"reason\":\"separation-of-duty\"");
    }

    @Test
    void a_client_that_nobody_has_registered_at_the_servers() {
      pair.person("alice", "engineering");
      var unmapped = new Desk(pair, "unmapped", "none", Desk.CALLBACK);

      var page = signIn(unmapped, "alice");

      assertTurnedAway(page);
      assertThat(page.body()).contains("Unmapped has not been set up for the connectors");
      assertThat(audit(page)).contains("\"reason\":\"client-not-registered-there\"");
    }
  }

  @Nested
  @DisplayName("Comes in")
  class ComesIn {
    @Test
    void who_needs_a_better_sign_in_or_another_hour() throws IOException {
      library(
          """
          roles:
            guard:
              groups: [guards]
              connectors:
                notion:
                  scopes: [pages.read]
                  conditions:
                    later: {when: "now > timestamp('2030-01-01T00:00:00Z')"}
            strong:
              groups: [strong]
              connectors:
                notion:
                  scopes: [pages.read]
                  conditions:
                    strong: {when: "auth.acr == 'phr'", step_up: {acr_values: [phr]}}
          """);
      pair.person("alice", "guards");
      pair.person("bob", "strong");

      assertThat(signIn("alice").parameter("code")).isNotEmpty();
      assertThat(signIn(new Desk(pair), "bob").parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("everybody at an application that does not exchange tokens")
    void at_other_business() {
      pair.person("alice");
      var elsewhere = new Desk(pair, "broker-idp", "none", "http://127.0.0.1:4711/callback/idp");

      assertThat(signIn(elsewhere, "alice").parameter("code")).isNotEmpty();
    }
  }

  @Nested
  @DisplayName("At an upstream provider")
  class Upstream {
    @Test
    void trying_again_asks_the_provider_for_the_groups_of_now() {
      try (var provider = Provider.start(pair.clock);
          var here = upstream(provider)) {
        var browser = new Desk(here);
        var page = through(browser, begin(browser));
        assertTurnedAway(page);
        assertThat(here.directory.all()).hasSize(1);

        provider.says(JsonObject.builder().put("groups", List.of("engineering")).build());
        var answer = through(browser, link(page, "I was given a role"));

        assertThat(answer.parameter("code")).isNotEmpty();
      }
    }

    private Pair upstream(Provider provider) {
      var config = provider.upstream("idp");
      var below = folder.resolve("upstream");
      try {
        Files.createDirectories(below);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return Pair.start(
          Setup.usual(below).with(new BrokerConfig.SignIn(false, List.of(config))), below);
    }

    private static URI begin(Desk browser) {
      return browser.authorize(browser.authorization("openid").build()).location();
    }

    private static Answer through(Desk browser, URI begin) {
      var toProvider = browser.browse(begin).location();
      return browser.browse(Http.get(toProvider, Map.of()).location());
    }
  }
}
