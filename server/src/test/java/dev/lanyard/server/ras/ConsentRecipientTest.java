package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.sessions.ConsentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "AC-9, AC-11, REG-5: a person agrees to whom they are shown, and to no other recipient")
class ConsentRecipientTest {
  private static final String SCOPE = "issues.read";
  private static final String GOOD = "https://claude.example/callback";

  /// A client registers all of these, and gives itself whatever name it likes.
  private static final String ALL =
      """
      "https://claude.example/callback", "https://claude.example/other", \
      "https://evil.example/callback", "https://claude.example:8443/callback", \
      "https://claude.example.evil.example/callback", "http://127.0.0.1/callback", \
      "http://localhost/callback", "https://localhost/callback", \
      "com.example.app:/callback", "com.example.app://claude.example/callback", \
      "com.evil.app:/callback\"\
      """;

  @TempDir Path folder;
  private Pair pair;
  private Visit visit;

  @BeforeEach
  void start() throws Exception {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    pair.guest("gina");
    var file = folder.resolve("ras-clients.yaml");
    var before = Files.readString(file);
    Files.writeString(file, before.replace("\"https://once.example/callback\"", ALL));
    pair.pollClients();
    visit = to(GOOD);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private Visit to(String redirectUri) {
    return Visit.of(pair, "once", redirectUri);
  }

  private static Form.Builder request(Visit visit) {
    return visit.authorization(World.LINEAR, SCOPE);
  }

  /// The same browser, once the person has agreed to the one who was shown, is sent elsewhere.
  private Visit sentTo(String redirectUri) {
    return visit.with(to(redirectUri));
  }

  private static String warning(Answer page) {
    return page.body().contains("cannot prove which one it is") ? "warned" : "not warned";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/callback",
        "https://claude.example:8443/callback",
        "https://claude.example.evil.example/callback",
        "http://127.0.0.1:4711/callback",
        "https://localhost/callback",
        "com.example.app:/callback",
        "com.example.app://claude.example/callback"
      })
  void for_any_other_recipient_they_are_asked_anew(String other) {
    visit.tokens("gina", World.LINEAR, SCOPE);
    var elsewhere = sentTo(other);

    var page = elsewhere.authorize(request(elsewhere).build());

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Location")).isEmpty();
    assertThat(page.body())
        .contains("It wants to:")
        .doesNotContain("Your answer goes to <b>claude.example</b>");
    var silent = elsewhere.authorize(request(elsewhere).add("prompt", "none").build());
    assertThat(silent.parameter("error")).isEqualTo("consent_required");
    assertThat(silent.parameter("code")).isEmpty();
  }

  @Test
  @DisplayName("also where the request was pushed")
  void for_a_pushed_request() {
    visit.tokens("gina", World.LINEAR, SCOPE);
    var elsewhere = sentTo("https://evil.example/callback");
    var pushed = Http.post(pair.rasUrl("/par"), request(elsewhere).build(), Map.of());
    var named =
        Form.builder().add("client_id", "once").add("request_uri", pushed.text("request_uri"));

    var page = elsewhere.authorize(named.build());

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("Your answer goes to <b>evil.example</b>");
  }

  @Test
  @DisplayName("what they agreed to at their own computer or app counts for no other scheme")
  void for_programs_of_their_own() {
    visit = to("http://127.0.0.1:4711/callback");
    visit.tokens("gina", World.LINEAR, SCOPE);
    var samePlace = sentTo("http://localhost:4712/callback");
    assertThat(samePlace.authorize(request(samePlace).build()).parameter("code")).isNotEmpty();
    var app = sentTo("com.example.app:/callback");
    var page = app.authorize(request(app).build());
    assertThat(page.body()).contains("an application on this device (com.example.app)");
    assertThat(app.decide(page, "allow").parameter("code")).isNotEmpty();
    var other = sentTo("com.evil.app:/callback");
    assertThat(other.authorize(request(other).build()).body()).contains("(com.evil.app)");
  }

  @Test
  void for_the_same_host_they_are_not_asked_again() {
    visit.tokens("gina", World.LINEAR, SCOPE);
    var path = sentTo("https://claude.example/other");
    assertThat(path.authorize(request(path).build()).parameter("code")).isNotEmpty();
  }

  @ParameterizedTest
  @DisplayName("SEC-16: one on their own computer is warned of, whatever else the client registers")
  @ValueSource(
      strings = {
        "http://127.0.0.1:4711/callback",
        "http://localhost:4711/callback",
        "https://localhost/callback",
        "com.example.app:/callback",
        "com.example.app://claude.example/callback"
      })
  void warns_by_the_recipient_of_this_request(String recipient) {
    visit = to(recipient);
    assertThat(warning(visit.question("gina", request(visit).build()))).isEqualTo("warned");
  }

  @Test
  void does_not_warn_of_one_that_proves_its_host() {
    assertThat(warning(visit.question("gina", request(visit).build()))).isEqualTo("not warned");
  }

  @Test
  @DisplayName("an answer that is sent again is recorded once; what is new is recorded")
  void records_an_answer_once() {
    var gina = pair.guest("gina");
    var store = new ConsentStore(pair.database, pair.ras());
    var page = visit.question("gina", request(visit).build());
    for (int i = 0; i < 3; i++) {
      assertThat(visit.decide(page, "allow").parameter("code")).isNotEmpty();
    }
    assertThat(store.of(gina.id().value())).hasSize(1);
    var more = visit.authorization(World.LINEAR, "issues.read issues.write").build();
    assertThat(visit.decide(visit.authorize(more), "allow").parameter("code")).isNotEmpty();
    assertThat(store.of(gina.id().value())).hasSize(2);
  }
}
