package dev.lanyard.server.clients.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Clientele;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7591: clients that register themselves (REG-8, REG-9, REG-11)")
@Tag("thorough")
class RegistrationTest {
  private static final RegistrationConfig OPEN =
      new RegistrationConfig(true, List.of(), Duration.ofDays(30), 100);

  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder, Clientele.USUAL.registering(OPEN));
    pair.person("alice", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private static JsonObject.Builder good() {
    return JsonObject.builder()
        .put("client_name", "Newcomer")
        .put("redirect_uris", List.of(Desk.CALLBACK))
        .put("grant_types", List.of("authorization_code", "refresh_token"))
        .put("token_endpoint_auth_method", "none")
        .put("application_type", "native");
  }

  private static Answer register(Pair at, JsonObject metadata, Map<String, String> headers) {
    return Http.post(at.brokerUrl("/register"), "application/json", metadata.toJson(), headers);
  }

  private Answer register(JsonObject metadata) {
    return register(pair, metadata, Map.of());
  }

  private Answer registered(JsonObject metadata) {
    var answer = register(metadata);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer;
  }

  private static JsonObject metadata(Issuer issuer) {
    return Http.get(URI.create(issuer + "/.well-known/oauth-authorization-server"), Map.of())
        .json();
  }

  private static Form named(Form request, String id) {
    var form = Form.builder().add("client_id", id);
    request.names().forEach(name -> form.add(name, request.one(name).orElseThrow()));
    return form.build();
  }

  @Test
  @DisplayName("off by default, and the metadata says whether it is on")
  void off_by_default(@TempDir Path other) throws MalformedException {
    assertThat(metadata(pair.broker()).string("registration_endpoint"))
        .hasValue(pair.brokerUrl("/register").toString());
    try (var closed = Pair.start(Setup.usual(other), other)) {
      assertThat(register(closed, good().build(), Map.of()).status()).isEqualTo(404);
      assertThat(metadata(closed.broker()).has("registration_endpoint")).isFalse();
      assertThat(metadata(closed.ras()).has("registration_endpoint")).isFalse();
    }
  }

  @Nested
  @DisplayName("§3.2.1: 201 with all that was registered")
  class Registered {
    @Test
    void a_public_client_signs_somebody_in() throws MalformedException {
      var answer = registered(good().put("logo_uri", "https://evil.example/logo").build());
      assertThat(answer.header("Cache-Control")).hasValue("no-store");
      assertThat(answer.text("client_name")).isEqualTo("Newcomer");
      assertThat(answer.json().strings("redirect_uris").orElseThrow())
          .containsExactly(Desk.CALLBACK);
      assertThat(answer.text("application_type")).isEqualTo("native");
      assertThat(answer.json().has("client_secret")).isFalse();
      assertThat(answer.json().has("logo_uri")).as("unknown members are ignored").isFalse();
      var id = answer.text("client_id");
      var desk = new Desk(pair, id, "none", Desk.CALLBACK);
      var request = desk.codeRequest(desk.code("alice", "openid")).build();
      var tokens = Http.post(pair.brokerUrl("/token"), named(request, id), Map.of());
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("REG-6: an id of ours, which is no URL and no person's")
    void an_id_of_ours() {
      var answer = registered(good().put("client_id", "https://evil.example/me").build());
      assertThat(answer.text("client_id")).matches("dcr-[0-9a-f]{32}");
    }

    @Test
    @DisplayName("with a secret, told once and kept as a hash, if nothing else is said")
    void a_confidential_client() throws MalformedException {
      var asked = good().build().without("token_endpoint_auth_method");
      var answer = registered(asked);
      var id = answer.text("client_id");
      var secret = answer.text("client_secret");
      assertThat(answer.json().integer("client_secret_expires_at")).hasValue(0L);
      assertThat(answer.text("token_endpoint_auth_method")).isEqualTo("client_secret_basic");
      var desk = new Desk(pair, id, "none", Desk.CALLBACK);
      var request = desk.codeRequest(desk.code("alice", "openid")).build();
      var basic = new BasicCredentials(new ClientId(id), new Secret(secret)).toHeader();
      var tokens = Http.post(pair.brokerUrl("/token"), request, Map.of("Authorization", basic));
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("client.register success", "Newcomer")
          .doesNotContain(secret);
    }

    @Test
    @DisplayName("also after a restart")
    void after_a_restart(@TempDir Path again) {
      var id = registered(good().build()).text("client_id");
      var setup = pair.setup();
      try (var next = Pair.start(setup.beside(pair), again, Clientele.USUAL.registering(OPEN))) {
        var desk = new Desk(next, id, "none", Desk.CALLBACK);
        assertThat(desk.authorize(desk.authorization("openid").build()).status()).isEqualTo(200);
      }
    }
  }

  @Nested
  @DisplayName("REG-11: no trust comes of it")
  class NoTrust {
    @Test
    @DisplayName("no part in EMA: neither exchange nor redemption is among its grants")
    void no_ema() throws MalformedException {
      var exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
      var redeem = "urn:ietf:params:oauth:grant-type:jwt-bearer";
      var asked =
          good()
              .put(
                  "grant_types",
                  List.of("authorization_code", exchange, redeem, "client_credentials"))
              .build()
              .without("token_endpoint_auth_method");
      var answer = registered(asked);
      assertThat(answer.json().strings("grant_types").orElseThrow())
          .containsExactly("authorization_code");
      var desk = new Desk(pair);
      var basic =
          new BasicCredentials(
                  new ClientId(answer.text("client_id")), new Secret(answer.text("client_secret")))
              .toHeader();
      var refused =
          Http.post(
              pair.brokerUrl("/token"),
              desk.exchangeRequest(desk.idToken("alice"), World.LINEAR).build(),
              Map.of("Authorization", basic));
      assertThat(refused.text("error")).isEqualTo("unauthorized_client");
    }

    @Test
    @DisplayName("the name of another client is only a name")
    void a_name_is_only_a_name() {
      var answer = registered(good().put("client_name", "Desk").build());
      assertThat(answer.text("client_id")).isNotEqualTo("desk");
    }

    @Test
    @DisplayName("no more than ten a minute from one address")
    void a_flood() {
      var statuses = Stream.generate(() -> register(good().build()).status()).limit(12).toList();
      assertThat(statuses.subList(0, 10)).containsOnly(201);
      assertThat(statuses.subList(10, 12)).containsOnly(429);
      pair.clock.advance(Duration.ofMinutes(1));
      registered(good().build());
    }

    @Test
    @DisplayName("no more than an administrator wants: an outage, until others are forgotten")
    void a_bound(@TempDir Path small) {
      var two = new RegistrationConfig(true, List.of(), Duration.ofDays(30), 2);
      try (var bounded = Pair.start(Setup.usual(small), small, Clientele.USUAL.registering(two))) {
        assertThat(register(bounded, good().build(), Map.of()).status()).isEqualTo(201);
        assertThat(register(bounded, good().build(), Map.of()).status()).isEqualTo(201);
        assertThat(register(bounded, good().build(), Map.of()).status()).isEqualTo(503);
      }
    }

    @Test
    @DisplayName("who is not used is forgotten, who is used stays")
    void the_unused_are_forgotten() {
      var unused = registered(good().build()).text("client_id");
      var used = registered(good().build()).text("client_id");
      pair.clock.advance(Duration.ofDays(20));
      asks(used, 200);
      pair.clock.advance(Duration.ofDays(11));
      pair.forgetClients();
      asks(unused, 400);
      asks(used, 200);
    }

    private void asks(String id, int status) {
      var desk = new Desk(pair, id, "none", Desk.CALLBACK);
      assertThat(desk.authorize(desk.authorization("openid").build()).status()).isEqualTo(status);
    }
  }

  @Nested
  @DisplayName("§3.2.2: refusals")
  class Refusals {
    static Stream<Arguments> faults() {
      return Stream.of(
          fault("redirect_uris", "invalid_redirect_uri", m -> m.put("redirect_uris", List.of(""))),
          fault(
              "redirect_uris",
              "invalid_redirect_uri",
              m -> m.put("redirect_uris", List.of("http://app.example/callback"))),
          fault(
              "redirect_uris",
              "invalid_redirect_uri",
              m -> m.put("redirect_uris", List.of("https://app.example/callback#x"))),
          fault(
              "redirect_uris",
              "invalid_redirect_uri",
              m -> m.put("redirect_uris", List.of("javascript:alert(1)"))),
          fault("redirect_uris", "invalid_redirect_uri", m -> m.put("application_type", "web")),
          fault(
              "application_type",
              "invalid_client_metadata",
              m -> m.put("application_type", "other")),
          fault(
              "token_endpoint_auth_method",
              "invalid_client_metadata",
              m -> m.put("token_endpoint_auth_method", "tls_client_auth")),
          fault(
              "jwks",
              "invalid_client_metadata",
              m -> m.put("token_endpoint_auth_method", "private_key_jwt")),
          fault(
              "jwks_uri",
              "invalid_client_metadata",
              m ->
                  m.put("token_endpoint_auth_method", "private_key_jwt")
                      .put("jwks_uri", "https://keys.example/")),
          fault(
              "grant_types",
              "invalid_client_metadata",
              m -> m.put("grant_types", List.of("client_credentials"))),
          fault(
              "grant_types",
              "invalid_client_metadata",
              m ->
                  m.put(
                      "authorization_grant_profiles_supported",
                      List.of("urn:ietf:params:oauth:grant-profile:id-jag"))),
          fault(
              "response_types",
              "invalid_client_metadata",
              m -> m.put("response_types", List.of("token"))),
          fault(
              "client_name", "invalid_client_metadata", m -> m.put("client_name", "x".repeat(101))),
          fault("metadata", "invalid_client_metadata", m -> m.put("grant_types", "code")));
    }

    private static Arguments fault(
        String check, String error, Consumer<JsonObject.Builder> change) {
      return arguments(check, error, change);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @MethodSource("faults")
    void of_metadata(String check, String error, Consumer<JsonObject.Builder> change) {
      var metadata = good();
      change.accept(metadata);
      var answer = register(metadata.build());
      assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("error_description")).contains("'" + check + "'");
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("client.register refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "client_name=x"})
    void of_what_is_no_json_object(String body) {
      var answer = Http.post(pair.brokerUrl("/register"), "application/json", body, Map.of());
      assertThat(answer.text("error")).isEqualTo("invalid_client_metadata");
    }

    @Test
    void of_another_type() {
      var answer =
          Http.post(pair.brokerUrl("/register"), "text/plain", good().build().toJson(), Map.of());
      assertThat(answer.text("error")).isEqualTo("invalid_client_metadata");
    }

    @Test
    void of_what_is_too_large() {
      var answer = register(good().put("padding", "x".repeat(9_000)).build());
      assertThat(answer.text("error")).isEqualTo("invalid_client_metadata");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost/callback",
          "https://localhost/callback",
          "https://127.0.0.1/callback",
          "https://[::1]/callback",
          "https://localhost./callback",
          "https://my.LOCALHOST/callback",
          "https://127.0.1.1/callback",
          "https://0.0.0.0/callback",
          "https://[::]/callback",
          "https://[::ffff:127.0.0.1]/callback",
          "com.example.app:/callback"
        })
    @DisplayName("REG-9: a web application does not come back to the user's machine")
    void of_web_applications(String uri) {
      var answer =
          register(
              good().put("application_type", "web").put("redirect_uris", List.of(uri)).build());
      assertThat(answer.text("error")).isEqualTo("invalid_redirect_uri");
      assertThat(answer.text("error_description")).contains("native");
    }
  }

  @Nested
  @DisplayName("§3: an initial access token, if an administrator wants one")
  class InitialToken {
    private static final String INVALID = ", error=\"invalid_token\"";

    private final ClientSecret token = ClientSecret.generate(new SecureRandom());

    @Test
    void opens_the_door(@TempDir Path guarded) {
      var config = new RegistrationConfig(true, List.of(token.hash()), Duration.ofDays(30), 100);
      try (var door =
          Pair.start(Setup.usual(guarded), guarded, Clientele.USUAL.registering(config))) {
        for (var headers :
            List.<Map<String, String>>of(
                Map.of(),
                Map.of("Authorization", "Bearer another"),
                Map.of("Authorization", "Basic " + token.secret().reveal()))) {
          var refused = register(door, good().build(), headers);
          assertThat(refused.status()).isEqualTo(401);
          var isBearer = headers.getOrDefault("Authorization", "").startsWith("Bearer");
          assertThat(refused.header("WWW-Authenticate"))
              .as("RFC 6750 §3.1")
              .contains("Bearer realm=\"register\"" + (isBearer ? INVALID : ""));
        }
        var bearer = Map.of("Authorization", "Bearer " + token.secret().reveal());
        assertThat(register(door, good().build(), bearer).status()).isEqualTo(201);
      }
    }
  }

  @Test
  @DisplayName("on two nodes: what one registers the other knows, and what is removed is gone")
  void two_nodes(@TempDir Path shared) {
    var setup = Setup.on(TestDatabases.postgres(), shared);
    try (var one = Pair.start(setup, shared, Clientele.USUAL.registering(OPEN));
        var two = Pair.start(setup.beside(one), shared, Clientele.USUAL.registering(OPEN))) {
      var id = register(one, good().build(), Map.of()).text("client_id");
      two.awaitChanges();
      var desk = new Desk(two, id, "none", Desk.CALLBACK);
      assertThat(desk.authorize(desk.authorization("openid").build()).status()).isEqualTo(200);
      one.clock.advance(Duration.ofDays(31));
      one.forgetClients();
      two.awaitChanges();
      assertThat(desk.authorize(desk.authorization("openid").build()).status()).isEqualTo(400);
    }
  }
}
