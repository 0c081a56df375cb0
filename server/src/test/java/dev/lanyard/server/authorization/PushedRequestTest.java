package dev.lanyard.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Clientele;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9126, AC-15: pushed authorization requests")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushedRequestTest {
  private static final String URN = "urn:ietf:params:oauth:request_uri:";
  private static final Pattern WAITING =
      Pattern.compile("name=\"authorization\" value=\"([^\"]+)\"");

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

  private Desk desk() {
    return new Desk(pair);
  }

  private Desk pusher() {
    return new Desk(pair, "pusher", "pusher", Desk.CALLBACK);
  }

  private Answer push(Form request, Map<String, String> headers) {
    return Http.post(pair.brokerUrl("/par"), request, headers);
  }

  private String pushed(Desk desk, String client) {
    var answer = push(desk.authorization("openid").build(), Desk.basic(client));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("request_uri");
  }

  private static Form reference(String client, String requestUri) {
    return Form.builder().add("client_id", client).add("request_uri", requestUri).build();
  }

  private Answer signIn(Desk desk, Answer page) {
    var waiting = WAITING.matcher(page.body());
    assertThat(waiting.find()).as(page.body()).isTrue();
    var query = waiting.group(1).replace("&amp;", "&");
    var form = desk.signInForm(page, parsed(query), "alice", World.passwordOf("alice"));
    return desk.submit(pair.brokerUrl("/login"), form);
  }

  private static Form parsed(String query) {
    try {
      return Form.parse(query, Set.of());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertShown(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
    var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
    assertThat(pair.audit(correlationId)).contains("authorize refused", "AC-15");
  }

  @Nested
  @DisplayName("§2.2, §4: the client pushes, the browser brings the reference, the code is good")
  class Good {
    @Test
    void for_a_person_who_signs_in() {
      var desk = desk();
      var page = desk.authorize(reference("desk", pushed(desk, "desk")));
      assertThat(page.body()).as("what was pushed stays here").doesNotContain("state-1", "S256");
      var answer = signIn(desk, page);
      assertThat(answer.parameter("state")).isEqualTo("state-1");
      assertThat(answer.parameter("iss")).isEqualTo(pair.broker().value());
      var tokens = desk.token(desk.codeRequest(answer.parameter("code")).build());
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    }

    @Test
    void for_one_who_is_signed_in() {
      var desk = desk();
      desk.code("alice", "openid");
      var answer = desk.authorize(reference("desk", pushed(desk, "desk")));
      assertThat(answer.parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("the answer says for how long, 60 to 90 seconds, and is not kept")
    void the_answer() throws MalformedException {
      var answer = push(desk().authorization("openid").build(), Desk.basic("desk"));
      assertThat(answer.text("request_uri")).startsWith(URN);
      assertThat(answer.json().integer("expires_in").orElseThrow()).isBetween(60L, 90L);
      assertThat(answer.header("Cache-Control")).hasValue("no-store");
    }

    @Test
    @DisplayName("who needs minutes for their password is not too late")
    void a_slow_person() {
      var desk = desk();
      var page = desk.authorize(reference("desk", pushed(desk, "desk")));
      pair.clock.advance(Duration.ofMinutes(30));
      assertThat(signIn(desk, page).parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("a wrong password in between loses nothing")
    void a_wrong_password() {
      var desk = desk();
      var page = desk.authorize(reference("desk", pushed(desk, "desk")));
      var waiting = WAITING.matcher(page.body());
      assertThat(waiting.find()).isTrue();
      var query = parsed(waiting.group(1).replace("&amp;", "&"));
      var again =
          desk.submit(
              pair.brokerUrl("/login"), desk.signInForm(page, query, "alice", "not this one"));
      assertThat(again.status()).isEqualTo(401);
      assertThat(signIn(desk, again).parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("what stands beside the reference counts for nothing (RFC 9101 §5)")
    void what_stands_beside_it() {
      var desk = desk();
      desk.code("alice", "openid");
      var uri = pushed(desk, "desk");
      var beside =
          Form.builder()
              .add("client_id", "desk")
              .add("request_uri", uri)
              .add("redirect_uri", "https://desk.example/callback")
              .add("state", "another")
              .build();
      var answer = desk.authorize(beside);
      assertThat(answer.location().toString()).startsWith(Desk.CALLBACK);
      assertThat(answer.parameter("state")).isEqualTo("state-1");
    }
  }

  @Nested
  @DisplayName("§2.1: the client authenticates as at the token endpoint")
  class Authentication {
    @Test
    void with_its_secret_in_the_body() {
      var request =
          Desk.changed(
              desk().authorization("openid"),
              form -> form.add("client_secret", World.clientSecret().reveal()));
      assertThat(push(request, Map.of()).status()).isEqualTo(201);
    }

    @Test
    @DisplayName("with an assertion for the issuer")
    void with_an_assertion() {
      var signer = new Desk(pair, "signer", "signer-ras", Desk.CALLBACK);
      var answer =
          Signer.atBroker(pair)
              .post(pair.brokerUrl("/par"), signer.authorization("openid").build());
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      signer.code("alice", "openid");
      var code = signer.authorize(reference("signer", answer.text("request_uri")));
      assertThat(code.parameter("code")).isNotEmpty();
    }

    @Test
    void or_names_itself_if_it_is_public() {
      var phone = new Desk(pair, "phone", "none", "http://127.0.0.1:33418/callback");
      var answer = push(phone.authorization("openid").build(), Map.of());
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void not_with_a_wrong_secret() {
      var request =
          Desk.changed(
              desk().authorization("openid"), form -> form.add("client_secret", "another"));
      assertRefused(push(request, Map.of()), 401, "invalid_client");
    }

    @Test
    void not_without_a_secret_that_it_has() {
      assertRefused(push(desk().authorization("openid").build(), Map.of()), 401, "invalid_client");
    }

    @Test
    void not_under_another_id() {
      assertRefused(
          push(desk().authorization("openid").build(), Desk.basic("other")),
          400,
          "invalid_request");
    }

    @Test
    @DisplayName("what only names itself may leave so much, and no more")
    void a_flood_of_a_public_client(@TempDir Path folder) {
      try (var flooded = Pair.start(Setup.usual(folder), folder)) {
        var phone = new Desk(flooded, "phone", "none", "http://127.0.0.1:33418/callback");
        var request = phone.authorization("openid").build();
        var statuses =
            Stream.generate(() -> Http.post(flooded.brokerUrl("/par"), request, Map.of()).status())
                .limit(125)
                .toList();
        assertThat(statuses.subList(0, 120)).containsOnly(201);
        assertThat(statuses.subList(120, 125)).containsOnly(429);
        flooded.clock.advance(Duration.ofMinutes(1));
        assertThat(Http.post(flooded.brokerUrl("/par"), request, Map.of()).status()).isEqualTo(201);
      }
    }
  }

  private void assertRefused(Answer answer, int status, String error) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(status);
    var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
    assertThat(pair.audit(correlationId)).contains(" refused ");
  }

  @Nested
  @DisplayName("§2.3: what the authorization endpoint would refuse is refused here")
  class Refusals {
    static Stream<Arguments> faults() {
      return Stream.of(
          arguments("redirect_uri", "https://evil.example/callback", "invalid_request"),
          arguments("redirect_uri", "", "invalid_request"),
          arguments("response_type", "token", "unsupported_response_type"),
          arguments("response_type", "", "invalid_request"),
          arguments("code_challenge", "", "invalid_request"),
          arguments("code_challenge_method", "plain", "invalid_request"),
          arguments("scope", "email", "invalid_scope"),
          arguments("request", "eyJ", "request_not_supported"),
          arguments("request_uri", URN + "x", "invalid_request"),
          arguments("request_uri", "https://evil.example/request", "invalid_request"),
          arguments("max_age", "soon", "invalid_request"),
          arguments("dpop_jkt", "x", "invalid_request"));
    }

    @ParameterizedTest(name = "{0}={1} → {2}")
    @MethodSource("faults")
    void are_told_to_the_client(String name, String value, String error) {
      var good = desk().authorization("openid").build();
      var spoilt = Form.builder();
      good.names().stream()
          .filter(one -> !one.equals(name))
          .forEach(one -> spoilt.add(one, good.one(one).orElseThrow()));
      var request = value.isEmpty() ? spoilt.build() : spoilt.add(name, value).build();
      assertRefused(push(request, Desk.basic("desk")), 400, error);
    }

    @Test
    void of_a_parameter_that_appears_twice() {
      var request =
          Desk.changed(desk().authorization("openid"), form -> form.add("state", "other"));
      assertRefused(push(request, Desk.basic("desk")), 400, "invalid_request");
    }

    @Test
    void of_a_client_without_redirect_uris() {
      var narrow = new Desk(pair, "narrow", "none", Desk.CALLBACK);
      assertRefused(
          push(narrow.authorization("openid").build(), Desk.basic("narrow")),
          400,
          "invalid_request");
    }

    @Test
    void of_parameters_in_the_url() {
      var url = URI.create(pair.brokerUrl("/par") + "?scope=openid");
      var answer = Http.post(url, desk().authorization("openid").build(), Desk.basic("desk"));
      assertRefused(answer, 400, "invalid_request");
    }

    @Test
    @DisplayName("GET is no way to push (405)")
    void of_another_method() {
      assertThat(Http.get(pair.brokerUrl("/par"), Desk.basic("desk")).status()).isEqualTo(405);
    }
  }

  @Nested
  @DisplayName("§4: a reference works once, soon, and for the client that pushed")
  class References {
    @Test
    void not_twice() {
      var desk = desk();
      var uri = pushed(desk, "desk");
      assertThat(desk.authorize(reference("desk", uri)).status()).isEqualTo(200);
      assertShown(desk.authorize(reference("desk", uri)));
    }

    @Test
    @DisplayName("not twice at once")
    void not_twice_at_once() throws InterruptedException {
      var uri = pushed(desk(), "desk");
      var statuses = new ConcurrentLinkedQueue<Integer>();
      AtOnce.run(8, () -> statuses.add(desk().authorize(reference("desk", uri)).status()));
      assertThat(statuses).hasSize(8).containsOnlyOnce(200);
    }

    @Test
    void not_after_90_seconds() {
      var desk = desk();
      var uri = pushed(desk, "desk");
      pair.clock.advance(Duration.ofSeconds(90));
      assertShown(desk.authorize(reference("desk", uri)));
    }

    @Test
    @DisplayName("not for another client, and that does not use it up")
    void not_for_another_client() {
      var desk = desk();
      var uri = pushed(desk, "desk");
      assertShown(desk.authorize(reference("other", uri)));
      assertThat(desk.authorize(reference("desk", uri)).status()).isEqualTo(200);
    }

    @Test
    void not_without_client_id() {
      var uri = pushed(desk(), "desk");
      assertShown(desk().authorize(Form.builder().add("request_uri", uri).build()), uri);
    }

    private void assertShown(Answer answer, String uri) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).doesNotContain(uri);
    }

    private void assertShown(Answer answer) {
      PushedRequestTest.this.assertShown(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void not_one_that_nobody_pushed(String reference) {
      var answer = desk().authorize(reference("desk", URN + reference));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
    }

    @Test
    @DisplayName("the one in the form lasts as long as a sign-in may")
    void a_sign_in_ends_after_an_hour() {
      var desk = desk();
      var page = desk.authorize(reference("desk", pushed(desk, "desk")));
      pair.clock.advance(Duration.ofHours(1));
      assertThat(signIn(desk, page).status()).isEqualTo(400);
    }

    @Test
    @DisplayName("a pushed reference is not good for a form: it has to be taken up first")
    void not_in_a_form() {
      var desk = desk();
      var page = desk.authorize(desk.authorization("openid").build());
      var query = reference("desk", pushed(desk, "desk"));
      var form = desk.signInForm(page, query, "alice", World.passwordOf("alice"));
      PushedRequestTest.this.assertShown(desk.submit(pair.brokerUrl("/login"), form));
    }
  }

  @Nested
  @DisplayName("§5, §6: who has to push")
  class Required {
    @Test
    @DisplayName("a client that is registered so: its ordinary requests are refused")
    void by_registration() {
      var pusher = pusher();
      var answer = pusher.authorize(pusher.authorization("openid").build());
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
      assertThat(pusher.authorize(reference("pusher", pushed(pusher, "pusher"))).status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName("also behind the sign-in page")
    void not_through_the_form_either() {
      var pusher = pusher();
      var desk = pusher.authorize(desk().authorization("openid").build());
      var plain = pusher.authorization("openid").build();
      var form = pusher.signInForm(desk, plain, "alice", World.passwordOf("alice"));
      var answer = pusher.submit(pair.brokerUrl("/login"), form);
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
    }

    @Test
    @DisplayName("or every client of the server, which says so")
    void by_the_server(@TempDir Path folder) throws MalformedException {
      assertThat(metadata(pair).bool("require_pushed_authorization_requests")).isEmpty();
      try (var strict = Pair.start(Setup.usual(folder), folder, Clientele.USUAL.pushing())) {
        assertThat(metadata(strict).bool("require_pushed_authorization_requests")).hasValue(true);
        var desk = new Desk(strict);
        var answer = desk.authorize(desk.authorization("openid").build());
        assertThat(answer.parameter("error")).isEqualTo("invalid_request");
        var push =
            Http.post(
                strict.brokerUrl("/par"), desk.authorization("openid").build(), Desk.basic("desk"));
        assertThat(desk.authorize(reference("desk", push.text("request_uri"))).status())
            .isEqualTo(200);
      }
    }

    @Test
    void the_endpoint_is_in_the_metadata() throws MalformedException {
      assertThat(metadata(pair).string("pushed_authorization_request_endpoint"))
          .hasValue(pair.brokerUrl("/par").toString());
    }

    private static JsonObject metadata(Pair of) {
      return Http.get(URI.create(of.broker() + "/.well-known/openid-configuration"), Map.of())
          .json();
    }
  }

  @Nested
  @DisplayName("RFC 9449 §10.1, DPOP-4: the key of the proof, or dpop_jkt, binds the code")
  class Keys {
    private final DpopSigner key =
        new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
    private final DpopSigner other =
        new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());

    private Map<String, String> proving(DpopSigner signer, String path) {
      var headers = new HashMap<>(Desk.basic("desk"));
      headers.put("DPoP", signer.proof("POST", pair.brokerUrl(path), Optional.empty()));
      return headers;
    }

    private Answer redeemed(Form request, Map<String, String> headers, DpopSigner by) {
      var desk = desk();
      var good = desk.authorization("openid");
      request.names().forEach(name -> good.add(name, request.one(name).orElseThrow()));
      var push = push(good.build(), headers);
      assertThat(push.status()).as(push.body()).isEqualTo(201);
      var page = desk.authorize(reference("desk", push.text("request_uri")));
      var code = signIn(desk, page).parameter("code");
      return Http.post(
          pair.brokerUrl("/token"), desk.codeRequest(code).build(), proving(by, "/token"));
    }

    @Test
    void of_the_proof() {
      var none = Form.builder().build();
      assertThat(redeemed(none, proving(key, "/par"), key).text("token_type")).isEqualTo("DPoP");
      assertThat(redeemed(none, proving(key, "/par"), other).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    void of_dpop_jkt() {
      var named = Form.builder().add("dpop_jkt", key.thumbprint()).build();
      assertThat(redeemed(named, Desk.basic("desk"), key).status()).isEqualTo(200);
      assertThat(redeemed(named, Desk.basic("desk"), other).text("error"))
          .isEqualTo("invalid_grant");
      assertThat(redeemed(named, proving(key, "/par"), key).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("and both must be the same one")
    void not_of_two_keys() {
      var request =
          Desk.changed(
              desk().authorization("openid"), form -> form.add("dpop_jkt", other.thumbprint()));
      assertRefused(push(request, proving(key, "/par")), 400, "invalid_dpop_proof");
    }

    @Test
    @DisplayName("a proof for another URL is refused, not ignored")
    void not_of_a_proof_for_another_endpoint() {
      var request = desk().authorization("openid").build();
      assertRefused(push(request, proving(key, "/token")), 400, "invalid_dpop_proof");
    }

    @Test
    @DisplayName("a proof works once")
    void not_of_a_used_proof() {
      var request = desk().authorization("openid").build();
      var headers = proving(key, "/par");
      assertThat(push(request, headers).status()).isEqualTo(201);
      assertRefused(push(request, headers), 400, "invalid_dpop_proof");
    }
  }

  @Test
  @DisplayName("A disabled client pushes nothing (DPR-1)")
  void not_of_a_disabled_client(@TempDir Path folder) {
    try (var halted = Pair.start(Setup.usual(folder), folder)) {
      halted.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Client(halted.broker(), new ClientId("desk")),
          Happening.DISABLED,
          "a test",
          "test");
      var request = new Desk(halted).authorization("openid").build();
      var answer = Http.post(halted.brokerUrl("/par"), request, Desk.basic("desk"));
      assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_client");
    }
  }

  @Nested
  @DisplayName("On two nodes of one PostgreSQL")
  class TwoNodes {
    @TempDir Path folder;
    private Pair one;
    private Pair two;

    @BeforeEach
    void startBoth() {
      var setup = Setup.on(TestDatabases.postgres(), folder);
      one = Pair.start(setup, folder);
      two = Pair.start(setup.beside(one), folder);
      one.person("alice", "engineering");
      two.awaitChanges();
    }

    @AfterEach
    void stopBoth() {
      two.close();
      one.close();
    }

    private String pushedAtOne() {
      var request = new Desk(one).authorization("openid").build();
      return Http.post(one.brokerUrl("/par"), request, Desk.basic("desk")).text("request_uri");
    }

    @Test
    @DisplayName("the browser may come to the other one, also after the first has died")
    void at_the_other() {
      var uri = pushedAtOne();
      one.close();
      var browser = new Desk(two);
      var page = browser.authorize(reference("desk", uri));
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      assertThat(browser.authorize(reference("desk", uri)).status()).isEqualTo(400);
    }

    @Test
    void one_of_many_at_both() throws InterruptedException {
      var uri = pushedAtOne();
      var statuses = new ConcurrentLinkedQueue<Integer>();
      var next = new AtomicInteger();
      AtOnce.run(
          8,
          () -> {
            var node = next.getAndIncrement() % 2 == 0 ? one : two;
            statuses.add(new Desk(node).authorize(reference("desk", uri)).status());
          });
      assertThat(statuses).hasSize(8).containsOnlyOnce(200);
    }
  }
}
