package dev.lanyard.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientAuthenticator.Authenticated;
import dev.lanyard.server.clients.ClientAuthenticator.Authentication;
import dev.lanyard.server.clients.ClientAuthenticator.Failed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §2.3 Client Authentication")
class ClientAuthenticatorTest {
  private static final Issuer SELF = new Issuer("https://ras.example");
  private static final String SECRET = ClientFiles.SECRET.reveal();
  private static final String JWT_TYPE = ProofReader.ASSERTION_TYPE;

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private final InstantSource clock = () -> now;
  private KeySource remote = new PublicKeySet(List.of(ClientFiles.KEY.publicKey()));
  private ClientAuthenticator authenticator;

  @BeforeEach
  void readClients(@TempDir Path folder) {
    var rules = new AssertionRules(SELF, new MemoryAssertionStore(), ClockSkew.DEFAULT, clock);
    authenticator =
        new ClientAuthenticator(
            new ClientFiles(folder).open(), rules, _ -> (kid, alg) -> remote.find(kid, alg));
  }

  private Authentication authenticate(List<String> authorization, String body, String from) {
    try {
      var form = Form.parse(body, Set.of());
      return authenticator.authenticate(
          new Presented(authorization, form, InetAddress.getByName(from)));
    } catch (MalformedException | UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Authentication withHeader(String header, String body) {
    return authenticate(List.of(header), body, "192.0.2.1");
  }

  private Authentication withBody(String body) {
    return authenticate(List.of(), body, "192.0.2.1");
  }

  private static String basic(String client, String secret) {
    return new BasicCredentials(new ClientId(client), new Secret(secret)).toHeader();
  }

  private static void assertIs(String client, Authentication authentication) {
    assertThat(authentication)
        .isInstanceOfSatisfying(
            Authenticated.class,
            authenticated -> assertThat(authenticated.client().id().value()).isEqualTo(client));
  }

  private static void assertFailed(Authentication authentication, ErrorCode code, String check) {
    assertThat(authentication)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.evidence().check()).isEqualTo(check);
              assertThat(failed.error().code()).isEqualTo(code);
              assertThat(failed.toString()).doesNotContain(SECRET);
            });
  }

  @Nested
  @DisplayName("TOK-2: client_secret_basic and body credentials, for one client both")
  class Secrets {
    @Test
    void claude_code_uses_basic_at_one_endpoint_and_post_at_another() {
      assertIs("claude-code", withHeader(basic("claude-code", SECRET), "grant_type=x"));
      assertIs("claude-code", withBody("client_id=claude-code&client_secret=" + SECRET));
    }

    @Test
    void basic_with_the_same_client_id_in_the_body_is_one_identity() {
      assertIs("claude-code", withHeader(basic("claude-code", SECRET), "client_id=claude-code"));
    }

    @Test
    void the_parts_of_basic_are_form_decoded() {
      var joined = "claude%2Dcode:" + SECRET.replace("-", "%2D").replace("_", "%5F");
      var header =
          "basic " + Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.US_ASCII));
      assertIs("claude-code", withHeader(header, ""));
    }

    @Test
    void a_wrong_secret_fails() {
      assertFailed(
          withHeader(basic("claude-code", "wrong"), ""), ErrorCode.INVALID_CLIENT, "client_secret");
      assertFailed(
          withBody("client_id=claude-code&client_secret=wrong"),
          ErrorCode.INVALID_CLIENT,
          "client_secret");
    }

    @Test
    void an_unknown_client_gets_the_answer_of_a_wrong_secret() {
      var unknown = (Failed) withHeader(basic("nobody", SECRET), "");
      var wrong = (Failed) withHeader(basic("claude-code", "wrong"), "");
      assertThat(unknown.error()).isEqualTo(wrong.error());
      assertThat(unknown.evidence().check()).isEqualTo("client");
      assertThat(unknown.claimed()).contains(new ClientId("nobody"));
    }

    @Test
    void a_method_that_is_not_registered_fails_even_with_the_right_secret() {
      assertFailed(
          withBody("client_id=basic-only&client_secret=" + SECRET),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Basic %%%", "Basic", "Basic Y29sb25sZXNz", "Bearer abc", "DPoP abc", ""})
    void a_header_that_is_not_basic_credentials_fails(String header) {
      assertFailed(withHeader(header, ""), ErrorCode.INVALID_CLIENT, "client-authentication");
    }
  }

  @Nested
  @DisplayName("The client MUST NOT use more than one authentication method in each request")
  class SeveralMethods {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_secret=x",
          "client_id=claude-code&client_secret=x",
          "client_assertion=x",
          "client_assertion_type=x"
        })
    void refuses_header_and_body(String body) {
      assertFailed(
          withHeader(basic("claude-code", SECRET), body),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_secret_and_assertion() {
      assertFailed(
          withBody("client_id=claude-code&client_secret=" + SECRET + "&client_assertion=x"),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_two_headers() {
      var header = basic("claude-code", SECRET);
      assertFailed(
          authenticate(List.of(header, header), "", "192.0.2.1"),
          ErrorCode.INVALID_REQUEST,
          "client-authentication");
    }

    @Test
    void refuses_basic_with_another_client_id_in_the_body() {
      assertFailed(
          withHeader(basic("claude-code", SECRET), "client_id=signer"),
          ErrorCode.INVALID_REQUEST,
          "client_id");
    }
  }

  @Nested
  @DisplayName("none: only where the client is registered so")
  class PublicClients {
    @Test
    void accepts_a_public_client_by_its_id() {
      assertIs("public", withBody("client_id=public"));
    }

    @Test
    void refuses_a_confidential_client_that_shows_nothing() {
      assertFailed(
          withBody("client_id=claude-code"),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @Test
    void refuses_a_public_client_that_shows_a_secret() {
      assertFailed(
          withBody("client_id=public&client_secret=x"),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @Test
    void refuses_a_request_without_any_client() {
      assertFailed(withBody(""), ErrorCode.INVALID_CLIENT, "client_id");
    }
  }

  @Nested
  @DisplayName("TOK-3: private_key_jwt")
  class Assertions {
    private JsonObject.Builder claims() {
      return JsonObject.builder()
          .put("iss", "signer")
          .put("sub", "signer")
          .put("aud", SELF.value())
          .put("jti", "j1")
          .put("iat", now.getEpochSecond())
          .put("exp", now.plusSeconds(60).getEpochSecond());
    }

    private Authentication assertion(UnaryOperator<JsonObject.Builder> spoil) {
      return assertion(ClientFiles.KEY, "client-authentication+jwt", spoil.apply(claims()).build());
    }

    private Authentication assertion(SigningKey key, String type, JsonObject claims) {
      return withBody(body(new JwtSigner(key, type).sign(claims)));
    }

    private String body(String assertion) {
      return Form.builder()
          .add("client_assertion_type", JWT_TYPE)
          .add("client_assertion", assertion)
          .build()
          .encode();
    }

    @Test
    void accepts_a_good_one() {
      assertIs("signer", assertion(claims -> claims));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "application/client-authentication+jwt"})
    void tolerates_other_spellings_of_the_type(String type) {
      assertIs("signer", assertion(ClientFiles.KEY, type, claims().build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "oauth-id-jag+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt"})
    void refuses_a_token_of_another_kind(String type) {
      assertFailed(
          assertion(ClientFiles.KEY, type, claims().build()), ErrorCode.INVALID_CLIENT, "typ");
    }

    @Test
    void accepts_the_client_id_of_the_subject_beside_it_and_no_other() {
      var signed = new JwtSigner(ClientFiles.KEY, "JWT").sign(claims().build());
      assertFailed(
          withBody(body(signed) + "&client_id=claude-code"),
          ErrorCode.INVALID_REQUEST,
          "client_id");
      assertIs("signer", withBody(body(signed) + "&client_id=signer"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://ras.example/token",
          "https://ras.example/",
          "https://broker.example",
          "signer",
          ""
        })
    void refuses_another_audience(String audience) {
      assertFailed(
          assertion(claims -> claims.put("aud", audience)), ErrorCode.INVALID_CLIENT, "aud");
    }

    @Test
    void refuses_a_second_audience() {
      assertFailed(
          assertion(claims -> claims.put("aud", List.of(SELF.value(), "https://other.example"))),
          ErrorCode.INVALID_CLIENT,
          "aud");
    }

    @ParameterizedTest
    @CsvSource({"claude-code", "other"})
    void refuses_another_issuer(String issuer) {
      assertFailed(assertion(c -> c.put("iss", issuer)), ErrorCode.INVALID_CLIENT, "iss");
    }

    @Test
    void refuses_to_speak_for_another_client() {
      assertFailed(
          assertion(c -> c.put("sub", "remote").put("iss", "signer")),
          ErrorCode.INVALID_CLIENT,
          "iss");
      assertFailed(
          assertion(c -> c.put("sub", "claude-code")),
          ErrorCode.INVALID_CLIENT,
          "client-authentication-method");
    }

    @Test
    void refuses_another_key() {
      var key = SigningKey.generate(SigningAlgorithm.ES256);
      assertFailed(assertion(key, "JWT", claims().build()), ErrorCode.INVALID_CLIENT, "signature");
    }

    @Test
    void counts_once() {
      assertIs("signer", assertion(claims -> claims));
      assertFailed(assertion(claims -> claims), ErrorCode.INVALID_CLIENT, "jti");
      assertIs("signer", assertion(claims -> claims.put("jti", "j2")));
    }

    @Test
    void a_refused_one_does_not_use_up_its_id() {
      assertFailed(assertion(c -> c.put("aud", "x")), ErrorCode.INVALID_CLIENT, "aud");
      assertIs("signer", assertion(claims -> claims));
    }

    @Test
    void the_expiry_is_exclusive_with_the_skew() {
      assertIs("signer", assertion(c -> c.put("exp", now.minusSeconds(29).getEpochSecond())));
      assertFailed(
          assertion(c -> c.put("exp", now.minusSeconds(30).getEpochSecond())),
          ErrorCode.INVALID_CLIENT,
          "exp");
    }

    @Test
    void refuses_a_long_life_and_a_future() {
      var far = now.plus(Duration.ofHours(2)).getEpochSecond();
      var soon = now.plusSeconds(31).getEpochSecond();
      assertFailed(assertion(c -> c.put("exp", far)), ErrorCode.INVALID_CLIENT, "exp");
      assertFailed(assertion(c -> c.put("nbf", soon)), ErrorCode.INVALID_CLIENT, "nbf");
      assertFailed(assertion(c -> c.put("iat", soon)), ErrorCode.INVALID_CLIENT, "iat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iss", "jti", "aud"})
    void refuses_when_a_claim_is_missing(String missing) {
      var claims = JsonObject.builder();
      for (var name : List.of("iss", "sub", "aud", "jti")) {
        if (!name.equals(missing)) {
          claims.put(name, name.equals("aud") ? SELF.value() : "signer");
        }
      }
      if (!missing.equals("exp")) {
        claims.put("exp", now.plusSeconds(60).getEpochSecond());
      }
      assertFailed(
          assertion(ClientFiles.KEY, "JWT", claims.build()), ErrorCode.INVALID_CLIENT, missing);
    }

    @Test
    void refuses_an_overlong_id() {
      assertFailed(assertion(c -> c.put("jti", "x".repeat(257))), ErrorCode.INVALID_CLIENT, "jti");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_assertion=a.b.c",
          "client_assertion_type=" + ProofReader.ASSERTION_TYPE,
          "client_assertion_type=" + ProofReader.ASSERTION_TYPE + "&client_assertion=a.b.c",
          "client_assertion_type=" + ProofReader.ASSERTION_TYPE + "&client_assertion=e30.e30.AA"
        })
    void refuses_what_is_no_assertion(String body) {
      assertFailed(withBody(body), ErrorCode.INVALID_CLIENT, "client-authentication");
    }

    @Test
    void refuses_another_type_of_assertion() {
      assertFailed(
          withBody("client_assertion=x&client_assertion_type=saml2-bearer"),
          ErrorCode.INVALID_CLIENT,
          "client_assertion_type");
    }

    @Test
    void takes_the_keys_from_where_the_client_publishes_them() {
      assertIs("remote", assertion(c -> c.put("iss", "remote").put("sub", "remote")));
    }

    @Test
    void an_outage_of_the_keys_is_no_refusal() {
      remote = (_, _) -> new KeySource.Lookup.Unavailable("connect timed out");
      assertFailed(
          assertion(c -> c.put("iss", "remote").put("sub", "remote")),
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "client-keys");
    }
  }

  @Nested
  @DisplayName("TOK-14: repeated failures of one client from one address are slowed down")
  class Failures {
    private final String good = basic("claude-code", SECRET);

    private void failTenTimes(String from) {
      for (int i = 0; i < 10; i++) {
        authenticate(List.of(basic("claude-code", "wrong")), "", from);
      }
    }

    @Test
    void refuses_even_the_right_secret_for_a_while() {
      failTenTimes("192.0.2.1");
      assertFailed(withHeader(good, ""), ErrorCode.INVALID_CLIENT, "failure-limit");
      now = now.plusSeconds(6);
      assertIs("claude-code", withHeader(good, ""));
    }

    @Test
    void other_addresses_and_other_clients_are_not_held_up() {
      failTenTimes("192.0.2.1");
      assertIs("claude-code", authenticate(List.of(good), "", "192.0.2.2"));
      assertIs("basic-only", withHeader(basic("basic-only", SECRET), ""));
    }

    @Test
    void an_ipv6_network_counts_as_one_address() {
      failTenTimes("2001:db8::1");
      assertFailed(
          authenticate(List.of(good), "", "2001:db8::2"),
          ErrorCode.INVALID_CLIENT,
          "failure-limit");
      assertIs("claude-code", authenticate(List.of(good), "", "2001:db8:0:1::1"));
    }

    @Test
    void successes_cost_nothing() {
      for (int i = 0; i < 50; i++) {
        assertIs("claude-code", withHeader(good, ""));
      }
    }
  }
}
