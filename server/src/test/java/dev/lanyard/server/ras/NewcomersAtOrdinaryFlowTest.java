package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Clientele;
import dev.lanyard.server.pair.DocumentServer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-9, AC-15, REG-1: ways to come to the ordinary flow beside the clients file")
class NewcomersAtOrdinaryFlowTest {
  private static final String CALLBACK = "https://newcomer.example/callback";
  private static final String SCOPE = "issues.read";

  @TempDir Path folder;
  private DocumentServer host;
  private Pair pair;

  @BeforeEach
  void start() {
    host = DocumentServer.start();
    var anybody = new RegistrationConfig(true, List.of(), Duration.ofDays(30), 100);
    pair =
        Pair.start(
            Setup.usual(folder).ordinary(),
            folder,
            Clientele.USUAL.readingDocumentsOf("localhost").registering(anybody));
    var _ = pair.guest("gina");
  }

  @AfterEach
  void stop() {
    pair.close();
    host.close();
  }

  private Answer tokens(Visit visit, Answer question) {
    var code = visit.decide(question, "allow").parameter("code");
    return visit.token(visit.codeRequest(code).build());
  }

  private Answer ask(Visit visit) {
    return visit.question("gina", visit.authorization(World.LINEAR, SCOPE).build());
  }

  @Nested
  @DisplayName("RFC 9126: a request that was pushed")
  class Pushed {
    private Visit studio;

    @BeforeEach
    void open() {
      studio = Visit.studio(pair);
    }

    private Form pushed() {
      var answer = studio.asClient("/par", studio.authorization(World.LINEAR, SCOPE).build());
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      return Form.builder()
          .add("client_id", "studio")
          .add("request_uri", answer.text("request_uri"))
          .build();
    }

    @Test
    @DisplayName("is asked about like any other, and gives what it asked for")
    void leads_to_the_question() {
      var question = studio.question("gina", pushed());
      assertThat(question.body()).contains("Allow Studio to act for you?", SCOPE);
      var tokens = tokens(studio, question);
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
      assertThat(tokens.text("scope")).isEqualTo(SCOPE);
    }

    @Test
    @DisplayName("works once: a second browser gets a page, and the client nothing")
    void works_once() {
      var reference = pushed();
      assertThat(studio.authorize(reference).status()).isEqualTo(200);
      var again = studio.inAnotherBrowser().authorize(reference);
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.header("Location")).isEmpty();
    }

    @Test
    @DisplayName("META-9: and the metadata says where")
    void is_in_the_metadata() {
      var metadata = Http.get(pair.rasUrl("/.well-known/oauth-authorization-server"), Map.of());
      assertThat(metadata.text("pushed_authorization_request_endpoint"))
          .isEqualTo(pair.rasUrl("/par").toString());
    }
  }

  @Nested
  @DisplayName("CIMD: a client that describes itself")
  class Described {
    private Visit visit(String... redirectUris) {
      var document =
          host.document("/newcomer")
              .put("client_name", "Newcomer")
              .put("redirect_uris", List.of(redirectUris));
      return Visit.of(pair, host.serve("/newcomer", document.build()), redirectUris[0]);
    }

    @Test
    @DisplayName("AC-9: the person sees the host of its document beside its name")
    void shows_its_host() {
      var visit = visit(CALLBACK);
      var question = ask(visit);
      assertThat(question.body())
          .contains("Allow Newcomer to act for you?")
          .contains("Your answer goes to <b>newcomer.example</b>")
          .contains("The application says what it is at <b>localhost</b>");
      assertThat(tokens(visit, question).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("REG-5: once it has other redirect URIs, the person is asked again")
    void asks_again() {
      var visit = visit(CALLBACK);
      assertThat(tokens(visit, ask(visit)).status()).isEqualTo(200);
      assertThat(visit.authorize(visit.authorization(World.LINEAR, SCOPE).build()).status())
          .as("known: straight back to the client")
          .isEqualTo(303);
      var _ = visit(CALLBACK, "https://elsewhere.example/callback");
      pair.clock.advance(Duration.ofHours(2));
      var changed = visit.authorize(visit.authorization(World.LINEAR, SCOPE).build());
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.body()).contains("Allow Newcomer to act for you?");
    }
  }

  @Nested
  @DisplayName("RFC 7591: a client that has registered itself")
  class Registered {
    private Answer register(String name) {
      var metadata =
          JsonObject.builder()
              .put("client_name", name)
              .put("redirect_uris", List.of(CALLBACK))
              .put("token_endpoint_auth_method", "none")
              .build();
      return Http.post(pair.rasUrl("/register"), "application/json", metadata.toJson(), Map.of());
    }

    @Test
    @DisplayName("REG-11: gets nothing before the person has said yes, whatever it calls itself")
    void is_asked_about() {
      var registered = register("Studio <b>");
      assertThat(registered.status()).as(registered.body()).isEqualTo(201);
      var visit = Visit.of(pair, registered.text("client_id"), CALLBACK);
      var question = ask(visit);
      assertThat(question.body())
          .contains("Allow Studio &lt;b&gt; to act for you?", "<b>newcomer.example</b>");
      assertThat(visit.decide(question, "deny").parameter("error")).isEqualTo("access_denied");
      var tokens = tokens(visit, visit.authorize(visit.authorization(World.LINEAR, SCOPE).build()));
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("REG-11: what somebody allowed to another client of that name counts for nothing")
    void has_no_consent_of_its_namesake() {
      assertThat(Visit.studio(pair).tokens("gina", World.LINEAR, SCOPE).status()).isEqualTo(200);
      var registered = register("Studio");
      var namesake = Visit.of(pair, registered.text("client_id"), CALLBACK);
      assertThat(ask(namesake).body()).contains("Allow Studio to act for you?");
    }

    @Test
    @DisplayName("REG-6: and is called by us, never by a URL")
    void has_an_id_of_ours() {
      assertThat(register("Newcomer").text("client_id")).doesNotContain(":");
    }
  }
}
