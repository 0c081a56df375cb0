package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.jose.Verification.Verified;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Private keys that we sign with")
class SigningKeyTest {
  private static final JsonObject CLAIMS = JsonObject.builder().put("sub", "p-1").build();

  @ParameterizedTest
  @EnumSource
  void sign_the_same_after_being_stored(SigningAlgorithm algorithm) throws Exception {
    var key = TestKeys.of(algorithm);
    var restored = SigningKey.fromPrivateJwk(key.toPrivateJwk());

    assertThat(restored.keyId()).isEqualTo(key.keyId());
    assertThat(restored.algorithm()).isEqualTo(algorithm);
    var jwt = UnverifiedJwt.parse(new JwtSigner(restored, "at+jwt").sign(CLAIMS));
    assertThat(new JwtVerifier(TestKeys.published(key), Set.of(algorithm)).verify(jwt))
        .isInstanceOf(Verified.class);
  }

  @Test
  @DisplayName("show nothing when printed (SEC-10)")
  void show_nothing() {
    var key = TestKeys.of(SigningAlgorithm.ES256);

    assertThat(key).hasToString("SigningKey[" + key.keyId() + "]");
    assertThat(key.toPrivateJwk()).hasToString("Secret[hidden]");
  }

  @Test
  void have_3072_bits_when_they_are_rsa() throws Exception {
    var modulus = TestKeys.of(SigningAlgorithm.PS256).publicKey().toJwk().string("n").orElseThrow();

    assertThat(Base64.getUrlDecoder().decode(modulus)).hasSize(384);
  }

  @Test
  void name_their_type_and_key_in_every_token() throws Exception {
    var key = TestKeys.of(SigningAlgorithm.ES256);
    var signer = new JwtSigner(key, "at+jwt");
    var jwt = UnverifiedJwt.parse(signer.sign(CLAIMS));

    assertThat(signer.key()).isSameAs(key);
    assertThat(jwt.unverifiedType()).contains("at+jwt");
    assertThat(jwt.unverifiedKeyId()).contains(key.keyId());
    assertThat(jwt.unverifiedAlgorithm()).isEqualTo("ES256");
    assertThat(jwt.unverifiedClaims().all()).isEqualTo(CLAIMS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"a\",\"alg\":\"HS256\"}"
      })
  void are_not_read_from_what_is_none(String jwk) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> SigningKey.fromPrivateJwk(new Secret(jwk)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kid", "alg", "d"})
  void are_not_read_without(String member) throws Exception {
    var jwk = JsonObject.parse(TestKeys.of(SigningAlgorithm.ES256).toPrivateJwk().reveal());
    var rest = JsonObject.builder();
    for (var name : jwk.names()) {
      if (!name.equals(member)) {
        rest.put(name, jwk.string(name).orElseThrow());
      }
    }

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> SigningKey.fromPrivateJwk(new Secret(rest.build().toJson())));
  }

  @Test
  void are_not_read_for_an_algorithm_that_they_cannot_have() throws Exception {
    var jwk = JsonObject.parse(TestKeys.of(SigningAlgorithm.ES256).toPrivateJwk().reveal());

    for (var algorithm : new String[] {"RS256", "ES384", "HS256", "ES512"}) {
      var wrong = jwk.with(JsonObject.builder().put("alg", algorithm).build());
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> SigningKey.fromPrivateJwk(new Secret(wrong.toJson())));
    }
  }
}
