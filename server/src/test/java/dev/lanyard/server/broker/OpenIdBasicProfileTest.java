package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The modules of the OpenID Foundation's certification plan for a basic OpenID Provider, each
/// named as it is there, driven over HTTP. One thing differs: every request has PKCE, which we
/// demand of everybody (AC-2).
@DisplayName("oidcc-basic-certification-test-plan")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenIdBasicProfileTest {
  private Pair pair;
  private JsonObject metadata;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    pair.person("bob", "engineering");
    metadata =
        Http.get(URI.create(pair.broker() + "/.well-known/openid-configuration"), Map.of()).json();
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private String endpoint(String name) throws MalformedException {
    return metadata.string(name + "_endpoint").orElseThrow();
  }

  /// Everything that the plan checks of each ID Token.
  private IdToken valid(String compact, String client) throws MalformedException {
    var keys =
        PublicKeySet.parse(
            Http.get(URI.create(metadata.string("jwks_uri").orElseThrow()), Map.of()).json());
    var issuer = new TrustedIssuer(pair.broker(), keys::find, Set.of(SigningAlgorithm.ES256));
    var validator =
        new IdTokenValidator(
            issuer, new Limits(ClockSkew.DEFAULT, Duration.ofMinutes(1)), pair.clock);
    if (validator.judge(compact, new ClientId(client))
        instanceof IdTokenVerdict.Accepted(var idToken)) {
      return idToken;
    }
    throw new AssertionError(validator.judge(compact, new ClientId(client)).toString());
  }

  private Answer userInfo(String accessToken) throws MalformedException {
    return Http.get(
        URI.create(endpoint("userinfo")), Map.of("Authorization", "Bearer " + accessToken));
  }

  private Answer signedIn(Form.Builder request, Desk desk) {
    var form = request.build();
    var page = desk.authorize(form);
    var answer =
        page.status() == 303
            ? page
            : desk.submit(
                pair.brokerUrl("/login"),
                desk.signInForm(page, form, "alice", "the password of alice"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer;
  }

  private Answer tokens(Form.Builder request, Desk desk) {
    return desk.token(desk.codeRequest(signedIn(request, desk).parameter("code")).build());
  }

  @Nested
  @DisplayName("the code flow")
  class CodeFlow {
    @Test
    @DisplayName("oidcc-server, oidcc-ensure-request-with-valid-pkce-succeeds")
    void code_tokens_and_user_info() throws Exception {
      var desk = new Desk(pair);
      var answer = signedIn(desk.authorization("openid").add("nonce", "n-1"), desk);
      assertThat(answer.parameter("state")).isEqualTo("state-1");
      assertThat(answer.parameter("iss")).isEqualTo(pair.broker().value());
      var response = desk.token(desk.codeRequest(answer.parameter("code")).build());
      assertThat(response.header("Cache-Control")).contains("no-store");
      assertThat(response.text("token_type")).isEqualTo("Bearer");
      var idToken = valid(response.text("id_token"), "desk");
      assertThat(idToken.nonce()).contains("n-1");
      assertThat(idToken.all().string("at_hash")).contains(half(response.text("access_token")));
      var told = userInfo(response.text("access_token"));
      assertThat(told.header("Content-Type")).contains("application/json");
      assertThat(told.text("sub")).isEqualTo(idToken.subject());
    }

    private static String half(String token) throws GeneralSecurityException {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
    }

    @Test
    @DisplayName("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")
    void without_a_nonce() throws MalformedException {
      var desk = new Desk(pair);
      var tokens = tokens(desk.authorization("openid"), desk);
      assertThat(valid(tokens.text("id_token"), "desk").nonce()).isEmpty();
    }

    @Test
    @DisplayName("oidcc-server-client-secret-post")
    void with_the_secret_in_the_body() {
      var desk = new Desk(pair);
      var code = signedIn(desk.authorization("openid"), desk).parameter("code");
      var form =
          desk.codeRequest(code)
              .add("client_id", "desk")
              .add("client_secret", World.clientSecret().reveal());
      assertThat(Http.post(pair.brokerUrl("/token"), form.build(), Map.of()).status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName("oidcc-ensure-post-request-succeeds")
    void by_post() throws MalformedException {
      var desk = new Desk(pair);
      var form = desk.authorization("openid").build();
      var page = desk.submit(URI.create(endpoint("authorization")), form);
      var answer =
          desk.submit(
              pair.brokerUrl("/login"),
              desk.signInForm(page, form, "alice", "the password of alice"));
      assertThat(answer.parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("oidcc-response-type-missing")
    void not_without_a_response_type() {
      var desk = new Desk(pair);
      var query = desk.authorization("openid").build().encode().replace("response_type=code&", "");
      var answer = desk.browse(URI.create(pair.brokerUrl("/authorize") + "?" + query));
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
    }

    @Test
    @DisplayName("oidcc-ensure-registered-redirect-uri")
    void never_to_an_unregistered_redirect_uri() {
      var desk = new Desk(pair, "desk", "desk-ras", "https://desk.example/elsewhere");
      var answer = desk.authorize(desk.authorization("openid").build());
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "30"})
    @DisplayName("oidcc-codereuse, oidcc-codereuse-30seconds")
    void a_code_serves_once_and_its_reuse_ends_what_it_gave(int seconds) throws Exception {
      var desk = new Desk(pair);
      var code = signedIn(desk.authorization("openid"), desk).parameter("code");
      var first = desk.token(desk.codeRequest(code).build());
      pair.clock.advance(Duration.ofSeconds(seconds));
      var second = desk.token(desk.codeRequest(code).build());
      assertThat(second.status()).isEqualTo(400);
      assertThat(second.text("error")).isEqualTo("invalid_grant");
      assertThat(userInfo(first.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    @DisplayName("oidcc-refresh-token, OpenID Connect Core §12.2")
    void a_refresh_gives_a_new_id_token_of_the_same_sign_in() throws MalformedException {
      var desk = new Desk(pair);
      var request = desk.authorization("openid offline_access").add("nonce", "n-1");
      var first = tokens(request.add("prompt", "consent"), desk);
      pair.clock.advance(Duration.ofMinutes(5));
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", first.text("refresh_token"));
      var second = desk.token(refresh.build());
      var before = valid(second.text("id_token"), "desk").all();
      assertThat(before.string("nonce")).isEmpty();
      assertThat(before.integer("auth_time").orElseThrow())
          .isEqualTo(pair.clock.instant().minusSeconds(300).getEpochSecond());
      assertThat(before.integer("iat").orElseThrow())
          .isEqualTo(pair.clock.instant().getEpochSecond());
      assertThat(userInfo(second.text("access_token")).text("sub"))
          .isEqualTo(before.string("sub").orElseThrow());
      var another =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", first.text("refresh_token"))
              .build();
      assertThat(Http.post(pair.brokerUrl("/token"), another, Desk.basic("other")).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("oidcc-alternate-happy-flow: two clients of one browser, one sign-in")
    void a_second_client() throws MalformedException {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var keeper = new Desk(pair, "keeper", "desk-ras", Desk.CALLBACK);
      keeper.cookies().putAll(desk.cookies());
      var idToken = keeper.idToken("alice");
      assertThat(valid(idToken, "keeper").client().value()).isEqualTo("keeper");
    }
  }

  @Nested
  @DisplayName("the UserInfo endpoint")
  class UserInfo {
    private String token() {
      return new Desk(pair).signedIn("alice", "openid email").text("access_token");
    }

    @Test
    @DisplayName("oidcc-userinfo-get")
    void get() throws MalformedException {
      assertThat(userInfo(token()).text("email")).isEqualTo("alice@acme.example");
    }

    @Test
    @DisplayName("oidcc-userinfo-post-header")
    void post_with_a_header() {
      var answer =
          Http.post(
              pair.brokerUrl("/userinfo"),
              Form.builder().build(),
              Map.of("Authorization", "Bearer " + token()));
      assertThat(answer.text("email")).isEqualTo("alice@acme.example");
    }

    @Test
    @DisplayName("oidcc-userinfo-post-body")
    void post_with_a_body() {
      var form = Form.builder().add("access_token", token()).build();
      var answer = Http.post(pair.brokerUrl("/userinfo"), form, Map.of());
      assertThat(answer.text("email")).isEqualTo("alice@acme.example");
    }

    @Test
    @DisplayName("RFC 6750 §2: one way only, and never in the query")
    void not_twice_and_not_in_the_query() {
      var token = token();
      var form = Form.builder().add("access_token", token).build();
      var twice =
          Http.post(pair.brokerUrl("/userinfo"), form, Map.of("Authorization", "Bearer " + token));
      assertThat(twice.status()).isEqualTo(400);
      assertThat(twice.header("WWW-Authenticate").orElseThrow()).contains("invalid_request");
      var query = Http.get(URI.create(pair.brokerUrl("/userinfo") + "?" + form.encode()), Map.of());
      assertThat(query.status()).isEqualTo(401);
      assertThat(
              Http.post(pair.brokerUrl("/userinfo"), "text/plain", form.encode(), Map.of())
                  .status())
          .isEqualTo(401);
    }
  }

  @Nested
  @DisplayName("scopes and claims")
  class ScopesAndClaims {
    private JsonObject told(String scope) throws MalformedException {
      return userInfo(new Desk(pair).signedIn("alice", scope).text("access_token")).json();
    }

    @Test
    @DisplayName("oidcc-scope-profile, oidcc-scope-email, oidcc-scope-all")
    void tell_what_they_stand_for_and_nothing_else() throws MalformedException {
      assertThat(told("openid").names()).containsExactly("sub");
      assertThat(told("openid profile").names())
          .containsExactlyInAnyOrder("sub", "name", "preferred_username");
      assertThat(told("openid email").names())
          .containsExactlyInAnyOrder("sub", "email", "email_verified");
      assertThat(told("openid groups").strings("groups")).contains(List.of("engineering"));
    }

    @Test
    @DisplayName("oidcc-ensure-other-scope-order-succeeds")
    void in_any_order() throws MalformedException {
      assertThat(told("email openid").names()).contains("email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid address", "openid phone"})
    @DisplayName("oidcc-scope-address, oidcc-scope-phone: not advertised, and no error")
    void unknown_scopes_are_not_granted(String scope) throws MalformedException {
      assertThat(told(scope).names()).containsExactly("sub");
      assertThat(metadata.strings("scopes_supported").orElseThrow())
          .doesNotContain("address", "phone");
    }

    private Answer claiming(String claims) {
      var desk = new Desk(pair);
      return tokens(desk.authorization("openid").add("claims", claims), desk);
    }

    @Test
    @DisplayName("oidcc-claims-essential")
    void claims_by_name_at_user_info() throws MalformedException {
      var answer = claiming("{\"userinfo\":{\"name\":{\"essential\":true},\"birthdate\":null}}");
      assertThat(userInfo(answer.text("access_token")).text("name")).isEqualTo("alice");
      assertThat(valid(answer.text("id_token"), "desk").all().has("name")).isFalse();
    }

    @Test
    @DisplayName("OpenID Connect Core §5.5: claims by name in the ID Token, also after a refresh")
    void claims_by_name_in_the_id_token() throws MalformedException {
      var desk = new Desk(pair);
      var request =
          desk.authorization("openid offline_access")
              .add("claims", "{\"id_token\":{\"email\":null,\"groups\":{\"essential\":false}}}");
      var first = tokens(request, desk);
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", first.text("refresh_token"));
      for (var answer : List.of(first, desk.token(refresh.build()))) {
        var claims = valid(answer.text("id_token"), "desk").all();
        assertThat(claims.string("email")).contains("alice@acme.example");
        assertThat(claims.strings("groups")).contains(List.of("engineering"));
        assertThat(claims.has("name")).isFalse();
      }
    }

    @Test
    @DisplayName("§5.5.1.1: an essential acr that was not reached is an error, a voluntary one not")
    void acr() throws MalformedException {
      var voluntary = claiming("{\"id_token\":{\"acr\":{\"values\":[\"phr\"]}}}");
      assertThat(valid(voluntary.text("id_token"), "desk").all().has("acr")).isFalse();
      var desk = new Desk(pair);
      var essential = "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"phr\"]}}}";
      var answer = signedIn(desk.authorization("openid").add("claims", essential), desk);
      assertThat(answer.parameter("error")).isEqualTo("unmet_authentication_requirements");
      assertThat(answer.cookie("lanyard-session")).isEmpty();
    }

    @Test
    @DisplayName("an essential auth_time is told")
    void auth_time() throws MalformedException {
      var answer = claiming("{\"id_token\":{\"auth_time\":{\"essential\":true}}}");
      assertThat(valid(answer.text("id_token"), "desk").authentication().time()).isPresent();
    }
  }

  @Nested
  @DisplayName("how the person is asked")
  class Asking {
    @Test
    @DisplayName("oidcc-prompt-none-not-logged-in")
    void prompt_none_without_a_session() {
      var desk = new Desk(pair);
      var answer = desk.authorize(desk.authorization("openid").add("prompt", "none").build());
      assertThat(answer.parameter("error")).isEqualTo("login_required");
    }

    @Test
    @DisplayName("oidcc-prompt-none-logged-in, oidcc-id-token-hint")
    void prompt_none_with_a_session_of_that_person() throws MalformedException {
      var desk = new Desk(pair);
      var first = valid(desk.idToken("alice"), "desk");
      var silent =
          desk.authorization("openid")
              .add("prompt", "none")
              .add("id_token_hint", desk.idToken("alice"));
      var second = valid(tokens(silent, desk).text("id_token"), "desk");
      assertThat(second.subject()).isEqualTo(first.subject());
      assertThat(second.authentication().time()).isEqualTo(first.authentication().time());
    }

    @Test
    @DisplayName("§3.1.2.1: with the hint of another person, login_required")
    void a_hint_of_somebody_else() {
      var hint = new Desk(pair).idToken("bob");
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var silent = desk.authorization("openid").add("prompt", "none").add("id_token_hint", hint);
      assertThat(desk.authorize(silent.build()).parameter("error")).isEqualTo("login_required");
      var asked = signedIn(desk.authorization("openid").add("id_token_hint", hint), desk);
      assertThat(asked.parameter("error")).as("alice signed in").isEqualTo("login_required");
    }

    @Test
    @DisplayName("§5.5.1: a sub in claims names the only person too")
    void a_subject_in_claims() throws MalformedException {
      var desk = new Desk(pair);
      var bob = valid(new Desk(pair).idToken("bob"), "desk").subject();
      desk.code("alice", "openid");
      var silent =
          desk.authorization("openid")
              .add("prompt", "none")
              .add("claims", "{\"id_token\":{\"sub\":{\"value\":\"" + bob + "\"}}}");
      assertThat(desk.authorize(silent.build()).parameter("error")).isEqualTo("login_required");
    }

    @Test
    @DisplayName("IDP-13: the hint of another client is none")
    void a_hint_of_another_client() {
      var hint = new Desk(pair, "keeper", "desk-ras", Desk.CALLBACK).idToken("alice");
      var desk = new Desk(pair);
      var answer = desk.authorize(desk.authorization("openid").add("id_token_hint", hint).build());
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "select_account", "login consent"})
    @DisplayName("oidcc-prompt-login")
    void prompt_login_asks_again(String prompt) throws MalformedException {
      var desk = new Desk(pair);
      var first = valid(desk.idToken("alice"), "desk").authentication().time().orElseThrow();
      pair.clock.advance(Duration.ofSeconds(5));
      var request = desk.authorization("openid").add("prompt", prompt);
      assertThat(desk.authorize(request.build()).body()).contains("type=\"password\"");
      var second = valid(tokens(request, desk).text("id_token"), "desk");
      assertThat(second.authentication().time().orElseThrow()).isAfter(first);
    }

    @Test
    @DisplayName("prompt=consent: the enterprise has consented, so nobody is asked")
    void prompt_consent_goes_on() {
      var desk = new Desk(pair);
      desk.code("alice", "openid");
      var request = desk.authorization("openid").add("prompt", "consent").build();
      assertThat(desk.authorize(request).parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("oidcc-max-age-1, oidcc-max-age-10000")
    void max_age() throws MalformedException {
      var desk = new Desk(pair);
      var first = valid(desk.idToken("alice"), "desk").authentication().time().orElseThrow();
      pair.clock.advance(Duration.ofSeconds(2));
      var lenient = desk.authorization("openid").add("max_age", "10000").add("prompt", "none");
      assertThat(valid(tokens(lenient, desk).text("id_token"), "desk").authentication().time())
          .contains(first);
      var strict = desk.authorization("openid").add("max_age", "1");
      assertThat(desk.authorize(strict.build()).body()).contains("type=\"password\"");
      assertThat(
              valid(tokens(strict, desk).text("id_token"), "desk")
                  .authentication()
                  .time()
                  .orElseThrow())
          .isAfter(first);
    }

    @ParameterizedTest
    @CsvSource({
      "display, page",
      "display, popup",
      "login_hint, alice",
      "ui_locales, se",
      "claims_locales, se",
      "acr_values, 1 2",
      "extra, foobar"
    })
    @DisplayName(
        "oidcc-display-page, -display-popup, -login-hint, -ui-locales, -claims-locales,"
            + " -ensure-request-with-acr-values-succeeds, -ensure-request-with-unknown-parameter")
    void harmless_parameters(String name, String value) throws MalformedException {
      var desk = new Desk(pair);
      var tokens = tokens(desk.authorization("openid").add(name, value), desk);
      assertThat(valid(tokens.text("id_token"), "desk").subject()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "request, request_not_supported",
      "request_uri, request_uri_not_supported",
      "registration, registration_not_supported"
    })
    @DisplayName(
        "oidcc-unsigned-request-object-…-rejected-as-unsupported, oidcc-request-uri-unsigned-…,"
            + " oidcc-ensure-request-object-with-redirect-uri")
    void request_objects_are_refused_as_such(String name, String error) throws Exception {
      var desk = new Desk(pair);
      var answer = desk.authorize(desk.authorization("openid").add(name, "https://x").build());
      assertThat(answer.parameter("error")).isEqualTo(error);
      assertThat(metadata.bool("request_uri_parameter_supported")).contains(false);
      assertThat(metadata.bool("request_parameter_supported")).isEmpty();
    }
  }

  @Nested
  @DisplayName("an ID token may live as long as its client needs")
  class Lives {
    private Duration life(String client) throws MalformedException {
      var desk = new Desk(pair, client, "desk-ras", Desk.CALLBACK);
      var idToken = valid(desk.idToken("alice"), client);
      return Duration.between(idToken.issuedAt(), idToken.expiresAt());
    }

    @Test
    void per_client() throws MalformedException {
      assertThat(life("desk")).isEqualTo(Duration.ofHours(8));
      assertThat(life("keeper")).isEqualTo(Duration.ofHours(12));
    }
  }
}
