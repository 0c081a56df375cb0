package dev.lanyard.client.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessEvents.Occasion;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.Hint;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP Authorization: the ordinary flow")
class CodeClientTest {
  private static final String TOKEN = "/ras/token";

  private final TestWorld world = new TestWorld();
  private final TestClock clock = new TestClock();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Form> visits = new ArrayList<>();
  private final List<Occasion> occasions = new CopyOnWriteArrayList<>();
  private CredentialStore store = CredentialStore.inMemory();

  @BeforeEach
  void start() {
    world.publish(ras().build());
    answering("read write", "rt-1");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private AuthorizationServerMetadata.Builder ras() {
    return AuthorizationServerMetadata.builder(world.ras)
        .endpoint(Endpoint.AUTHORIZATION, URI.create(world.ras + "/authorize"))
        .endpoint(Endpoint.TOKEN, URI.create(world.ras + "/token"))
        .endpoint(Endpoint.REVOCATION, URI.create(world.ras + "/revoke"))
        .endpoint(Endpoint.REGISTRATION, URI.create(world.ras + "/register"))
        .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
        .supported(Supported.TOKEN_AUTH_METHODS, "none", "client_secret_basic")
        .flag(Flag.AUTHORIZATION_RESPONSE_ISS);
  }

  private void answering(String scope, String refreshToken) {
    world.next(
        TOKEN,
        Reply.ok(
            "{'access_token':'at-"
                + refreshToken
                + "','token_type':'Bearer','expires_in':3600,'scope':'"
                + scope
                + "','refresh_token':'"
                + refreshToken
                + "'}"));
  }

  private static CodeConfig known(Issuer issuer) {
    return CodeConfig.of("agent")
        .registeredAt(issuer, ClientRegistration.withSecret("app", new Secret("app-secret")))
        .waiting(Duration.ofSeconds(20));
  }

  private CodeClient client(CodeConfig config) {
    return client(config, answer -> "code=c-1&iss=" + world.ras);
  }

  private CodeClient client(CodeConfig config, Function<Form, String> answer) {
    return new CodeClient(
        config,
        new CodeClient.Surroundings(
            "ada",
            browser(answer),
            store,
            (server, occasion, access, took) -> occasions.add(occasion)),
        world.egress(),
        clock,
        new SecureRandom());
  }

  /// A person who comes back at once.
  private Consumer<URI> browser(Function<Form, String> answer) {
    return url -> {
      try {
        var query = Form.parse(url.getRawQuery(), Set.of());
        visits.add(query);
        var back = query.required("redirect_uri") + "?state=" + query.required("state");
        var request = HttpRequest.newBuilder(URI.create(back + "&" + answer.apply(query))).build();
        http.send(request, BodyHandlers.discarding());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  private static void assertGranted(Access access) {
    assertThat(access).isInstanceOf(Access.Granted.class);
  }

  @Nested
  @DisplayName("The flow")
  class Flow {
    @Test
    @DisplayName("CLI-8: resource and PKCE stand in both requests")
    void whole() throws Exception {
      assertGranted(client(known(world.ras)).accessTo(world.mcp));

      var asked = visits.getFirst();
      assertThat(asked.one("resource")).contains(world.mcp.toString());
      assertThat(asked.one("nonce")).isEmpty();
      assertThat(asked.one("scope")).contains("read write");
      var redeemed = world.calls(TOKEN).getFirst().form();
      assertThat(redeemed.one("resource")).contains(world.mcp.toString());
      assertThat(Pkce.Verifier.parse(redeemed.required("code_verifier")).challenge().value())
          .isEqualTo(asked.required("code_challenge"));
      assertThat(redeemed.one("redirect_uri")).isEqualTo(asked.one("redirect_uri"));
    }

    @Test
    @DisplayName("CLI-15: offline_access is asked for where the server knows it")
    void offline_access() {
      world.publish(ras().supported(Supported.SCOPES, "read", "offline_access").build());

      client(known(world.ras)).accessTo(world.mcp);

      assertThat(visits.getFirst().one("scope")).contains("read write offline_access");
    }

    @Test
    @DisplayName("CLI-4: without PKCE nobody is asked")
    void no_pkce() {
      world.publish(ras().supported(Supported.CODE_CHALLENGE_METHODS).build());

      assertThat(client(known(world.ras)).accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
      assertThat(visits).isEmpty();
    }

    @Test
    void a_no_of_the_person_is_final() {
      var access = client(known(world.ras), form -> "error=access_denied&iss=" + world.ras);

      assertThat(access.accessTo(world.mcp)).isInstanceOf(Access.Denied.class);
      assertThat(world.calls(TOKEN)).isEmpty();
    }

    @Test
    @DisplayName("RFC 6749 §4.1.2.1: an outage that comes back through the browser is no refusal")
    void an_outage() {
      var access =
          client(known(world.ras), form -> "error=temporarily_unavailable&iss=" + world.ras);

      assertThat(access.accessTo(world.mcp))
          .isEqualTo(new Access.Unavailable(world.ras + ": temporarily_unavailable"));
    }

    @Test
    @DisplayName("CLI-11: an answer of another issuer is not redeemed")
    void mixed_up() {
      var access = client(known(world.ras), form -> "code=c-1&iss=https://evil.example");

      assertThat(access.accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
      assertThat(world.calls(TOKEN)).isEmpty();
    }

    @Test
    @DisplayName("DPOP-4: the code is bound to the key, and so is the token")
    void dpop() throws Exception {
      var key = SigningKey.generate(SigningAlgorithm.ES256);
      var client = client(known(world.ras).boundTo(key));

      // The world answers with a bearer token, which must not be used.
      assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);

      assertThat(visits.getFirst().one("dpop_jkt")).contains(key.publicKey().thumbprint());
      var proof = world.calls(TOKEN).getFirst().header("Dpop").orElseThrow();
      assertThat(UnverifiedJwt.parse(proof).unverifiedClaims().all().string("htm"))
          .contains("POST");
    }

    @Test
    @DisplayName("CLI-39: a token with more than was asked for is not used")
    void wider() {
      world.publish(new ProtectedResourceMetadata(world.resource(), world.ras, Scopes.of("read")));

      assertThat(client(known(world.ras)).accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
    }

    @Test
    void whoever_does_not_come_back_is_waited_for_only_so_long() {
      var config = known(world.ras).waiting(Duration.ofMillis(50));
      var client =
          new CodeClient(
              config, "ada", url -> {}, store, world.egress(), clock, new SecureRandom());

      assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Unavailable.class);
    }
  }

  @Nested
  @DisplayName("CLI-5: what this client is at a server")
  class Registration {
    private static final String REGISTER = "/ras/register";

    private final URI document = URI.create("https://my.example/client.json");

    @Test
    void what_is_configured_comes_first() {
      world.publish(ras().flag(Flag.CLIENT_ID_METADATA_DOCUMENT).build());

      client(known(world.ras).identifiedBy(document).registeringItself()).accessTo(world.mcp);

      assertThat(visits.getFirst().one("client_id")).contains("app");
    }

    @Test
    void then_the_metadata_document_where_it_is_accepted() {
      world.publish(ras().flag(Flag.CLIENT_ID_METADATA_DOCUMENT).build());

      client(CodeConfig.of("agent").identifiedBy(document).registeringItself()).accessTo(world.mcp);

      assertThat(visits.getFirst().one("client_id")).contains(document.toString());
      assertThat(world.calls(REGISTER)).isEmpty();
    }

    @Test
    @DisplayName("CLI-7: then it registers itself, once, with its application_type")
    void then_it_registers_itself() {
      world.next(REGISTER, new Reply(201, "{\"client_id\":\"made-1\"}", Map.of()));
      var config = CodeConfig.of("agent").identifiedBy(document).registeringItself();
      assertGranted(client(config).accessTo(world.mcp));

      assertThat(visits.getFirst().one("client_id")).contains("made-1");
      assertThat(world.calls(TOKEN).getFirst().form().one("client_secret")).isEmpty();
      // Another start of the program finds what the first one became.
      store.forget("refresh token of ada for " + world.mcp + " at " + world.ras);
      answering("read write", "rt-2");
      assertGranted(client(config).accessTo(world.mcp));
      assertThat(world.calls(REGISTER)).hasSize(1);
    }

    @Test
    @DisplayName("CLI-7: once, also when two MCP servers behind it are needed at the same moment")
    void two_calls_at_once_register_once() throws Exception {
      world.next(REGISTER, new Reply(201, "{\"client_id\":\"made-1\"}", Map.of()));
      answering("read", "rt-2");
      var other = world.another("/other");
      var both = new CountDownLatch(2);
      var client = client(CodeConfig.of("agent").registeringItself());

      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var calls = new ArrayList<Future<Access>>();
        for (var server : List.of(world.mcp, other)) {
          calls.add(
              threads.submit(() -> {
                both.countDown();
                both.await();
                return client.accessTo(
                    server, Hint.of(List.of("Bearer scope=\"read\""), Optional.empty()));
              }));
        }
        for (var call : calls) {
          call.get();
        }
      }

      assertThat(world.calls(REGISTER)).hasSize(1);
      assertThat(visits)
          .extracting(visit -> visit.one("client_id"))
          .containsExactly(Optional.of("made-1"), Optional.of("made-1"));
    }

    @Test
    void a_server_that_has_forgotten_the_client_is_registered_at_again() {
      world.next(
          REGISTER,
          new Reply(201, "{\"client_id\":\"made-1\"}", Map.of()),
          new Reply(201, "{\"client_id\":\"made-2\"}", Map.of()));
      var client = client(CodeConfig.of("agent").registeringItself());
      assertGranted(client.accessTo(world.mcp));
      clock.advance(Duration.ofHours(2));
      world.next(TOKEN, Reply.error(401, "invalid_client"));
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp));

      assertThat(visits.getLast().one("client_id")).contains("made-2");
    }

    @Test
    void a_refusal_to_register_is_told() {
      world.next(REGISTER, Reply.error(400, "invalid_client_metadata"));

      assertThat(client(CodeConfig.of("agent").registeringItself()).accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Access.Denied.class,
              denied -> assertThat(denied.denial().error()).isEqualTo("invalid_client_metadata"));
    }

    @Test
    void nobody_registers_unasked() {
      assertThat(client(CodeConfig.of("agent")).accessTo(world.mcp))
          .isInstanceOfSatisfying(
              Access.Stopped.class, stopped -> assertThat(stopped.why()).contains("not known at"));
      assertThat(world.calls(REGISTER)).isEmpty();
    }

    @Test
    @DisplayName("CLI-6: what it is at one server it is at no other")
    void another_server() {
      assertThat(client(known(world.idp)).accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
      assertThat(visits).isEmpty();
    }

    @Test
    void a_document_without_https_is_no_document() {
      assertThatThrownBy(() ->
              CodeConfig.of("agent").identifiedBy(URI.create("http://my.example/client.json")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayName("Renewal")
  class Renewal {
    @Test
    @DisplayName("CLI-8: by the refresh token, for the resource, without the person")
    void by_refresh_token() {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      clock.advance(Duration.ofHours(2));
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp));

      assertThat(visits).hasSize(1);
      var refreshed = world.calls(TOKEN).getLast().form();
      assertThat(refreshed.one("refresh_token")).contains("rt-1");
      assertThat(refreshed.one("resource")).contains(world.mcp.toString());
    }

    @Test
    void across_a_restart_with_the_token_that_came_last() {
      client(known(world.ras)).accessTo(world.mcp);
      answering("read write", "rt-2");
      assertGranted(client(known(world.ras)).accessTo(world.mcp));
      answering("read write", "rt-3");

      assertGranted(client(known(world.ras)).accessTo(world.mcp));

      assertThat(visits).hasSize(1);
      assertThat(world.calls(TOKEN).getLast().form().one("refresh_token")).contains("rt-2");
    }

    @Test
    void a_dead_refresh_token_leads_back_to_the_person() {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      clock.advance(Duration.ofHours(2));
      world.next(TOKEN, Reply.error(400, "invalid_grant"));
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp));

      assertThat(visits).hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("an outage costs nothing, also one that a proxy answers with 4xx")
    @ValueSource(ints = {503, 408, 404, 403, 401, 400})
    void an_outage_costs_nothing(int status) {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      clock.advance(Duration.ofHours(2));
      world.next(TOKEN, new Reply(status, "{}", Map.of()));

      assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Unavailable.class);
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp));
      assertThat(visits).hasSize(1);
    }

    @Test
    @DisplayName("what another process has renewed meanwhile serves, and nobody is asked")
    void renewed_by_another_process() {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      clock.advance(Duration.ofHours(2));
      world.next(TOKEN, Reply.error(400, "invalid_grant"));
      answering("read write", "rt-3");
      world.whileRenewing =
          () -> {
            world.whileRenewing = () -> {};
            new RefreshTokens(store, "ada")
                .keep(
                    world.ras,
                    world.resource(),
                    new RefreshTokens.Kept(new Secret("rt-2"), Scopes.of("read", "write")));
          };

      assertGranted(client.accessTo(world.mcp));

      assertThat(visits).hasSize(1);
      assertThat(world.calls(TOKEN).getLast().form().one("refresh_token")).contains("rt-2");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("only invalid_grant gives the refresh token up: a wrong clock or secret does not")
    @ValueSource(strings = {"invalid_dpop_proof", "invalid_client", "invalid_scope"})
    void other_refusals_cost_no_sign_in(String error) {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      clock.advance(Duration.ofHours(2));
      world.next(TOKEN, Reply.error(400, error), Reply.error(400, error));
      client.accessTo(world.mcp);
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp));

      assertThat(world.calls(TOKEN).getLast().form().one("refresh_token")).contains("rt-1");
    }

    @Test
    @DisplayName("CLI-10: what was granted before is asked for again beside what is needed")
    void step_up() throws Exception {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      var challenge =
          Hint.of(
              List.of("Bearer error=\"insufficient_scope\", scope=\"admin\""),
              Optional.of(new Secret("at-rt-1")));
      answering("read write admin", "rt-2");

      assertGranted(client.accessTo(world.mcp, challenge));

      assertThat(visits.getLast().one("scope")).contains("read write admin");
      assertThat(occasions).containsExactly(Occasion.NEEDED, Occasion.MORE_SCOPES);
    }

    @Test
    @DisplayName("CLI-10: the person is asked once for a sign-in that the server never likes")
    void never_content() {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      answering("read write", "rt-2");
      answering("read write", "rt-3");
      var weak = "Bearer error=\"insufficient_user_authentication\", acr_values=\"mfa\"";

      assertGranted(client.accessTo(world.mcp, refused(client, 401, weak)));
      for (int i = 0; i < 3; i++) {
        assertThat(client.accessTo(world.mcp, refused(client, 401, weak)))
            .isInstanceOf(Access.Denied.class);
        assertThat(client.accessTo(world.mcp, refused(client, 403, "Bearer")))
            .isInstanceOf(Access.Denied.class);
      }
      assertThat(visits).hasSize(2);
    }

    private Hint refused(CodeClient client, int status, String challenge) {
      var sent = client.headersFor(world.mcp, "POST", world.mcp).get("Authorization");
      var token = new Secret(sent.substring("Bearer ".length()));
      return Hint.of(status, List.of(challenge), Optional.of(token));
    }

    @Test
    @DisplayName("RS-12: a demand for a fresher sign-in goes to the person with max_age")
    void fresher() {
      var client = client(known(world.ras));
      client.accessTo(world.mcp);
      var challenge =
          Hint.of(
              List.of("Bearer error=\"insufficient_user_authentication\", max_age=\"60\""),
              Optional.of(new Secret("at-rt-1")));
      answering("read write", "rt-2");

      assertGranted(client.accessTo(world.mcp, challenge));

      assertThat(visits.getLast().one("max_age")).contains("60");
    }
  }

  @Test
  @DisplayName("Signing out revokes both tokens, and the next start asks the person")
  void sign_out() throws Exception {
    var client = client(known(world.ras));
    client.accessTo(world.mcp);

    assertThat(client.signOut()).isEmpty();

    var revoked = new ArrayList<String>();
    for (var call : world.calls("/ras/revoke")) {
      revoked.add(call.form().required("token"));
    }
    assertThat(revoked).containsExactly("at-rt-1", "rt-1");
    answering("read write", "rt-2");
    assertGranted(client(known(world.ras)).accessTo(world.mcp));
    assertThat(visits).hasSize(2);
  }

  @Test
  @DisplayName("Another start of the program signs out of what the first one was granted")
  void sign_out_after_a_restart() throws Exception {
    client(known(world.ras)).accessTo(world.mcp);

    assertThat(client(known(world.ras)).signOut()).isEmpty();

    assertThat(world.calls("/ras/revoke"))
        .singleElement()
        .satisfies(call -> assertThat(call.form().one("token")).contains("rt-1"));
    assertThat(client(known(world.ras)).signOut()).isEmpty();
    assertThat(world.calls("/ras/revoke")).hasSize(1);
  }

  @Test
  @DisplayName("The registration is JSON as RFC 7591 wants it")
  void registration_document() throws Exception {
    world.next("/ras/register", new Reply(201, "{\"client_id\":\"made-1\"}", Map.of()));

    client(CodeConfig.of("agent").registeringItself()).accessTo(world.mcp);

    var sent = JsonObject.parse(world.calls("/ras/register").getFirst().body());
    assertThat(sent.string("application_type")).contains("native");
    assertThat(sent.strings("grant_types").orElseThrow())
        .containsExactly("authorization_code", "refresh_token");
    assertThat(sent.string("token_endpoint_auth_method")).contains("none");
    assertThat(sent.strings("redirect_uris").orElseThrow())
        .singleElement()
        .asString()
        .startsWith("http://127.0.0.1:");
  }
}
