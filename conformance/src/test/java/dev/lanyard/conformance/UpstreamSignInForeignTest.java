package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.NodeScript.Step;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two real OpenID Providers sign people in at the broker: Keycloak by its own login page in
/// Chromium, and oidc-provider. The flow then goes on to a tool call.
@Tag("foreign")
@DisplayName("Sign-in at the broker through an OpenID Provider")
class UpstreamSignInForeignTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final String SECOND_SECRET = "between-lanyard-and-the-second-provider-only";

  @TempDir private static Path folder;

  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;
  @AutoClose private static NodeScript second;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    int keycloakPort = Installation.freePort();
    int secondPort = Installation.freePort();
    lanyard =
        Installation.start(
            new Installation.Upstream(
                "keycloak",
                Keycloak.issuerAt(keycloakPort),
                Keycloak.CLIENT_SECRET,
                "openid email profile"),
            new Installation.Upstream(
                "second",
                "https://localhost:" + secondPort,
                SECOND_SECRET,
                "openid email profile groups"),
            new Installation.Upstream(
                "absent",
                "https://localhost:" + Installation.freePort(),
                "a secret for nobody",
                "openid"));
    keycloak = Keycloak.start(lanyard.certificates(), keycloakPort, callback("keycloak"), folder);
    second = startSecond(secondPort);
    chromium = Chromium.start();
  }

  private static NodeScript startSecond(int port) throws Exception {
    var script = NodeScript.start(lanyard.certificates(), "oidc-provider.mjs");
    var client =
        JsonObject.builder()
            .put("id", "lanyard")
            .put("secret", SECOND_SECRET)
            .put("redirectUri", callback("second"))
            .build();
    var start =
        JsonObject.builder()
            .put("port", port)
            .put("certificate", lanyard.certificates().certificate().toString())
            .put("key", lanyard.certificates().key().toString())
            .put("client", client)
            .build();
    assertThat(script.step(JsonObject.builder().put("start", start).build()).error()).isEmpty();
    return script;
  }

  @Nested
  @DisplayName("Keycloak 26.7.3")
  class AtKeycloak {
    @Test
    void an_engineer_signs_in_on_its_login_page_and_calls_a_tool() throws Exception {
      var userName = newPerson("engineering");
      try (var flow = Flow.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        visitor.choose("keycloak");
        assertThat(visitor.page().url()).startsWith(keycloak.issuer());
        visitor.signIn(userName, PASSWORD);

        var signedIn = flow.signedIn();

        assertThat(signedIn.error()).isEmpty();
        var claims = signedIn.answer().object("claims").orElseThrow();
        assertThat(claims.string("iss")).hasValue(lanyard.broker());
        assertThat(claims.string("email")).hasValue(userName + "@acme.example");
        flow.assertReachesATool();
      }
    }

    @Test
    void groups_at_keycloak_decide_the_role() throws Exception {
      var userName = newPerson("sales");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);

        assertThat(flow.exchange().refusals())
            .hasEntrySatisfying(
                lanyard.broker() + "/token",
                body -> assertThat(body).contains("\"invalid_target\""));
      }
    }

    @Test
    @DisplayName("a change of groups shows at the next sign-in, in both directions")
    void a_change_of_groups_shows_at_the_next_sign_in() throws Exception {
      var userName = newPerson("sales");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
        assertThat(flow.exchange().refusals()).isNotEmpty();
      }
      keycloak.move(userName, "sales", "engineering");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
        flow.assertReachesATool();
      }
      keycloak.move(userName, "engineering", "sales");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
        assertThat(flow.exchange().refusals().values())
            .anySatisfy(body -> assertThat(body).contains("\"invalid_target\""));
      }
    }

    @Test
    @DisplayName("a key that Keycloak signs with from this moment on is fetched")
    void a_new_key_at_keycloak() throws Exception {
      var userName = newPerson("engineering");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
      }
      keycloak.rotateKeys();
      // Longer than the pause after a fetch.
      Thread.sleep(6_000);
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
        flow.assertReachesATool();
      }
    }

    @Test
    @DisplayName("lanyard connect keycloak: checked live, a sign-in tried in Chromium, written")
    void connected_by_the_command() throws Exception {
      var set = folder.resolve("connected");
      assertThat(Cli.run("init", set.toString()).exit()).isZero();
      var file = set.resolve("lanyard.yaml");
      var authority = lanyard.certificates().authority().toString();
      Files.writeString(file, Files.readString(file).replace("ca: tls/ca.pem", "ca: " + authority));
      int port = Installation.freePort();
      keycloak.allowRedirects(callback("keycloak"), "http://127.0.0.1:" + port + "/callback");
      var userName = newPerson("engineering");
      try (var command =
              Cli.start(
                  Keycloak.CLIENT_SECRET,
                  "connect",
                  "keycloak",
                  "-c",
                  file.toString(),
                  "--issuer",
                  keycloak.issuer(),
                  "--client-id",
                  Keycloak.CLIENT,
                  "--sign-in",
                  "--port",
                  String.valueOf(port),
                  "--yes");
          var visitor = chromium.visitor()) {
        visitor.open(command.await("https://localhost\\S+/auth\\?\\S+"));
        visitor.signIn(userName, PASSWORD);

        var ran = command.end();

        assertThat(ran.exit()).as(ran.output()).isZero();
        assertThat(ran.output())
            .contains("client_id and secret are accepted", "ok   sign-in", userName)
            .containsPattern("groups here +engineering");
      }
      assertThat(Files.readString(file)).contains("- id: keycloak", keycloak.issuer());
      assertThat(Cli.run("doctor", "-c", file.toString()).output())
          .contains("ok   upstream keycloak issuer", "client_id and secret are accepted");
    }

    @Test
    void a_wrong_password_stays_at_keycloak() throws Exception {
      var userName = newPerson("engineering");
      try (var flow = Flow.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        visitor.choose("keycloak");
        visitor.signIn(userName, "not the password");

        assertThat(visitor.page().innerText(".kc-feedback-text"))
            .isEqualTo("Invalid username or password.");
        assertThat(visitor.page().url()).startsWith(keycloak.issuer());
        assertThat(flow.target().hasAnswer()).isFalse();
      }
    }

    @Test
    void an_account_disabled_at_keycloak_does_not_get_in() throws Exception {
      var userName = newPerson("engineering");
      keycloak.disable(userName);
      try (var flow = Flow.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        visitor.choose("keycloak");
        visitor.signIn(userName, PASSWORD);

        assertThat(visitor.page().innerText(".kc-feedback-text")).contains("Account is disabled");
        assertThat(flow.target().hasAnswer()).isFalse();
      }
    }

    @Test
    void a_person_disabled_at_lanyard_is_refused_though_keycloak_lets_them_in() throws Exception {
      var userName = newPerson("engineering");
      try (var flow = Flow.begin()) {
        flow.signInPlainly("keycloak", userName, PASSWORD);
      }
      lanyard.disable(userName);

      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", userName);

        var refused = browser.open(callback);

        assertRefusedToThePerson(refused, flow);
      }
    }
  }

  @Nested
  @DisplayName("oidc-provider 9.13.3")
  class AtSecond {
    @Test
    void an_engineer_signs_in_and_calls_a_tool() throws Exception {
      var userName = "second-" + UUID.randomUUID();
      try (var flow = Flow.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        visitor.choose("second");
        visitor.signIn(userName, PASSWORD);
        visitor.page().click("text=Continue");

        assertThat(flow.signedIn().error()).isEmpty();
        flow.assertReachesATool();
      }
    }
  }

  @Nested
  @DisplayName("OpenID Connect Core §3.1.2, RFC 9207: an answer that was not asked for")
  class ForgedAnswers {
    @ParameterizedTest
    @ValueSource(strings = {"", "another-state-that-nobody-has-sent"})
    @DisplayName("state must be the one of this browser")
    void a_wrong_state_is_refused(String state) throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", newPerson("engineering"));

        var refused = browser.open(with(callback, "state", state));

        assertThat(refused.status()).isEqualTo(400);
      }
    }

    @Test
    @DisplayName("login CSRF: the state of another browser is worth nothing")
    void an_answer_for_another_browser_is_refused() throws Exception {
      try (var attacker = new PlainBrowser(lanyard.certificates().trust());
          var victim = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(attacker, flow, "keycloak", newPerson("engineering"));

        assertThat(victim.open(callback).status()).isEqualTo(400);
      }
    }

    @Test
    void an_answer_serves_once() throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", newPerson("engineering"));
        assertThat(browser.open(callback).status()).isEqualTo(303);

        assertThat(browser.open(callback).status()).isEqualTo(400);
      }
    }

    @Test
    @DisplayName("mix-up: a code of one provider at the callback of another")
    void the_callback_of_another_provider_refuses_it() throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", newPerson("engineering"));
        var elsewhere = callback.toString().replace(callback("keycloak"), callback("second"));

        assertThat(browser.open(URI.create(elsewhere)).status()).isEqualTo(400);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://another.example", ""})
    @DisplayName("mix-up: iss must be there, because Keycloak's metadata says so, and be Keycloak")
    void another_iss_is_refused(String iss) throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", newPerson("engineering"));

        var refused = browser.open(with(callback, "iss", iss));

        assertRefusedToThePerson(refused, flow);
      }
    }

    @Test
    void a_code_that_keycloak_never_gave_is_refused() throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust());
          var flow = Flow.begin()) {
        var callback = atCallback(browser, flow, "keycloak", newPerson("engineering"));

        var refused = browser.open(with(callback, "code", "made-up"));

        assertRefusedToThePerson(refused, flow);
      }
    }
  }

  @Nested
  @DisplayName("A provider that does not answer")
  class AbsentProvider {
    @Test
    @SuppressWarnings("deprecation") // What replaces it does not give the response.
    void is_an_outage_and_not_a_refusal() throws Exception {
      try (var flow = Flow.begin();
          var visitor = chromium.visitor()) {
        visitor.open(flow.address());
        var response = visitor.page().waitForNavigation(() -> visitor.choose("absent"));

        assertThat(response.status()).isBetween(500, 599);
        assertThat(flow.target().hasAnswer()).isFalse();
      }
    }
  }

  /// A page with a reference for the administrator, and nothing for the client.
  private static void assertRefusedToThePerson(Answer answer, Flow flow) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains(answer.header("lanyard-correlation-id"));
    assertThat(answer.headers().firstValue("location")).isEmpty();
    assertThat(flow.target().hasAnswer()).isFalse();
  }

  private static String newPerson(String group) throws Exception {
    var userName = group + "-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, group);
    return userName;
  }

  private static String callback(String upstream) {
    return lanyard.broker() + "/callback/" + upstream;
  }

  /// Signs in at the provider and stops where its answer would be delivered to the broker.
  private static URI atCallback(PlainBrowser browser, Flow flow, String provider, String userName)
      throws Exception {
    var address = URI.create(flow.address());
    return browser.signIn(address, callback(provider), provider, userName, PASSWORD);
  }

  /// The address with another value of one parameter; without it if the value is empty.
  private static URI with(URI address, String parameter, String value) throws Exception {
    var query = Form.parse(address.getRawQuery(), Set.of());
    var changed = Form.builder().addIfPresent(parameter, given(value));
    for (var name : query.names()) {
      if (!name.equals(parameter)) {
        changed.addIfPresent(name, query.one(name));
      }
    }
    return URI.create(address.toString().split("\\?")[0] + "?" + changed.build().encode());
  }

  private static Optional<String> given(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /// The flow of one person with openid-client and oauth4webapi as the MCP client.
  private record Flow(NodeScript script, RedirectTarget target, String address)
      implements AutoCloseable {
    static Flow begin() throws Exception {
      var script = NodeScript.start(lanyard.certificates(), "oauth-libraries-flow.mjs");
      var target = RedirectTarget.open();
      var broker = lanyard.credentials(lanyard.broker(), "mcp-client").put("auth", "basic").build();
      var authorize =
          JsonObject.builder().put("broker", broker).put("redirectUri", target.uri()).build();
      var begun = script.step(JsonObject.builder().put("authorize", authorize).build());
      return new Flow(script, target, begun.answer().string("url").orElseThrow());
    }

    /// Waits for the authorization response and lets openid-client check all of it.
    Step signedIn() throws Exception {
      return script.step(JsonObject.builder().put("callback", target.await().toString()).build());
    }

    void signInPlainly(String provider, String userName, String password) throws Exception {
      try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
        var response =
            browser.signIn(URI.create(address), target.uri(), provider, userName, password);
        var signedIn =
            script.step(JsonObject.builder().put("callback", response.toString()).build());
        assertThat(signedIn.error()).isEmpty();
      }
    }

    Step exchange() throws Exception {
      var ras = lanyard.credentials(lanyard.ras(), "mcp-client-ras").put("auth", "basic").build();
      var exchange =
          JsonObject.builder()
              .put("mcpServer", lanyard.mcpServer().toString())
              .put("ras", ras)
              .build();
      return script.step(JsonObject.builder().put("exchange", exchange).build());
    }

    void assertReachesATool() throws Exception {
      assertThat(exchange().error()).isEmpty();
      var redeemed = script.step(JsonObject.builder().put("redeem", JsonObject.EMPTY).build());
      assertThat(redeemed.error()).isEmpty();
      var called = script.step(JsonObject.builder().put("call", GuardedServer.CALL).build());
      assertThat(called.error()).isEmpty();
      assertThat(called.answer().integer("status")).hasValue(200L);
    }

    @Override
    public void close() {
      script.close();
      target.close();
    }
  }
}
