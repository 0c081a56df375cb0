package dev.lanyard.server.clients.authentication;

import static dev.lanyard.server.clients.authentication.ClientRequests.SELF;
import static dev.lanyard.server.clients.authentication.ClientRequests.assertFailed;
import static dev.lanyard.server.clients.authentication.ClientRequests.assertIs;
import static dev.lanyard.server.clients.authentication.ClientRequests.assertUndecided;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.ClientFiles;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Authentication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("rfc7523bis-11 §3: private_key_jwt (TOK-3)")
class ClientAssertionTest {
  private ClientRequests requests;

  @BeforeEach
  void readClients(@TempDir Path folder) {
    requests = new ClientRequests(folder);
  }

  private JsonObject.Builder claims() {
    return JsonObject.builder()
        .put("iss", "signer")
        .put("sub", "signer")
        .put("aud", SELF.value())
        .put("jti", "j1")
        .put("iat", requests.now.getEpochSecond())
        .put("exp", requests.now.plusSeconds(60).getEpochSecond());
  }

  private Authentication assertion(UnaryOperator<JsonObject.Builder> spoil) {
    return assertion(ClientFiles.KEY, "client-authentication+jwt", spoil.apply(claims()).build());
  }

  private Authentication assertion(SigningKey key, String type, JsonObject claims) {
    return requests.withBody(body(new JwtSigner(key, type).sign(claims)));
  }

  private String body(String assertion) {
    return Form.builder()
        .add("client_assertion_type", ProofReader.ASSERTION_TYPE)
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
        requests.withBody(body(signed) + "&client_id=claude-code"),
        ErrorCode.INVALID_REQUEST,
        "client_id");
    assertIs("signer", requests.withBody(body(signed) + "&client_id=signer"));
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
    assertFailed(assertion(claims -> claims.put("aud", audience)), ErrorCode.INVALID_CLIENT, "aud");
  }

  @Test
  @DisplayName(
      "D-4: the URL of the token endpoint, of a client that is registered so, and no other")
  void takes_the_token_endpoint_of_an_older_client() {
    var endpoint = SELF.value() + "/token";
    assertFailed(assertion(claims -> claims.put("aud", endpoint)), ErrorCode.INVALID_CLIENT, "aud");
    assertIs("older", older(endpoint, "a"));
    assertThat(requests.legacy).containsExactly(new ClientId("older"));
    assertIs("older", older(SELF.value(), "b"));
    assertThat(requests.legacy).as("there is nothing to warn of").hasSize(1);
    assertFailed(older(endpoint, "a"), ErrorCode.INVALID_CLIENT, "jti");
    assertFailed(older("https://other.example/token", "c"), ErrorCode.INVALID_CLIENT, "aud");
    assertFailed(older(endpoint + "/", "d"), ErrorCode.INVALID_CLIENT, "aud");
    assertThat(requests.legacy).hasSize(1);
  }

  private Authentication older(String audience, String id) {
    return assertion(
        ClientFiles.KEY,
        "JWT",
        claims()
            .put("iss", "older")
            .put("sub", "older")
            .put("aud", audience)
            .put("jti", id)
            .build());
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
    assertIs(
        "signer", assertion(c -> c.put("exp", requests.now.minusSeconds(29).getEpochSecond())));
    assertFailed(
        assertion(c -> c.put("exp", requests.now.minusSeconds(30).getEpochSecond())),
        ErrorCode.INVALID_CLIENT,
        "exp");
  }

  @Test
  void refuses_a_long_life_and_a_future() {
    var far = requests.now.plus(Duration.ofHours(2)).getEpochSecond();
    var soon = requests.now.plusSeconds(31).getEpochSecond();
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
      claims.put("exp", requests.now.plusSeconds(60).getEpochSecond());
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
    assertFailed(requests.withBody(body), ErrorCode.INVALID_CLIENT, "client-authentication");
  }

  @Test
  void refuses_another_type_of_assertion() {
    assertFailed(
        requests.withBody("client_assertion=x&client_assertion_type=saml2-bearer"),
        ErrorCode.INVALID_CLIENT,
        "client_assertion_type");
  }

  @Test
  void takes_the_keys_from_where_the_client_publishes_them() {
    assertIs("remote", assertion(c -> c.put("iss", "remote").put("sub", "remote")));
  }

  @Test
  void an_outage_of_the_keys_is_no_refusal() {
    requests.remote = (_, _) -> new KeySource.Lookup.Unavailable("connect timed out");
    assertUndecided(assertion(c -> c.put("iss", "remote").put("sub", "remote")), "client-keys");
  }
}
