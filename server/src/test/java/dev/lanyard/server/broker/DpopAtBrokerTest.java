package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RFC 9449: keys of clients at the broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DpopAtBrokerTest {
  private Pair pair;
  private DpopSigner key;
  private DpopSigner otherKey;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    key = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
    otherKey = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private Answer token(Form form, Map<String, String> client, Optional<DpopSigner> signer) {
    var headers = new HashMap<>(client);
    signer.ifPresent(
        one -> headers.put("DPoP", one.proof("POST", pair.brokerUrl("/token"), Optional.empty())));
    return Http.post(pair.brokerUrl("/token"), form, headers);
  }

  private void assertRefused(Answer answer, String error) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Nested
  @DisplayName("DPOP-4: dpop_jkt in the authorization request binds the code")
  class BoundCode {
    private Form codeRequest(Desk desk) {
      desk.code("alice", "openid");
      var request = desk.authorization("openid").add("dpop_jkt", key.thumbprint()).build();
      return desk.codeRequest(desk.authorize(request).parameter("code")).build();
    }

    @Test
    void to_that_key() {
      var answer = token(codeRequest(new Desk(pair)), Desk.basic("desk"), Optional.of(key));
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.text("token_type")).isEqualTo("DPoP");
    }

    @Test
    void and_no_other() {
      var form = codeRequest(new Desk(pair));
      assertRefused(token(form, Desk.basic("desk"), Optional.of(otherKey)), "invalid_grant");
    }

    @Test
    void and_not_without_a_proof() {
      var form = codeRequest(new Desk(pair));
      assertRefused(token(form, Desk.basic("desk"), Optional.empty()), "invalid_grant");
    }
  }

  @Test
  @DisplayName("DPOP-5: the refresh token of a public client is bound to its key")
  void refresh_tokens_of_public_clients_are_bound() {
    var phone = new Desk(pair, "phone", "none", "http://127.0.0.1:33418/callback");
    var code = phone.codeRequest(phone.code("alice", "openid offline_access"));
    var first = token(code.add("client_id", "phone").build(), Map.of(), Optional.of(key));
    var refresh =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", first.text("refresh_token"))
            .add("client_id", "phone")
            .build();
    assertRefused(token(refresh, Map.of(), Optional.of(otherKey)), "invalid_grant");
    assertRefused(token(refresh, Map.of(), Optional.empty()), "invalid_grant");
    var second = token(refresh, Map.of(), Optional.of(key));
    assertThat(second.status()).as(second.body()).isEqualTo(200);
    assertThat(second.text("token_type")).isEqualTo("DPoP");
  }

  @Test
  @DisplayName("DPOP-5: a family that began without a key is bound to the first that is proved")
  void refresh_tokens_of_public_clients_become_bound() {
    var phone = new Desk(pair, "phone", "none", "http://127.0.0.1:33418/callback");
    var code = phone.codeRequest(phone.code("alice", "openid offline_access"));
    var first = token(code.add("client_id", "phone").build(), Map.of(), Optional.empty());
    var unproved = token(refresh(first), Map.of(), Optional.empty());
    assertThat(unproved.text("token_type")).isEqualTo("Bearer");

    var proved = token(refresh(unproved), Map.of(), Optional.of(key));
    assertThat(proved.text("token_type")).as(proved.body()).isEqualTo("DPoP");
    assertRefused(token(refresh(proved), Map.of(), Optional.empty()), "invalid_grant");
    assertRefused(token(refresh(proved), Map.of(), Optional.of(otherKey)), "invalid_grant");

    var copy = token(refresh(unproved), Map.of(), Optional.of(key));
    assertThat(copy.status()).as(copy.body()).isEqualTo(200);
    assertRefused(token(refresh(copy), Map.of(), Optional.empty()), "invalid_grant");
    assertThat(token(refresh(copy), Map.of(), Optional.of(key)).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("AC-17: whoever comes without that key to the same token is somebody else: all end")
  void two_who_have_one_refresh_token() {
    for (var stranger : List.of(Optional.<DpopSigner>empty(), Optional.of(otherKey))) {
      var phone = new Desk(pair, "phone", "none", "http://127.0.0.1:33418/callback");
      var code = phone.codeRequest(phone.code("alice", "openid offline_access"));
      var first = token(code.add("client_id", "phone").build(), Map.of(), Optional.empty());
      var proved = token(refresh(first), Map.of(), Optional.of(key));
      assertThat(proved.text("token_type")).isEqualTo("DPoP");

      assertRefused(token(refresh(first), Map.of(), stranger), "invalid_grant");
      assertRefused(token(refresh(proved), Map.of(), Optional.of(key)), "invalid_grant");
    }
  }

  private static Form refresh(Answer answer) {
    return Form.builder()
        .add("grant_type", "refresh_token")
        .add("refresh_token", answer.text("refresh_token"))
        .add("client_id", "phone")
        .build();
  }

  @Test
  @DisplayName("RFC 9449 §5: that of a confidential client is not, so that its key can change")
  void refresh_tokens_of_confidential_clients_survive_their_key() {
    var desk = new Desk(pair);
    var code = desk.codeRequest(desk.code("alice", "openid offline_access")).build();
    var first = token(code, Desk.basic("desk"), Optional.of(key));
    var refresh =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", first.text("refresh_token"))
            .build();
    var second = token(refresh, Desk.basic("desk"), Optional.of(otherKey));
    assertThat(second.status()).as(second.body()).isEqualTo(200);
    assertThat(second.text("token_type")).isEqualTo("DPoP");
  }

  @Nested
  @DisplayName("DPOP-6: a client that must prove its key gets nothing without")
  class Required {
    private final Map<String, String> client = Desk.basic("bound");

    private Desk desk() {
      return new Desk(pair, "bound", "bound-ras", Desk.CALLBACK);
    }

    @Test
    void not_for_a_code() {
      var desk = desk();
      var form = desk.codeRequest(desk.code("alice", "openid")).build();
      assertRefused(token(form, client, Optional.empty()), "invalid_dpop_proof");
      // Nor is the code used up by an attempt without the key.
      assertThat(token(form, client, Optional.of(key)).text("token_type")).isEqualTo("DPoP");
    }

    @Test
    void not_for_a_refresh_token_and_not_for_an_id_token() {
      var desk = desk();
      var code = desk.codeRequest(desk.code("alice", "openid offline_access")).build();
      var tokens = token(code, client, Optional.of(key));
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", tokens.text("refresh_token"))
              .build();
      assertRefused(token(refresh, client, Optional.empty()), "invalid_dpop_proof");
      var exchange = desk.exchangeRequest(tokens.text("id_token"), World.LINEAR).build();
      assertRefused(token(exchange, client, Optional.empty()), "invalid_dpop_proof");
      assertThat(token(exchange, client, Optional.of(key)).status()).isEqualTo(200);
    }
  }
}
