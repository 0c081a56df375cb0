package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
    "Whatever is wrong with a request: the right error, a correlation id, the failed check on record")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String TOO_LONG = "x".repeat(70_000);

  private Pair pair;
  private Desk desk;
  private String idToken;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
    idToken = desk.idToken("alice");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  /// Status and code for the caller, the failed check and what it demands for the administrator.
  private void assertRefused(Answer answer, int status, String error, String check) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Cache-Control")).contains("no-store");
    var correlationId = answer.text("correlation_id");
    assertThat(answer.header("Lanyard-Correlation-Id")).contains(correlationId);
    assertThat(pair.audit(correlationId)).contains("refused", "\"check\":\"" + check + "\"");
    // The id is random, and may look like the beginning of a token.
    assertThat(pair.audit(correlationId).replace(correlationId, ""))
        .doesNotContain("eyJ")
        .doesNotContain(idToken);
    assertThat(answer.body().replace(correlationId, "")).doesNotContain("eyJ");
  }

  /// The form with parameters replaced; an empty text takes one out.
  private static Form with(Form.Builder good, Map<String, String> changes) {
    var form = good.build();
    var changed = Form.builder();
    for (var name : form.names()) {
      if (!changes.containsKey(name)) {
        form.all(name).forEach(value -> changed.add(name, value));
      }
    }
    changes.forEach((name, value) -> {
      if (!value.isEmpty()) {
        changed.add(name, value);
      }
    });
    return changed.build();
  }

  @Nested
  @DisplayName("at the token endpoint of either server, before any grant decides")
  class BeforeAnyGrant {
    private Answer post(String contentType, String body, Map<String, String> headers) {
      return Http.post(pair.brokerUrl("/token"), contentType, body, headers);
    }

    private static final String FORM = "application/x-www-form-urlencoded";

    @Test
    void refuses_another_content_type() {
      var answer = post("application/json", "{}", Desk.basic("desk"));
      assertRefused(answer, 400, "invalid_request", "content-type");
    }

    @Test
    void refuses_parameters_in_the_url() {
      var url = URI.create(pair.brokerUrl("/token") + "?grant_type=refresh_token");
      assertRefused(Http.post(url, FORM, "", Desk.basic("desk")), 400, "invalid_request", "query");
    }

    @ParameterizedTest
    @MethodSource("dev.lanyard.server.token.BadInputTest#brokenForms")
    void refuses_a_broken_form(String body) {
      assertRefused(post(FORM, body, Desk.basic("desk")), 400, "invalid_request", "form");
    }

    @Test
    void refuses_an_oversized_form_before_it_is_read() {
      var url = pair.brokerUrl("/token");
      var answer = Http.post(url, FORM, "a=" + TOO_LONG, Desk.basic("desk"));
      assertRefused(answer, 413, "invalid_request", "body");
      assertThat(pair.audit(answer.text("correlation_id"))).contains("65536 bytes", "/token");
    }

    @Test
    void refuses_headers_that_are_too_large() {
      var headers = new HashMap<>(Desk.basic("desk"));
      headers.put("X-Long", TOO_LONG);
      var answer = post(FORM, "grant_type=refresh_token", headers);
      assertRefused(answer, 431, "invalid_request", "headers");
    }

    @Test
    void refuses_a_missing_grant_type() {
      assertRefused(post(FORM, "a=b", Desk.basic("desk")), 400, "invalid_request", "grant_type");
    }

    @Test
    void refuses_a_grant_type_that_the_server_does_not_have() {
      var answer = post(FORM, "grant_type=password", Desk.basic("desk"));
      assertRefused(answer, 400, "unsupported_grant_type", "grant_type");
    }

    @Test
    void refuses_a_grant_type_of_the_other_server() {
      var answer =
          Http.post(pair.brokerUrl("/token"), desk.redemption("x").build(), Desk.basic("desk"));
      assertRefused(answer, 400, "unsupported_grant_type", "grant_type");
    }

    @Test
    void refuses_a_grant_type_that_the_client_may_not_use() {
      var answer =
          Http.post(pair.brokerUrl("/token"), desk.codeRequest("x").build(), Desk.basic("narrow"));
      assertRefused(answer, 400, "unauthorized_client", "grant_type");
    }

    @Test
    void refuses_a_wrong_secret_with_a_challenge_only_to_who_used_the_header() {
      var header =
          Map.of(
              "Authorization",
              "Basic "
                  + java.util.Base64.getEncoder()
                      .encodeToString(
                          "desk:wrong".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      var byHeader = post(FORM, "grant_type=refresh_token", header);
      assertRefused(byHeader, 401, "invalid_client", "client_secret");
      assertThat(byHeader.header("WWW-Authenticate").orElseThrow()).startsWith("Basic");
      var byBody =
          post(FORM, "grant_type=refresh_token&client_id=desk&client_secret=wrong", Map.of());
      assertRefused(byBody, 401, "invalid_client", "client_secret");
      assertThat(byBody.header("WWW-Authenticate")).isEmpty();
    }

    @Test
    void refuses_a_client_that_shows_two_secrets() {
      var body = "grant_type=refresh_token&client_id=desk&client_secret=x";
      var answer = post(FORM, body, Desk.basic("desk"));
      assertRefused(answer, 400, "invalid_request", "client-authentication");
    }

    @Test
    void refuses_a_broken_dpop_proof_instead_of_ignoring_it() {
      var headers = new HashMap<>(Desk.basic("desk"));
      headers.put("DPoP", "no.jwt.here");
      var answer =
          Http.post(
              pair.brokerUrl("/token"),
              desk.exchangeRequest(idToken, World.LINEAR).build(),
              headers);
      assertRefused(answer, 400, "invalid_dpop_proof", "form");
    }
  }

  static Stream<String> brokenForms() {
    return Stream.of(
        "a=1&a=2", "a=%zz", "a=%ff", "a=1" + "&b=".repeat(1) + "%00", "x=1&".repeat(80));
  }

  @Nested
  @DisplayName("in a token exchange (IDP-2 to IDP-13, IDP-18, IDP-34, IDP-39)")
  class TokenExchange {
    @ParameterizedTest(name = "{0} → {2} {3}")
    @MethodSource("dev.lanyard.server.token.BadInputTest#exchanges")
    void is_refused(String what, Map<String, String> changes, String error, String check) {
      var form = with(desk.exchangeRequest(idToken, World.LINEAR), changes);
      assertRefused(desk.token(form), 400, error, check);
    }

    @Test
    void to_two_audiences_is_refused_by_its_requirement() {
      var form = desk.exchangeRequest(idToken, World.LINEAR).add("audience", "https://b.example");
      var answer = desk.token(form.build());
      assertRefused(answer, 400, "invalid_request", "audience");
      assertThat(pair.audit(answer.text("correlation_id"))).contains("\"IDP-5\"", "several");
    }

    @Test
    void with_a_token_in_the_wrong_parameter_does_not_record_it() {
      var form =
          with(desk.exchangeRequest(idToken, World.LINEAR), Map.of("subject_token_type", idToken));
      assertRefused(desk.token(form), 400, "invalid_request", "subject_token_type");
    }

    @Test
    void of_another_clients_id_token_is_refused() {
      var answer =
          Http.post(
              pair.brokerUrl("/token"),
              desk.exchangeRequest(idToken, World.LINEAR).build(),
              Desk.basic("other"));
      assertRefused(answer, 400, "invalid_grant", "aud");
    }

    @Test
    void by_a_client_without_an_id_at_the_audience_is_refused() {
      var answer =
          Http.post(
              pair.brokerUrl("/token"),
              desk.exchangeRequest(idToken, World.LINEAR).build(),
              Desk.basic("unmapped"));
      assertRefused(answer, 400, "invalid_target", "ids_at");
    }

    @Test
    void by_a_public_client_is_refused() {
      var form = with(desk.exchangeRequest(idToken, World.LINEAR), Map.of("client_id", "phone"));
      var answer = Http.post(pair.brokerUrl("/token"), form, Map.of());
      assertRefused(answer, 400, "unauthorized_client", "grant_type");
    }
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> exchanges() {
    return Stream.of(
        arguments(
            "no requested type",
            Map.of("requested_token_type", ""),
            "invalid_request",
            "requested_token_type"),
        arguments(
            "another requested type",
            Map.of("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            "invalid_request",
            "requested_token_type"),
        arguments("no audience", Map.of("audience", ""), "invalid_request", "audience"),
        arguments(
            "unknown audience",
            Map.of("audience", "https://nobody.example"),
            "invalid_target",
            "audience"),
        arguments(
            "resource with a fragment",
            Map.of("resource", World.LINEAR + "#x"),
            "invalid_target",
            "resource"),
        arguments(
            "resource of nobody",
            Map.of("resource", "https://nobody.example/mcp"),
            "invalid_target",
            "policy"),
        arguments("no resource", Map.of("resource", ""), "invalid_target", "policy"),
        arguments(
            "resource outside the role",
            Map.of("resource", World.NOTION.value()),
            "invalid_target",
            "policy"),
        arguments("scope outside the role", Map.of("scope", "admin"), "invalid_scope", "policy"),
        arguments("malformed scope", Map.of("scope", "a  b"), "invalid_scope", "scope"),
        arguments(
            "authorization details that are no array",
            Map.of("authorization_details", "{}"),
            "invalid_authorization_details",
            "authorization_details"),
        arguments(
            "no subject token", Map.of("subject_token", ""), "invalid_request", "subject_token"),
        arguments(
            "unknown subject type",
            Map.of("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            "invalid_request",
            "subject_token_type"),
        arguments(
            "garbage subject token", Map.of("subject_token", "garbage"), "invalid_grant", "form"),
        arguments(
            "unknown refresh token",
            Map.of(
                "subject_token",
                "garbage",
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:refresh_token"),
            "invalid_grant",
            "refresh_token"),
        arguments(
            "an actor",
            Map.of("actor_token", "x", "actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            "invalid_request",
            "actor_token"),
        arguments(
            "the type of an actor alone",
            Map.of("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            "invalid_request",
            "actor_token_type"));
  }

  @Nested
  @DisplayName("in the redemption of an ID-JAG (RAS-1 to RAS-13, RAS-20, RAS-21, RAS-36)")
  class Redemption {
    private JsonObject.Builder claims() {
      var now = pair.clock.instant().getEpochSecond();
      var alice = pair.person("alice").id().value();
      return JsonObject.builder()
          .put("iss", pair.broker().value())
          .put("sub", alice)
          .put("aud", pair.ras().value())
          .put("client_id", "desk-ras")
          .put("jti", "jti-" + new SecureRandom().nextLong())
          .put("iat", now)
          .put("exp", now + 300)
          .put("resource", World.LINEAR.value())
          .put("scope", "issues.read")
          .put("email", "alice@" + World.DOMAIN);
    }

    private SigningKey key() {
      return pair.brokerKeys.active(Purpose.ID_JAG);
    }

    private String signed(JsonObject claims) {
      return new JwtSigner(key(), IdJag.TYPE).sign(claims);
    }

    @Test
    void the_unspoilt_assertion_is_good() {
      assertThat(desk.redeem(signed(claims().build())).status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0} → {2}")
    @MethodSource("dev.lanyard.server.token.BadInputTest#assertions")
    void is_refused(String what, JsonObject change, String check) {
      var spoilt = signed(claims().build().with(resolved(change)));
      assertRefused(desk.redeem(spoilt), 400, "invalid_grant", check);
    }

    private JsonObject resolved(JsonObject change) {
      var now = pair.clock.instant().getEpochSecond();
      var resolved = JsonObject.builder();
      for (var name : change.names()) {
        var text = change.text(name).orElseThrow().replace("\"", "");
        if (text.matches("-?[0-9]+")) {
          resolved.put(name, now + Long.parseLong(text));
        } else if (text.equals("{}")) {
          resolved.put(name, JsonObject.builder().put("x5t#S256", "x").build());
        } else {
          resolved.put(name, text.replace("TOKEN_URL", pair.rasUrl("/token").toString()));
        }
      }
      return resolved.build();
    }

    @Test
    void does_not_begin_with_a_visit_where_the_ordinary_flow_is_off() {
      var answer = Http.get(pair.rasUrl("/authorize"), Map.of());
      assertRefused(answer, 400, "unauthorized_client", "flow");
    }

    @Test
    void of_another_type_is_refused() {
      var mistyped = new JwtSigner(key(), "JWT").sign(claims().build());
      assertRefused(desk.redeem(mistyped), 400, "invalid_grant", "typ");
    }

    @Test
    void by_a_strangers_key_is_refused() {
      var forged = new JwtSigner(Pair.strangersKey(), IdJag.TYPE).sign(claims().build());
      assertRefused(desk.redeem(forged), 400, "invalid_grant", "signature");
    }

    @Test
    void by_a_client_that_it_does_not_name_is_refused() {
      var answer =
          Http.post(
              pair.rasUrl("/token"),
              desk.redemption(signed(claims().build())).build(),
              Desk.basic("other-ras"));
      assertRefused(answer, 400, "invalid_grant", "client_id");
    }

    @Test
    void by_a_public_client_is_refused() {
      var form = desk.redemption(signed(claims().build())).add("client_id", "open-ras").build();
      assertRefused(
          Http.post(pair.rasUrl("/token"), form, Map.of()), 400, "unauthorized_client", "client");
    }

    @Test
    void a_second_time_is_refused() {
      var idJag = signed(claims().build());
      assertThat(desk.redeem(idJag).status()).isEqualTo(200);
      assertRefused(desk.redeem(idJag), 400, "invalid_grant", "jti");
    }

    @Test
    void without_an_assertion_is_refused() {
      var form = with(desk.redemption("x"), Map.of("assertion", ""));
      assertRefused(desk.redeem(form), 400, "invalid_request", "assertion");
    }

    @Test
    void for_more_than_it_holds_is_refused() {
      var resource =
          desk.redemption(signed(claims().build())).add("resource", World.NOTION.value());
      assertRefused(desk.redeem(resource.build()), 400, "invalid_target", "resource parameter");
      var scope = desk.redemption(signed(claims().build())).add("scope", "issues.write");
      assertRefused(desk.redeem(scope.build()), 400, "invalid_scope", "scope");
    }

    @Test
    void with_the_grant_type_that_promises_a_proof_and_without_one_is_refused() {
      var form =
          with(
              desk.redemption(signed(claims().build())),
              Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-dpop"));
      assertRefused(desk.redeem(form), 400, "invalid_dpop_proof", "DPoP");
    }

    @Test
    void for_a_resource_that_needs_a_key_without_a_proof_is_refused() {
      var change =
          JsonObject.builder()
              .put("resource", World.VAULT.value())
              .put("scope", "secrets.read")
              .build();
      var idJag = signed(claims().build().with(change));
      assertRefused(desk.redeem(idJag), 400, "invalid_grant", "cnf.jkt");
    }

    @Test
    void bound_to_a_key_needs_that_very_key() {
      var signer = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
      var other = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
      var bound =
          JsonObject.builder()
              .put("cnf", JsonObject.builder().put("jkt", signer.thumbprint()).build())
              .build();
      assertRefused(
          desk.redeem(signed(claims().build().with(bound))), 400, "invalid_grant", "cnf.jkt");
      var wrong = redeemed(signed(claims().build().with(bound)), other);
      assertRefused(wrong, 400, "invalid_grant", "cnf.jkt");
      var right = redeemed(signed(claims().build().with(bound)), signer);
      assertThat(right.text("token_type")).isEqualTo("DPoP");
    }

    private Answer redeemed(String idJag, DpopSigner signer) {
      var headers = new HashMap<>(Desk.basic("desk-ras"));
      headers.put("DPoP", signer.proof("POST", pair.rasUrl("/token"), Optional.empty()));
      return Http.post(pair.rasUrl("/token"), desk.redemption(idJag).build(), headers);
    }
  }

  /// Numbers are seconds from now.
  static Stream<org.junit.jupiter.params.provider.Arguments> assertions() {
    return Stream.of(
        arguments("expired", JsonObject.builder().put("iat", -400).put("exp", -100).build(), "exp"),
        arguments(
            "issued in the future",
            JsonObject.builder().put("iat", 100).put("exp", 200).build(),
            "iat"),
        arguments("not yet valid", JsonObject.builder().put("nbf", 100).build(), "nbf"),
        arguments("too long a life", JsonObject.builder().put("exp", 4000).build(), "exp - iat"),
        arguments(
            "for another server",
            JsonObject.builder().put("aud", "https://other.example").build(),
            "aud"),
        arguments(
            "for our token endpoint", JsonObject.builder().put("aud", "TOKEN_URL").build(), "aud"),
        arguments(
            "by an unknown issuer",
            JsonObject.builder().put("iss", "https://other.example").build(),
            "iss"),
        arguments(
            "for another client",
            JsonObject.builder().put("client_id", "other-ras").build(),
            "client_id"),
        arguments(
            "of an unknown tenant", JsonObject.builder().put("tenant", "t").build(), "tenant"),
        arguments(
            "for another tenant of ours",
            JsonObject.builder().put("aud_tenant", "t").build(),
            "aud_tenant"),
        arguments(
            "of an unknown person",
            JsonObject.builder().put("sub", "nobody").put("email", "x@evil.example").build(),
            "sub"),
        arguments(
            "of a contradicting person",
            JsonObject.builder().put("aud_sub", "nobody").build(),
            "aud_sub"),
        arguments(
            "for a resource that we do not govern",
            JsonObject.builder().put("resource", "https://other.example/mcp").build(),
            "resource"),
        arguments(
            "bound to a certificate",
            JsonObject.builder().put("cnf", JsonObject.EMPTY).build(),
            "cnf"));
  }

  @Nested
  @DisplayName("in the redemption of a code")
  class Code {
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lanyard.server.token.BadInputTest#codes")
    void is_refused(String what, Map<String, String> changes, String error, String check) {
      var code = desk.code("alice", "openid");
      assertRefused(desk.token(with(desk.codeRequest(code), changes)), 400, error, check);
    }

    @Test
    void by_another_client_is_refused() {
      var form = desk.codeRequest(desk.code("alice", "openid")).build();
      var answer = Http.post(pair.brokerUrl("/token"), form, Desk.basic("other"));
      assertRefused(answer, 400, "invalid_grant", "client");
    }

    @Test
    void a_second_time_is_refused_and_kills_what_the_first_time_gave() {
      var form = desk.codeRequest(desk.code("alice", "openid")).build();
      var first = desk.token(form);
      assertRefused(desk.token(form), 400, "invalid_grant", "code");
      assertRefused(
          desk.exchange(first.text("id_token"), World.LINEAR), 400, "invalid_grant", "grant");
    }
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> codes() {
    return Stream.of(
        arguments("unknown", Map.of("code", "x"), "invalid_grant", "code"),
        arguments("no code", Map.of("code", ""), "invalid_request", "code"),
        arguments("no verifier", Map.of("code_verifier", ""), "invalid_request", "code_verifier"),
        arguments(
            "wrong verifier",
            Map.of("code_verifier", "x".repeat(43)),
            "invalid_grant",
            "code_verifier"),
        arguments(
            "other redirect",
            Map.of("redirect_uri", "http://localhost/callback"),
            "invalid_grant",
            "redirect_uri"));
  }
}
