package dev.lanyard.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TOK-3: clients that authenticate with private_key_jwt, at both servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivateKeyJwtTest {
  private Pair pair;
  private Desk desk;
  private Signer atBroker;
  private Signer atRas;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair, "signer", "signer-ras", Desk.CALLBACK);
    atBroker = Signer.atBroker(pair);
    atRas = Signer.atRas(pair);
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private String idJag() {
    var code = desk.codeRequest(desk.code("alice", "openid")).build();
    var idToken = atBroker.post(pair.brokerUrl("/token"), code).text("id_token");
    var exchange = desk.exchangeRequest(idToken, World.LINEAR).build();
    return atBroker.post(pair.brokerUrl("/token"), exchange).text("access_token");
  }

  @Test
  void get_from_sign_in_to_a_living_access_token() throws Exception {
    var redeemed = atRas.post(pair.rasUrl("/token"), desk.redemption(idJag()).build());
    assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
    var token = Form.builder().add("token", redeemed.text("access_token")).build();
    assertThat(atRas.post(pair.rasUrl("/introspect"), token).json().bool("active")).contains(true);
    assertThat(atRas.post(pair.rasUrl("/revoke"), token).status()).isEqualTo(200);
    assertThat(atRas.post(pair.rasUrl("/introspect"), token).body())
        .isEqualTo("{\"active\":false}");
  }

  private void assertUnauthenticated(Answer answer, String check) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    assertThat(answer.text("error")).isEqualTo("invalid_client");
    assertThat(pair.audit(answer.text("correlation_id")))
        .contains("client.refused", "\"check\":\"" + check + "\"");
  }

  private Answer redeemWith(String assertion) {
    return redeemWith("grant_type=x", assertion);
  }

  private Answer redeemWith(String body, String assertion) {
    var form = parsed(body);
    return Http.post(pair.rasUrl("/token"), Signer.authenticated(form, assertion), Map.of());
  }

  private static Form parsed(String body) {
    var pair = body.split("=", 2);
    return Form.builder().add(pair[0], pair[1]).build();
  }

  @Test
  void cannot_use_an_assertion_twice() {
    var assertion = atRas.assertion();
    assertThat(redeemWith(assertion).text("error")).isEqualTo("unsupported_grant_type");
    assertUnauthenticated(redeemWith(assertion), "jti");
  }

  @Test
  @DisplayName("D-4: not with the assertion for the other server, nor for the token endpoint")
  void cannot_use_an_assertion_for_another_audience() {
    assertUnauthenticated(
        redeemWith(atRas.signed(atRas.claims().put("aud", pair.broker().value()).build())), "aud");
    var tokenEndpoint = pair.rasUrl("/token").toString();
    assertUnauthenticated(
        redeemWith(atRas.signed(atRas.claims().put("aud", tokenEndpoint).build())), "aud");
  }

  @Test
  void cannot_use_a_key_that_is_not_registered() {
    var stranger = atRas.with(SigningKey.generate(SigningAlgorithm.ES256));
    assertUnauthenticated(redeemWith(stranger.assertion()), "signature");
  }

  @Test
  void cannot_use_an_expired_assertion() {
    long past = pair.clock.instant().getEpochSecond() - 31;
    var claims = atRas.claims().build().with(JsonObject.builder().put("exp", past).build());
    assertUnauthenticated(redeemWith(atRas.signed(claims)), "exp");
  }

  @Test
  @DisplayName("TOK-2: nor a secret, where only a key is registered")
  void cannot_fall_back_to_a_secret() {
    var answer = Http.post(pair.rasUrl("/token"), parsed("grant_type=x"), Desk.basic("signer-ras"));
    assertUnauthenticated(answer, "client-authentication-method");
  }

  @Test
  void are_not_believed_by_their_name_alone() {
    var form = Form.builder().add("client_id", "signer-ras").add("grant_type", "x").build();
    assertUnauthenticated(
        Http.post(pair.rasUrl("/token"), form, Map.of()), "client-authentication-method");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/token", "/revoke", "/introspect"})
  void are_refused_with_two_methods_at_once_at_every_endpoint(String endpoint) {
    URI url = pair.rasUrl(endpoint);
    var form = Signer.authenticated(parsed("token=x"), atRas.assertion());
    var answer = Http.post(url, form, Desk.basic("desk-ras"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("error")).isEqualTo("invalid_request");
  }
}
