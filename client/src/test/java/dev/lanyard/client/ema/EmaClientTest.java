package dev.lanyard.client.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.Access;
import dev.lanyard.client.Access.Denied;
import dev.lanyard.client.Access.Granted;
import dev.lanyard.client.Access.SignInNeeded;
import dev.lanyard.client.Access.Stopped;
import dev.lanyard.client.Access.Unavailable;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.ClientAuthentication;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.Denial;
import dev.lanyard.client.Hint;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestThreads;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP Enterprise-Managed Authorization, client")
class EmaClientTest {
  private static final String EXCHANGE = "/idp/token token-exchange";
  private static final String REFRESH = "/idp/token refresh_token";
  private static final String REDEEM = "/ras/token jwt-bearer";
  private static final Denial INSUFFICIENT = Denial.of("insufficient_scope", Optional.empty());
  private static final Reply INVALID_GRANT = Reply.error(400, "invalid_grant");

  private final TestWorld world = new TestWorld();
  private final TestClock clock = new TestClock();
  private final TestSubject subject = new TestSubject();
  private EmaClient ema;

  @BeforeEach
  void signedIn() {
    subject.has(session(Duration.ofHours(1), Optional.of("rt")));
    ema = client(config());
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Nested
  @DisplayName("The flow")
  class Flow {
    @Test
    @DisplayName(
        "CLI-31, CLI-32, CLI-8: exchange at the identity provider, redemption at the authorization"
            + " server")
    void asks_for_exactly_what_the_resource_needs() {
      var access = ema.accessTo(world.mcp);

      assertThat(access)
          .isInstanceOfSatisfying(
              Granted.class,
              granted -> {
                assertThat(granted.token().issuer()).isEqualTo(world.ras);
                assertThat(granted.token().resource()).isEqualTo(world.resource());
                assertThat(granted.token().scopes()).isEqualTo(Scopes.of("read", "write"));
              });
      var exchange = world.calls("/idp/token").getFirst();
      assertThat(exchange.form().one("audience")).contains(world.ras.value());
      assertThat(exchange.form().one("resource")).contains(world.mcp.toString());
      assertThat(exchange.form().one("scope")).contains("read write");
      assertThat(exchange.form().one("subject_token_type"))
          .contains("urn:ietf:params:oauth:token-type:id_token");
      var redemption = world.calls("/ras/token").getFirst();
      assertThat(redemption.form().one("assertion").orElse("")).startsWith("jag-");
      assertThat(redemption.form().one("resource")).contains(world.mcp.toString());
    }

    @Test
    @DisplayName("An MCP server that hangs is asked once, and holds up no other")
    void a_server_that_hangs() throws Exception {
      try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var hanging = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/mcp");
        var waiting = threads.submit(() -> ema.accessTo(hanging));
        var connection = silent.accept();

        assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
        assertThat(waiting.isDone()).isFalse();

        connection.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
        silent.setSoTimeout(1);
        assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
      }
    }

    @Test
    @DisplayName("RFC 9396 §6: authorization details that are configured for the resource")
    void asks_for_authorization_details() throws MalformedException {
      var wanted =
          AuthorizationDetails.parse("[{\"type\":\"ticket_access\",\"actions\":[\"read\"]}]");
      client(config().asking(world.resource(), wanted)).accessTo(world.mcp);

      assertThat(world.calls("/idp/token").getFirst().form().one("authorization_details"))
          .contains(wanted.toString());
    }

    @Test
    void asks_for_none_that_are_configured_for_another_resource() throws MalformedException {
      var wanted = AuthorizationDetails.parse("[{\"type\":\"ticket_access\"}]");
      client(config().asking(new ResourceIndicator("https://other.example/mcp"), wanted))
          .accessTo(world.mcp);

      assertThat(world.calls("/idp/token").getFirst().form().has("authorization_details"))
          .isFalse();
    }

    @Test
    @DisplayName("CLI-6: the credentials of one server are never shown to another")
    void each_server_gets_its_own_credentials() {
      ema.accessTo(world.mcp);

      assertThat(world.calls("/idp/token").getFirst().header("Authorization"))
          .contains("Basic YXBwLWlkcDppZHAtc2VjcmV0");
      assertThat(world.calls("/ras/token").getFirst().header("Authorization"))
          .contains("Basic YXBwLXJhczpyYXMtc2VjcmV0");
    }

    @Test
    void a_token_in_memory_costs_nothing() {
      var first = ema.accessTo(world.mcp);
      world.forgetCalls();

      assertThat(ema.accessTo(world.mcp)).isEqualTo(first);
      assertThat(world.flow()).isEmpty();
    }

    @Test
    void of_many_concurrent_calls_one_obtains_the_token() throws Exception {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var calls =
            threads.invokeAll(
                IntStream.range(0, 50)
                    .<Callable<Access>>mapToObj(i -> () -> ema.accessTo(world.mcp))
                    .toList());
        for (var call : calls) {
          assertThat(call.get()).isInstanceOf(Granted.class);
        }
      }
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM);
    }

    @Test
    @DisplayName("CLI-37: tokens are never shared between users")
    void another_person_gets_another_token() {
      var ada = ema.accessTo(world.mcp);
      subject.switchTo("bob");

      assertThat(ema.accessTo(world.mcp)).isNotEqualTo(ada);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, EXCHANGE, REDEEM);
    }

    @Test
    @DisplayName("CLI-13: a token goes to the server that it was issued for and nowhere else")
    void headers_are_for_the_server_alone() {
      assertThat(ema.headersFor(world.mcp, "POST", world.mcp)).isEmpty();
      ema.accessTo(world.mcp);

      assertThat(ema.headersFor(world.mcp, "POST", world.mcp)).containsOnlyKeys("Authorization");
      assertThat(ema.headersFor(world.mcp, "POST", URI.create("https://evil.example/mcp")))
          .isEmpty();
      assertThat(ema.headersFor(world.mcp, "POST", world.mcp.resolve("/other"))).isEmpty();
    }
  }

  @Nested
  @DisplayName("CLI-35: the renewal ladder")
  class Ladder {
    @Test
    @DisplayName("rung 1: a live ID-JAG is submitted again where the server is known to allow it")
    void again() {
      ema = client(config().resubmittingAt(world.ras));
      ema.accessTo(world.mcp);
      clock.advance(Duration.ofMinutes(2));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, REDEEM);
      var redemptions = world.calls("/ras/token");
      assertThat(redemptions.getLast().form().one("assertion"))
          .isEqualTo(redemptions.getFirst().form().one("assertion"));
    }

    @Test
    void rung_1_refused_moves_to_rung_2_and_is_not_tried_again() {
      ema = client(config().resubmittingAt(world.ras));
      ema.accessTo(world.mcp);
      clock.advance(Duration.ofMinutes(2));
      world.next("/ras/token", INVALID_GRANT);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, REDEEM, EXCHANGE, REDEEM);
    }

    @Test
    void rung_1_is_skipped_when_the_id_jag_has_expired() {
      ema = client(config().resubmittingAt(world.ras));
      ema.accessTo(world.mcp);
      clock.advance(Duration.ofMinutes(5));

      ema.accessTo(world.mcp);

      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, EXCHANGE, REDEEM);
    }

    @Test
    @DisplayName("rung 2: a new ID-JAG from the live ID token")
    void from_the_id_token() {
      ema.accessTo(world.mcp);
      clock.advance(Duration.ofMinutes(2));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, EXCHANGE, REDEEM);
    }

    @Test
    void rung_2_refused_by_the_identity_provider_moves_to_rung_3() {
      world.next("/idp/token", INVALID_GRANT);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REFRESH, EXCHANGE, REDEEM);
    }

    @Test
    void rung_2_refused_at_the_redemption_moves_to_rung_3() {
      world.next("/ras/token", INVALID_GRANT);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM, REFRESH, EXCHANGE, REDEEM);
    }

    @Test
    @DisplayName("rung 3: the refresh token brings a new ID token, which is kept")
    void from_the_refresh_token() {
      subject.has(session(Duration.ofSeconds(5), Optional.of("rt-0")));
      var before = subject.current();

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(REFRESH, EXCHANGE, REDEEM);
      assertThat(world.calls("/idp/token").getFirst().form().one("refresh_token")).contains("rt-0");
      assertThat(subject.current()).isPresent().isNotEqualTo(before);
      assertThat(subject.current().orElseThrow().refreshToken()).isNotEqualTo(Optional.of("rt-0"));
    }

    @Test
    @DisplayName("rung 3: what another process has renewed meanwhile serves, and nobody is asked")
    void renewed_by_another_process() {
      subject.has(session(Duration.ofSeconds(-1), Optional.of("rt-0")));
      world.next("/idp/token", INVALID_GRANT);
      world.whileRenewing =
          () -> subject.has(session(Duration.ofHours(1), Optional.of("rt-of-the-other")));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);

      assertThat(world.flow()).containsExactly(REFRESH, EXCHANGE, REDEEM);
      assertThat(subject.signIns).isEmpty();
    }

    @Test
    @DisplayName("CLI-37: what another person has signed in to meanwhile does not")
    void renewed_for_somebody_else() {
      subject.has(session(Duration.ofSeconds(-1), Optional.of("rt-0")));
      world.next("/idp/token", INVALID_GRANT);
      world.person = "eve";
      var others = session(Duration.ofHours(1), Optional.of("rt-of-eve"));
      world.whileRenewing = () -> subject.has(others);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(SignInNeeded.class);

      assertThat(world.flow()).containsExactly(REFRESH);
    }

    @Test
    void rung_3_without_a_new_id_token_makes_the_refresh_token_the_subject() {
      subject.has(session(Duration.ofSeconds(5), Optional.of("rt-0")));
      world.next(
          "/idp/token",
          Reply.ok("{'access_token':'x','token_type':'Bearer','refresh_token':'rt-new'}"));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      var exchange = world.calls("/idp/token").get(1).form();
      assertThat(exchange.one("subject_token")).contains("rt-new");
      assertThat(exchange.one("subject_token_type"))
          .contains("urn:ietf:params:oauth:token-type:refresh_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a JWT", "{'iss':'@idp','sub':'ada'}", "{'exp':'soon'}"})
    @DisplayName(
        "a renewed ID token that cannot be read loses no refresh token: the old one is spent")
    void a_renewal_that_cannot_be_read(String idToken) {
      subject.has(session(Duration.ofSeconds(5), Optional.of("rt-0")));
      world.next("/idp/token", renewal(idToken));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Unavailable.class);
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(REFRESH, REFRESH, EXCHANGE, REDEEM);
      assertThat(world.calls("/idp/token").get(1).form().one("refresh_token")).contains("rt-new");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'iss':'@idp','sub':'bob','exp':1795550400}",
          "{'iss':'https://other.example','sub':'ada','exp':1795550400}",
          "{'iss':'@idp','exp':1795550400}",
          "{'sub':'ada','exp':1795550400}",
        })
    @DisplayName("OpenID Connect Core §12.2, CLI-37: a renewal never makes one person another")
    void a_renewal_for_somebody_else(String idToken) {
      subject.has(session(Duration.ofSeconds(5), Optional.of("rt-0")));
      var before = subject.current();
      world.next("/idp/token", renewal(idToken));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(world.flow()).containsExactly(REFRESH);
      assertThat(subject.current()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("sessionsOfOthers")
    @DisplayName("CLI-37: nor does a sign-in, before the first one has signed out")
    void a_sign_in_by_somebody_else(Function<TestWorld, Session> other) {
      var held = ((Granted) ema.accessTo(world.mcp)).token();
      var before = subject.current();
      subject.willSignIn(other.apply(world));
      var weak = "Bearer error=\"insufficient_user_authentication\"";
      world.forgetCalls();

      assertThat(ema.accessTo(world.mcp, hint(weak)))
          .isInstanceOfSatisfying(
              Stopped.class, stopped -> assertThat(stopped.why()).endsWith("sign out first"));
      assertThat(world.flow()).as("no token is asked for with it").isEmpty();
      assertThat(subject.current()).isEqualTo(before);
      assertThat(ema.accessTo(world.mcp)).isEqualTo(new Granted(held));

      ema.signOut();
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    static List<Named<Function<TestWorld, Session>>> sessionsOfOthers() {
      return List.of(
          Named.of("another subject", world -> sessionOf(world, "{'iss':'@idp','sub':'bob'}")),
          Named.of("another issuer", world -> sessionOf(world, "{'iss':'@other','sub':'ada'}")),
          Named.of("no subject", world -> sessionOf(world, "{'iss':'@idp'}")),
          Named.of("no ID token", world -> Session.renewing(new Secret("rt-of-somebody"))));
    }

    private static Session sessionOf(TestWorld world, String claims) {
      var idToken = new JwtSigner(TestWorld.IDP_KEY, "JWT").sign(claims(world, claims));
      return new Session(new Secret(idToken), Instant.MAX, Optional.of(new Secret("rt-of-bob")));
    }

    @Test
    @DisplayName("Somebody else who was signed in by another process meanwhile is not overwritten")
    void a_sign_in_beside_another() {
      subject.forget();
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      var bob = sessionOf(world, "{'iss':'@idp','sub':'bob'}");
      subject.meanwhile = () -> subject.has(bob);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(subject.current()).contains(bob);
    }

    private Reply renewal(String idToken) {
      var jwt =
          idToken.startsWith("{")
              ? new JwtSigner(TestWorld.IDP_KEY, "JWT").sign(claims(world, idToken))
              : idToken;
      return Reply.ok(
          "{'access_token':'x','token_type':'Bearer','refresh_token':'rt-new','id_token':'"
              + jwt
              + "'}");
    }

    private static JsonObject claims(TestWorld world, String text) {
      try {
        return JsonObject.parse(
            text.replace("@idp", world.idp.value())
                .replace("@other", "https://other.example")
                .replace('\'', '"'));
      } catch (MalformedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Test
    @DisplayName("rung 4: the person signs in")
    void after_a_sign_in() {
      subject.has(session(Duration.ofSeconds(5), Optional.of("rt-0")));
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      world.next("/idp/token", INVALID_GRANT);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(REFRESH, EXCHANGE, REDEEM);
      assertThat(subject.signIns).containsExactly(SignInDemand.ANY);
    }

    @Test
    void without_a_session_the_person_signs_in_at_once() {
      var fresh = new TestSubject();
      fresh.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      var unknown = new EmaClient(config(), fresh, world.egress(), clock, new SecureRandom());

      assertThat(unknown.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, REDEEM);
    }

    @Test
    void nobody_to_sign_in_is_said() {
      subject.has(session(Duration.ofSeconds(5), Optional.empty()));

      assertThat(ema.accessTo(world.mcp)).isEqualTo(new SignInNeeded(Optional.empty()));
      assertThat(world.flow()).isEmpty();
    }

    @Test
    @DisplayName("rung 4, refused, in danger, or with nobody there: the caller learns which")
    void a_sign_in_that_fails_says_why() {
      subject.forget();
      var denied = Denial.of("access_denied", Optional.of("not for contractors"));
      subject.willEnd(new SignIn.Denied(denied));
      assertThat(ema.accessTo(world.mcp)).isEqualTo(new Denied(world.idp, denied));

      subject.willEnd(new SignIn.Stopped("the response is from another issuer"));
      assertThat(ema.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Stopped.class,
              stopped -> assertThat(stopped.why()).endsWith("the response is from another issuer"));

      subject.willEnd(new SignIn.Unavailable("nobody came"));
      assertThat(ema.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Unavailable.class, down -> assertThat(down.why()).endsWith("nobody came"));

      // A code or an assertion that has died on the way: the next sign-in brings another.
      var stale = Denial.of("invalid_grant", Optional.empty());
      subject.willEnd(new SignIn.Denied(stale));
      assertThat(ema.accessTo(world.mcp)).isEqualTo(new SignInNeeded(Optional.of(stale)));

      subject.willEnd(new SignIn.Impossible());
      assertThat(ema.accessTo(world.mcp)).isEqualTo(new SignInNeeded(Optional.empty()));
      assertThat(world.flow()).isEmpty();
      assertThat(subject.current()).isEmpty();
    }

    @Test
    @DisplayName("invalid_grant moves one rung, never loops")
    void when_everything_is_refused_it_ends() {
      ema = client(config().resubmittingAt(world.ras));
      ema.accessTo(world.mcp);
      clock.advance(Duration.ofMinutes(2));
      world.forgetCalls();
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      var refusals = IntStream.range(0, 20).mapToObj(i -> INVALID_GRANT).toArray(Reply[]::new);
      world.next("/ras/token", refusals);

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(SignInNeeded.class);
      assertThat(world.flow())
          .containsExactly(REDEEM, EXCHANGE, REDEEM, REFRESH, EXCHANGE, REDEEM, EXCHANGE, REDEEM);
      assertThat(subject.signIns).hasSize(1);
    }
  }

  @Nested
  @DisplayName("CLI-34, D-7: a refusal is final and is shown")
  class Refusals {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "access_denied",
          "invalid_target",
          "invalid_scope",
          "unauthorized_client",
          "invalid_client",
          "something_new"
        })
    void whatever_the_identity_provider_calls_it(String error) {
      world.next("/idp/token", Reply.error(error.equals("invalid_client") ? 401 : 400, error));
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));

      assertThat(ema.accessTo(world.mcp))
          .isEqualTo(new Denied(world.idp, new Denial(error, Optional.empty(), Optional.empty())));
      assertThat(world.flow()).containsExactly(EXCHANGE);
      assertThat(subject.signIns).isEmpty();
    }

    @Test
    void a_refusal_of_the_authorization_server_names_it() {
      world.next("/ras/token", Reply.error(400, "unauthorized_client"));

      assertThat(ema.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.by()).isEqualTo(world.ras));
    }

    @Test
    void a_refusal_that_is_no_json_is_still_one() {
      world.next("/idp/token", new Reply(403, "<html>", Map.of()));

      assertThat(ema.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.denial().error()).isEqualTo("status 403"));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 302})
    void an_outage_gives_nothing_up(int status) {
      var before = subject.current();
      world.next("/idp/token", Reply.error(status, "invalid_grant"));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Unavailable.class);
      assertThat(world.flow()).containsExactly(EXCHANGE);
      assertThat(subject.current()).isEqualTo(before);
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("CLI-36: insufficient_user_authentication leads to a sign-in with max_age")
    void a_wish_for_another_sign_in_skips_the_rungs_between() {
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      world.next(
          "/idp/token",
          new Reply(
              400,
              "{\"error\":\"insufficient_user_authentication\",\"max_age\":60,"
                  + "\"acr_values\":\"mfa\"}",
              Map.of()));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, EXCHANGE, REDEEM);
      assertThat(subject.signIns)
          .containsExactly(
              new SignInDemand(Optional.of(Duration.ofSeconds(60)), Optional.of("mfa")));
    }

    @Test
    @DisplayName("RS-12: so does an MCP server that demands a fresher sign-in")
    void a_server_that_demands_another_sign_in() {
      subject.has(session(Duration.ofHours(1), Optional.empty()));
      ema.accessTo(world.mcp);
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      var weak = "Bearer error=\"insufficient_user_authentication\", max_age=\"60\"";
      world.forgetCalls();

      var access = ema.accessTo(world.mcp, Hint.of(List.of(weak), Optional.empty()));

      assertThat(access).isInstanceOf(Granted.class);
      assertThat(subject.signIns)
          .containsExactly(new SignInDemand(Optional.of(Duration.ofSeconds(60)), Optional.empty()));
    }
  }

  @Nested
  @DisplayName("Discovery: CLI-1 to CLI-3, CLI-40")
  class Discovery {
    @Test
    @DisplayName("RFC 9728 §3.3: metadata of another resource stops everything")
    void a_document_about_another_resource() {
      world.publishAt(
          "/.well-known/oauth-protected-resource/mcp",
          "{\"resource\":\"https://evil.example/mcp\",\"authorization_servers\":[\""
              + world.ras
              + "\"]}");

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(world.flow()).isEmpty();
    }

    @Test
    @DisplayName("CLI-40: an attacker's server that claims a victim's issuer gets no ID-JAG")
    void a_document_that_names_another_issuer() {
      world.publishAt(
          "/.well-known/oauth-authorization-server/ras",
          world.idpMetadata().build().toJson().toJson());

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Unavailable.class);
      assertThat(world.flow()).isEmpty();
    }

    @Test
    @DisplayName("CLI-14: a server where we are not registered is never asked")
    void an_unknown_authorization_server() {
      world.publish(
          new ProtectedResourceMetadata(
              world.resource(), new Issuer("https://evil.example"), Scopes.NONE));

      assertThat(ema.accessTo(world.mcp))
          .isEqualTo(new Stopped("not registered at https://evil.example"));
      assertThat(world.flow()).isEmpty();
    }

    @Test
    void the_first_server_where_we_are_registered_is_taken() {
      world.publish(
          new ProtectedResourceMetadata(
              world.resource(),
              List.of(new Issuer("https://other.example"), world.ras),
              Scopes.NONE,
              Optional.empty(),
              List.of(),
              false));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("CLI-41: grant_types_supported must name jwt-bearer if it is there at all")
    void a_server_that_cannot_redeem_is_skipped() {
      world.publish(
          world.rasMetadata().supported(Supported.GRANT_TYPES, "authorization_code").build());
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);

      world.publish(world.rasMetadata().supported(Supported.GRANT_TYPES).build());
      assertThat(client(config()).accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    @Test
    void the_root_of_the_host_is_the_last_place() {
      world.remove("/.well-known/oauth-protected-resource/mcp");
      var origin = world.mcp.resolve("/").toString();
      world.publishAt(
          "/.well-known/oauth-protected-resource",
          "{\"resource\":\"" + origin + "\",\"authorization_servers\":[\"" + world.ras + "\"]}");

      assertThat(ema.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Granted.class,
              granted -> assertThat(granted.token().resource().value()).isEqualTo(origin));
    }

    @Test
    void the_challenge_says_where_to_look_first() {
      world.remove("/.well-known/oauth-protected-resource/mcp");
      world.publishAt(
          "/custom.json",
          new ProtectedResourceMetadata(world.resource(), world.ras, Scopes.NONE)
              .toJson()
              .toJson());
      var hint = hint("Bearer resource_metadata=\"" + world.mcp.resolve("/custom.json") + "\"");

      assertThat(ema.accessTo(world.mcp, hint)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("CLI-16: a hostile challenge cannot break the client, nor keep it from looking on")
    void a_challenge_that_leads_nowhere() {
      var hint = hint("Bearer resource_metadata=\"https://127.0.0.1:70000/x\"");

      assertThat(ema.accessTo(world.mcp, hint)).isInstanceOf(Granted.class);
      world.remove("/.well-known/oauth-protected-resource/mcp");
      assertThat(client(config()).accessTo(world.mcp, hint)).isInstanceOf(Unavailable.class);
    }

    @Test
    void no_document_anywhere_is_an_outage() {
      world.remove("/.well-known/oauth-protected-resource/mcp");

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Unavailable.class);
    }
  }

  @Nested
  @DisplayName("Scopes: CLI-9, CLI-10, CLI-39")
  class ScopeSelection {
    @Test
    void the_challenge_comes_before_what_the_resource_publishes() {
      ema.accessTo(world.mcp, hint("Bearer scope=\"read\""));

      assertThat(world.calls("/idp/token").getFirst().form().one("scope")).contains("read");
    }

    @Test
    void nothing_published_means_nothing_asked_for() {
      world.publish(new ProtectedResourceMetadata(world.resource(), world.ras, Scopes.NONE));

      ema.accessTo(world.mcp);

      assertThat(world.calls("/idp/token").getFirst().form().has("scope")).isFalse();
    }

    @Test
    void a_step_up_asks_for_the_old_and_the_new_together() {
      ema.accessTo(world.mcp, hint("Bearer scope=\"read\""));
      world.forgetCalls();

      var access =
          ema.accessTo(world.mcp, hint("Bearer error=\"insufficient_scope\", scope=\"admin\""));

      assertThat(access).isInstanceOf(Granted.class);
      assertThat(world.calls("/idp/token").getFirst().form().one("scope")).contains("read admin");
    }

    @Test
    void a_step_up_that_is_not_granted_is_a_refusal_not_a_loop() {
      ema.accessTo(world.mcp, hint("Bearer scope=\"read\""));
      world.next(
          "/ras/token", Reply.ok("{'access_token':'n','token_type':'Bearer','scope':'read'}"));

      assertThat(
              ema.accessTo(world.mcp, hint("Bearer error=\"insufficient_scope\", scope=\"admin\"")))
          .isEqualTo(new Denied(world.ras, INSUFFICIENT));
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("CLI-10: a step-up that was refused is not asked for again for a while")
    void a_refused_step_up_is_remembered() {
      var needed = hint("Bearer error=\"insufficient_scope\", scope=\"admin\"");
      ema.accessTo(world.mcp, hint("Bearer scope=\"read\""));
      world.next("/idp/token", Reply.error(400, "invalid_scope"));
      var refused = ema.accessTo(world.mcp, needed);
      assertThat(refused).isInstanceOf(Denied.class);
      world.forgetCalls();

      assertThat(ema.accessTo(world.mcp, needed)).isEqualTo(refused);
      assertThat(world.flow()).isEmpty();
      // Other scopes, or none, are another matter; and the administrator may have allowed it since.
      assertThat(
              ema.accessTo(world.mcp, hint("Bearer error=\"insufficient_scope\", scope=\"read\"")))
          .isInstanceOf(Granted.class);
      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Granted.class);
      clock.advance(Duration.ofMinutes(5));
      assertThat(ema.accessTo(world.mcp, needed)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName("CLI-10: nor is a token with all that is demanded replaced by another like it")
    void a_server_that_is_never_content_is_not_a_loop() {
      var first = hint("Bearer error=\"insufficient_scope\", scope=\"admin\"");
      var granted = (Granted) ema.accessTo(world.mcp, first);
      world.forgetCalls();
      var again =
          Hint.of(
              List.of("Bearer error=\"insufficient_scope\", scope=\"admin\""),
              Optional.of(granted.token().value()));

      assertThat(ema.accessTo(world.mcp, again)).isEqualTo(new Denied(world.ras, INSUFFICIENT));
      assertThat(world.flow()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'access_token':'w','token_type':'Bearer','scope':'read write admin'}",
          "{'access_token':'w','token_type':'Bearer','resource':'https://other.example/'}",
          "{'access_token':'w','token_type':'DPoP'}",
        })
    void an_answer_beyond_the_request_is_not_used(String answer) {
      world.next("/ras/token", Reply.ok(answer));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(ema.headersFor(world.mcp, "POST", world.mcp)).isEmpty();
    }

    @Test
    void an_id_jag_with_more_than_asked_for_is_not_redeemed() {
      world.next(
          "/idp/token",
          Reply.ok(
              "{'issued_token_type':'urn:ietf:params:oauth:token-type:id-jag',"
                  + "'token_type':'N_A','access_token':'jag','scope':'read write admin'}"));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(world.flow()).containsExactly(EXCHANGE);
    }

    @Test
    @DisplayName("CLI-33: an answer that is no ID-JAG is not redeemed")
    void another_token_than_an_id_jag() {
      world.next(
          "/idp/token",
          Reply.ok(
              "{'issued_token_type':'urn:ietf:params:oauth:token-type:access_token',"
                  + "'token_type':'Bearer','access_token':'x'}"));

      assertThat(ema.accessTo(world.mcp)).isInstanceOf(Unavailable.class);
      assertThat(world.flow()).containsExactly(EXCHANGE);
    }
  }

  @Nested
  @DisplayName("A token that the server refused")
  class Refused {
    @Test
    void is_replaced() {
      var first = ((Granted) ema.accessTo(world.mcp)).token();
      var hint = Hint.of(List.of("Bearer error=\"invalid_token\""), Optional.of(first.value()));

      assertThat(ema.accessTo(world.mcp, hint))
          .isInstanceOfSatisfying(
              Granted.class,
              granted -> assertThat(granted.token().value()).isNotEqualTo(first.value()));
    }

    @Test
    void is_not_replaced_twice() {
      var first = ((Granted) ema.accessTo(world.mcp)).token();
      var hint = Hint.of(List.of("Bearer"), Optional.of(first.value()));
      var second = ema.accessTo(world.mcp, hint);

      assertThat(ema.accessTo(world.mcp, hint)).isEqualTo(second);
    }
  }

  @Nested
  @DisplayName("CLI-38: DPoP")
  class Dpop {
    private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
    private EmaClient bound;

    @BeforeEach
    void withKey() {
      bound = client(config().boundTo(key));
    }

    @Test
    void one_key_binds_the_id_jag_the_token_and_the_call() throws Exception {
      world.next("/idp/token", idJag(key.publicKey().thumbprint()));
      world.next("/ras/token", Reply.ok("{'access_token':'at','token_type':'DPoP'}"));

      assertThat(bound.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Granted.class,
              granted -> assertThat(granted.token().type()).isEqualTo(AccessTokenType.DPOP));
      var headers = bound.headersFor(world.mcp, "POST", world.mcp);
      assertThat(headers).containsEntry("Authorization", "DPoP at");
      var proofs =
          List.of(
              world.calls("/idp/token").getFirst().header("Dpop").orElseThrow(),
              world.calls("/ras/token").getFirst().header("Dpop").orElseThrow(),
              headers.get("DPoP"));
      for (var proof : proofs) {
        assertThat(UnverifiedJwt.parse(proof).selfAssertedKey().thumbprint())
            .isEqualTo(key.publicKey().thumbprint());
      }
    }

    @Test
    @DisplayName("what belongs to a key that was lost asks for a sign-in, and is denied after one")
    void a_lost_key() {
      var proof = Denial.of("invalid_dpop_proof", Optional.empty());
      var refused = Reply.error(400, "invalid_dpop_proof");
      world.next("/idp/token", refused, refused);
      subject.willEnd(new SignIn.Impossible());
      assertThat(bound.accessTo(world.mcp)).isEqualTo(new SignInNeeded(Optional.of(proof)));

      world.next("/idp/token", refused, refused, idJag(key.publicKey().thumbprint()));
      world.next("/ras/token", Reply.ok("{'access_token':'at','token_type':'DPoP'}"));
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Granted.class);
    }

    @Test
    @DisplayName(
        "a proof that is refused after a sign-in as well, as of a wrong clock, is a refusal")
    void a_wrong_clock() {
      var refused = Reply.error(400, "invalid_dpop_proof");
      world.next("/idp/token", refused, refused, refused, refused);
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      assertThat(bound.accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.by()).isEqualTo(world.idp));
      assertThat(subject.signIns).hasSize(1);
    }

    @Test
    @DisplayName("CLI-33: an identity provider that strips cnf is noticed")
    void an_id_jag_without_our_key_is_not_redeemed() {
      world.next("/idp/token", idJag("0".repeat(43)));
      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Stopped.class);

      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Stopped.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, EXCHANGE);
    }

    @Test
    void a_bearer_token_instead_of_a_bound_one_is_not_used() {
      world.next("/idp/token", idJag(key.publicKey().thumbprint()));

      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Stopped.class);
    }

    @Test
    @DisplayName("RFC 9449 §8: the nonce of one server is used with that server, after one retry")
    void a_nonce_is_given_once_it_is_asked_for() throws Exception {
      world.next(
          "/idp/token",
          new Reply(400, "{\"error\":\"use_dpop_nonce\"}", Map.of("DPoP-Nonce", "n-1")),
          idJag(key.publicKey().thumbprint()));
      world.next("/ras/token", Reply.ok("{'access_token':'at','token_type':'DPoP'}"));

      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(nonce(world.calls("/idp/token").get(1))).contains("n-1");
      assertThat(nonce(world.calls("/ras/token").getFirst())).isEmpty();
    }

    @Test
    @DisplayName("TOK-3: with a client assertion of its own, as each is good for once")
    void whoever_is_asked_for_a_nonce_proves_itself_anew() {
      world.next(
          "/idp/token",
          new Reply(400, "{\"error\":\"use_dpop_nonce\"}", Map.of("DPoP-Nonce", "n-1")),
          idJag(key.publicKey().thumbprint()));
      world.next("/ras/token", Reply.ok("{'access_token':'at','token_type':'DPoP'}"));
      var proving =
          new ClientRegistration(
              new ClientId("app-idp"),
              new ClientAuthentication.PrivateKeyJwt(
                  SigningKey.generate(SigningAlgorithm.ES256),
                  ClientAuthentication.AssertionAudience.ISSUER));
      var atRas = ClientRegistration.withSecret("app-ras", new Secret("ras-secret"));
      var config = new EmaConfig(world.idp, proving).registeredAt(world.ras, atRas).boundTo(key);

      assertThat(client(config).accessTo(world.mcp)).isInstanceOf(Granted.class);
      assertThat(world.calls("/idp/token"))
          .extracting(call -> call.form().one("client_assertion").orElseThrow())
          .hasSize(2)
          .doesNotHaveDuplicates();
    }

    @Test
    void a_server_that_never_is_content_with_its_nonce_is_left() {
      world.next(
          "/idp/token",
          new Reply(400, "{\"error\":\"use_dpop_nonce\"}", Map.of("DPoP-Nonce", "n-1")),
          new Reply(400, "{\"error\":\"use_dpop_nonce\"}", Map.of("DPoP-Nonce", "n-2")));

      assertThat(bound.accessTo(world.mcp)).isInstanceOf(Denied.class);
      assertThat(world.flow()).containsExactly(EXCHANGE, EXCHANGE);
    }

    private Optional<String> nonce(TestWorld.Call call) throws Exception {
      return UnverifiedJwt.parse(call.header("Dpop").orElseThrow())
          .unverifiedClaims()
          .all()
          .string("nonce");
    }

    private Reply idJag(String thumbprint) {
      var cnf = JsonObject.builder().put("jkt", thumbprint).build();
      var jwt =
          new JwtSigner(TestWorld.IDP_KEY, "oauth-id-jag+jwt")
              .sign(JsonObject.builder().put("cnf", cnf).build());
      return Reply.ok(
          "{'issued_token_type':'urn:ietf:params:oauth:token-type:id-jag',"
              + "'token_type':'N_A','access_token':'"
              + jwt
              + "'}");
    }
  }

  @Nested
  @DisplayName("RFC 7009: signing out")
  class SigningOut {
    @Test
    void revokes_every_token_and_forgets_it() {
      var token = ((Granted) ema.accessTo(world.mcp)).token();

      assertThat(ema.signOut()).isEmpty();

      var atRas = world.calls("/ras/revoke").getFirst().form();
      assertThat(atRas.one("token")).contains(token.value().reveal());
      assertThat(atRas.one("token_type_hint")).contains("access_token");
      assertThat(world.calls("/idp/revoke").getFirst().form().one("token_type_hint"))
          .contains("refresh_token");
      assertThat(ema.headersFor(world.mcp, "POST", world.mcp)).isEmpty();
    }

    @Test
    void says_what_could_not_be_revoked_and_forgets_it_all_the_same() {
      ema.accessTo(world.mcp);
      world.next("/ras/revoke", Reply.error(503, "x"));

      assertThat(ema.signOut())
          .containsExactly(world.ras + " did not revoke the access_token: status 503");
      assertThat(ema.headersFor(world.mcp, "POST", world.mcp)).isEmpty();
    }

    @Test
    @DisplayName("Also by a start of the program that has talked to nobody yet: a logout command")
    void revokes_what_an_earlier_start_has_left() {
      assertThat(ema.signOut()).isEmpty();

      var revoked = world.calls("/idp/revoke").getFirst();
      assertThat(revoked.form().one("token")).contains("rt");
      assertThat(revoked.header("Authorization")).contains("Basic YXBwLWlkcDppZHAtc2VjcmV0");
      assertThat(subject.current()).isEmpty();
    }

    @Test
    void says_so_if_the_identity_provider_is_not_to_be_found() {
      world.remove("/.well-known/oauth-authorization-server/idp");

      assertThat(ema.signOut())
          .singleElement()
          .asString()
          .startsWith("the refresh_token was not revoked: metadata of " + world.idp);
      assertThat(subject.current()).isEmpty();
    }

    @Test
    void asks_nobody_when_there_is_nothing_to_revoke() {
      subject.has(session(Duration.ofHours(1), Optional.empty()));

      assertThat(ema.signOut()).isEmpty();
      assertThat(world.calls("/.well-known/oauth-authorization-server/idp")).isEmpty();
    }

    @Test
    @DisplayName("A sign-out between two calls waits for both, and nobody waits for ever")
    void beside_calls_for_two_servers() throws Exception {
      var other = world.another("/other");
      var signingIn = new CountDownLatch(1);
      var signedIn = new CountDownLatch(1);
      subject.forget();
      subject.willSignIn(session(Duration.ofHours(1), Optional.empty()));
      subject.meanwhile =
          () -> {
            signingIn.countDown();
            await(signedIn);
          };
      var leaving = new AtomicReference<Thread>();
      // The first call lets the others go on before it lets go of everything itself.
      AccessEvents events =
          (server, occasion, access, took) -> {
            if (server.equals(world.mcp)) {
              pauseWhileItWaitsFor(LockSupport.getBlocker(leaving.get()), leaving.get());
            }
          };
      var client =
          new EmaClient(config(), subject, world.egress(), events, clock, new SecureRandom());

      var first = start(() -> client.accessTo(world.mcp));
      await(signingIn);
      var second = start(() -> client.accessTo(other));
      TestThreads.awaitWaiting(second);
      leaving.set(start(client::signOut));
      TestThreads.awaitWaiting(leaving.get());
      signedIn.countDown();

      for (var thread : List.of(first, second, leaving.get())) {
        assertThat(thread.join(Duration.ofSeconds(10))).as("ended").isTrue();
      }
      assertThat(world.calls("/ras/revoke")).as("both were let in before").hasSize(2);
      assertThat(client.headersFor(world.mcp, "POST", world.mcp)).isEmpty();
      assertThat(client.headersFor(other, "POST", other)).isEmpty();
      assertThat(subject.current()).isEmpty();
    }

    private static Thread start(Runnable task) {
      return Thread.ofPlatform().daemon().start(task);
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void pauseWhileItWaitsFor(Object lock, Thread thread) {
      var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
      while (System.nanoTime() < until && LockSupport.getBlocker(thread) == lock) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  @Test
  @DisplayName("SEC-10, CLI-17: no token shows in any text")
  void texts_hold_no_tokens() {
    var granted = (Granted) ema.accessTo(world.mcp);

    assertThat(granted.toString() + subject.current() + config())
        .doesNotContain(granted.token().value().reveal(), "rt", "secret]", "idp-secret");
  }

  private EmaConfig config() {
    return new EmaConfig(
            world.idp, ClientRegistration.withSecret("app-idp", new Secret("idp-secret")))
        .registeredAt(
            world.ras, ClientRegistration.withSecret("app-ras", new Secret("ras-secret")));
  }

  private EmaClient client(EmaConfig config) {
    return new EmaClient(config, subject, world.egress(), clock, new SecureRandom());
  }

  private Session session(Duration life, Optional<String> refreshToken) {
    var expiresAt = clock.instant().plus(life);
    return new Session(world.idToken(expiresAt), expiresAt, refreshToken.map(Secret::new));
  }

  private static Hint hint(String header) {
    return Hint.of(List.of(header), Optional.empty());
  }
}
