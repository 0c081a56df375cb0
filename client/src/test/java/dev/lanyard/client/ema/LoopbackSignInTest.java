package dev.lanyard.client.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.Hint;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8252 §7.3 Loopback Interface Redirection")
class LoopbackSignInTest {
  private final TestWorld world = new TestWorld();
  private final TestClock clock = new TestClock();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void a_person_signs_in_and_the_session_is_good_for_an_exchange() throws Exception {
    var outcome = signIn(browser(form -> "code=c-1"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            SignIn.SignedIn.class,
            signedIn -> assertThat(signedIn.session().refreshToken()).isPresent());
    var request = world.calls("/idp/token").getFirst().form();
    assertThat(request.one("grant_type")).contains("authorization_code");
    assertThat(request.one("code")).contains("c-1");
    assertThat(Pkce.Verifier.parse(request.required("code_verifier")).challenge().value())
        .isEqualTo(challenge);
    assertThat(request.required("redirect_uri")).startsWith("http://127.0.0.1:");
  }

  @Test
  @DisplayName("Whoever connects to the port and says no more holds up nobody")
  void a_half_open_connection() {
    var browser = browser(form -> "code=c-1");
    var idle = new ArrayList<Socket>();

    var outcome =
        signIn(url -> {
          idle.add(halfRequest(url));
          browser.accept(url);
        });

    assertThat(outcome).isInstanceOf(SignIn.SignedIn.class);
    assertThat(idle).allSatisfy(Socket::close);
  }

  private static Socket halfRequest(URI authorization) {
    try {
      var back = Form.parse(authorization.getRawQuery(), Set.of()).required("redirect_uri");
      var socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(back).getPort());
      socket.getOutputStream().write("GET /cal".getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void an_id_token_for_another_sign_in_is_not_taken() {
    var outcome =
        signIn(
            browser(form -> {
              world.idTokenNonce = "another";
              return "code=c-1";
            }));

    assertThat(outcome).isEqualTo(new SignIn.Stopped("the ID token fails the check of nonce"));
  }

  @Test
  void a_mixed_up_response_is_not_redeemed() {
    var outcome = signIn(browser(form -> "code=c-1&iss=https://evil.example", false));

    assertThat(outcome).isInstanceOf(SignIn.Stopped.class);
    assertThat(world.flow()).isEmpty();
  }

  @Test
  void a_refusal_at_the_identity_provider_is_told() {
    assertThat(signIn(browser(form -> "error=access_denied")))
        .isInstanceOfSatisfying(
            SignIn.Denied.class,
            denied -> assertThat(denied.denial().error()).isEqualTo("access_denied"));
  }

  @ParameterizedTest
  @DisplayName("RFC 6749 §4.1.2.1: an outage that comes back through the browser is no refusal")
  @ValueSource(strings = {"temporarily_unavailable", "server_error"})
  void an_outage_at_the_identity_provider(String error) {
    var subject =
        new BrowserSubject(
            "ada", helper(Duration.ofSeconds(20)), browser(form -> "error=" + error));
    var config = new EmaConfig(world.idp, registration()).registeredAt(world.ras, registration());
    var ema = new EmaClient(config, subject, world.egress(), clock, new SecureRandom());
    var text = "Bearer error=\"insufficient_user_authentication\"";
    var weak = Hint.of(List.of(text), Optional.empty());

    for (var access : List.of(ema.accessTo(world.mcp, weak), ema.accessTo(world.mcp, weak))) {
      assertThat(access)
          .as("and is not remembered as one")
          .isEqualTo(new Access.Unavailable("the sign-in at " + world.idp + ": " + error));
    }
  }

  @Test
  void a_code_that_is_refused_is_told() {
    world.next("/idp/token", Reply.error(400, "invalid_grant"));

    assertThat(signIn(browser(form -> "code=c-1"))).isInstanceOf(SignIn.Denied.class);
  }

  @Test
  void an_answer_without_an_id_token_is_not_enough() {
    world.next("/idp/token", Reply.ok("{'access_token':'x','token_type':'Bearer'}"));

    assertThat(signIn(browser(form -> "code=c-1")))
        .isEqualTo(new SignIn.Stopped("the identity provider issued no ID token"));
  }

  @Test
  void nobody_who_comes_is_waited_for_only_so_long() {
    assertThat(signIn(url -> {}, Duration.ofMillis(100))).isInstanceOf(SignIn.Unavailable.class);
  }

  @Test
  @DisplayName("CLI-4: an identity provider without PKCE is not used")
  void an_identity_provider_without_pkce() {
    world.publish(world.idpMetadata().supported(Supported.CODE_CHALLENGE_METHODS).build());

    assertThat(signIn(browser(form -> "code=c-1"))).isInstanceOf(SignIn.Stopped.class);
  }

  @Test
  void the_last_rung_of_the_ladder_uses_it() {
    var subject = new BrowserSubject("ada", helper(Duration.ofSeconds(20)), browser(f -> "code=c"));
    var config =
        new EmaConfig(world.idp, registration())
            .registeredAt(world.ras, ClientRegistration.withSecret("app-ras", new Secret("s")));
    var ema = new EmaClient(config, subject, world.egress(), clock, new SecureRandom());

    assertThat(ema.accessTo(world.mcp)).isInstanceOf(Access.Granted.class);
    assertThat(subject.current()).isPresent();
  }

  @Test
  @DisplayName(
      "RFC 9449 §5: the code is sent with a proof, so the refresh token can be bound to it")
  void the_code_is_sent_with_a_proof() throws Exception {
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    var bound =
        helper(new EmaConfig(world.idp, registration()).boundTo(key), Duration.ofSeconds(20));
    world.next(
        "/idp/token",
        new Reply(400, "{\"error\":\"use_dpop_nonce\"}", Map.of("DPoP-Nonce", "n-1")));

    // The world's identity provider knows no DPoP: it issues a bearer token beside the session.
    assertThat(bound.signIn(SignInDemand.ANY, browser(form -> "code=c-1")))
        .isInstanceOf(SignIn.SignedIn.class);

    assertThat(boundTo).as("RFC 9449 §10").contains(key.publicKey().thumbprint());
    var calls = world.calls("/idp/token");
    assertThat(calls).hasSize(2);
    for (var call : calls) {
      var proof = UnverifiedJwt.parse(call.header("Dpop").orElseThrow());
      assertThat(proof.selfAssertedKey().thumbprint()).isEqualTo(key.publicKey().thumbprint());
      assertThat(call.form().one("code")).contains("c-1");
    }
    var second = UnverifiedJwt.parse(calls.getLast().header("Dpop").orElseThrow());
    assertThat(second.unverifiedClaims().all().string("nonce")).contains("n-1");
  }

  @Test
  void without_a_key_there_is_no_proof() {
    signIn(browser(form -> "code=c-1"));

    assertThat(boundTo).isEmpty();
    assertThat(world.calls("/idp/token").getFirst().header("Dpop")).isEmpty();
  }

  @Test
  void an_identity_provider_without_a_token_endpoint_is_not_visited() {
    world.publish(
        AuthorizationServerMetadata.builder(world.idp)
            .endpoint(Endpoint.AUTHORIZATION, URI.create(world.idp + "/authorize"))
            .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
            .build());

    assertThat(signIn(url -> fail("the browser was opened")))
        .isInstanceOf(SignIn.Unavailable.class);
  }

  @Test
  @DisplayName("CLI-11: an answer from another issuer is told to whoever wanted access")
  void an_attack_on_the_sign_in_is_not_lost() {
    var mixedUp = browser(form -> "code=c-1&iss=https://evil.example", false);
    var subject = new BrowserSubject("ada", helper(Duration.ofSeconds(20)), mixedUp);
    var config = new EmaConfig(world.idp, registration());
    var ema =
        new EmaClient(
            config.registeredAt(world.ras, registration()),
            subject,
            world.egress(),
            clock,
            new SecureRandom());

    assertThat(ema.accessTo(world.mcp))
        .isEqualTo(
            new Access.Stopped(
                "the sign-in at " + world.idp + ": the response is from another issuer"));
  }

  @Test
  @DisplayName("CLI-37: somebody else who answers the browser gets nothing under the first's name")
  void another_person_at_the_browser() {
    var subject = new BrowserSubject("ada", helper(Duration.ofSeconds(20)), browser(f -> "code=c"));
    var config =
        new EmaConfig(world.idp, registration())
            .registeredAt(world.ras, ClientRegistration.withSecret("app-ras", new Secret("s")));
    var ema = new EmaClient(config, subject, world.egress(), clock, new SecureRandom());
    ema.accessTo(world.mcp);
    var ofAda = subject.current();
    world.person = "bob";
    var weak = "Bearer error=\"insufficient_user_authentication\"";

    assertThat(ema.accessTo(world.mcp, Hint.of(List.of(weak), Optional.empty())))
        .isInstanceOf(Access.Stopped.class);
    assertThat(subject.current()).isEqualTo(ofAda);

    ema.signOut();
    assertThat(ema.accessTo(world.mcp)).isInstanceOf(Access.Granted.class);
    assertThat(subject.current()).isPresent().isNotEqualTo(ofAda);
  }

  @Test
  @DisplayName(
      "A page that is open in the browser cannot end the sign-in with an answer of its own")
  void a_foreign_answer_is_turned_away() {
    var person = browser(form -> "code=c-1");
    Consumer<URI> disturbed =
        url -> {
          try {
            var form = Form.parse(url.getRawQuery(), Set.of());
            var foreign = form.required("redirect_uri") + "?state=guessed&code=evil";
            var answer =
                http.send(
                    HttpRequest.newBuilder(URI.create(foreign)).build(), BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(400);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          person.accept(url);
        };

    assertThat(signIn(disturbed)).isInstanceOf(SignIn.SignedIn.class);
  }

  private volatile String challenge = "";
  private volatile Optional<String> boundTo = Optional.empty();

  private Consumer<URI> browser(Function<Form, String> answer) {
    return browser(answer, true);
  }

  /// A browser whose person answers at once.
  private Consumer<URI> browser(Function<Form, String> answer, boolean namesIssuer) {
    return url -> {
      try {
        var form = Form.parse(url.getRawQuery(), Set.of());
        challenge = form.required("code_challenge");
        boundTo = form.one("dpop_jkt");
        world.idTokenNonce = form.required("nonce");
        var iss = namesIssuer ? "&iss=" + world.idp : "";
        var back =
            form.required("redirect_uri")
                + "?state="
                + form.required("state")
                + "&"
                + answer.apply(form)
                + iss;
        http.sendAsync(HttpRequest.newBuilder(URI.create(back)).build(), BodyHandlers.discarding());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private SignIn signIn(Consumer<URI> browser) {
    return signIn(browser, Duration.ofSeconds(20));
  }

  private SignIn signIn(Consumer<URI> browser, Duration patience) {
    return helper(patience).signIn(SignInDemand.ANY, browser);
  }

  private LoopbackSignIn helper(Duration patience) {
    return helper(new EmaConfig(world.idp, registration()), patience);
  }

  private LoopbackSignIn helper(EmaConfig config, Duration patience) {
    return new LoopbackSignIn(
        config, Scopes.of("openid"), patience, world.egress(), clock, new SecureRandom());
  }

  private static ClientRegistration registration() {
    return ClientRegistration.withSecret("app-idp", new Secret("secret"));
  }
}
