package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7517 §4 JWK: which public keys we use (KEY-1, KEY-7)")
class VerificationKeyTest {
  private static void assertRefused(JsonObject jwk, String message) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> VerificationKey.fromJwk(jwk))
        .withMessageContaining(message);
  }

  private static void assertRefused(String jwk, String message) throws MalformedException {
    assertRefused(JsonObject.parse(jwk), message);
  }

  private static JsonObject jwk(SigningAlgorithm algorithm) {
    return TestKeys.of(algorithm).publicKey().toJwk();
  }

  private static JsonObject with(JsonObject jwk, String name, String value) {
    return jwk.with(JsonObject.builder().put(name, value).build());
  }

  @ParameterizedTest
  @EnumSource
  void is_published_as_it_is_read(SigningAlgorithm algorithm) throws Exception {
    var key = VerificationKey.fromJwk(jwk(algorithm));

    assertThat(key.toJwk()).isEqualTo(jwk(algorithm));
    assertThat(key.keyId()).contains(TestKeys.of(algorithm).keyId());
    assertThat(key.algorithms()).containsExactly(algorithm);
    assertThat(key.thumbprint()).isEqualTo(TestKeys.of(algorithm).keyId()).hasSize(43);
    assertThat(key).hasToString("VerificationKey[" + key.keyId().orElseThrow() + "]");
  }

  @Test
  @DisplayName("a published key has kid, use and alg, and no private member (KEY-1)")
  void is_published_whole() {
    for (var algorithm : SigningAlgorithm.values()) {
      assertThat(jwk(algorithm).names())
          .contains("kid", "use", "alg")
          .doesNotContain("d", "p", "q", "dp", "dq", "qi", "k");
    }
  }

  @Test
  void without_alg_an_rsa_key_may_prove_both() throws Exception {
    var rsa = jwk(SigningAlgorithm.RS256);
    var bare =
        JsonObject.builder()
            .put("kty", "RSA")
            .put("n", rsa.string("n").orElseThrow())
            .put("e", "AQAB")
            .build();

    var key = VerificationKey.fromJwk(bare);

    assertThat(key.algorithms()).isEqualTo(Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256));
    assertThat(key.keyId()).isEmpty();
    assertThat(key).hasToString("VerificationKey[no kid]");
  }

  @Nested
  @DisplayName("Refused")
  class Refused {
    @ParameterizedTest
    @EnumSource
    void a_private_key(SigningAlgorithm algorithm) throws Exception {
      assertRefused(TestKeys.of(algorithm).toPrivateJwk().reveal(), "private");
    }

    @ParameterizedTest
    @DisplayName(
        "a key of the Java runtime on a curve that nobody has a name for, or off its curve")
    @ValueSource(
        strings = {
          // brainpoolP256r1, RFC 5639 §3.4: p, a, b, x, y, n
          "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377 "
              + "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9 "
              + "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6 "
              + "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262 "
              + "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997 "
              + "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
          // P-256, and a point beside it
          "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff "
              + "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc "
              + "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b "
              + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 "
              + "01 "
              + "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        })
    void a_point_or_a_curve_that_we_do_not_use(String numbers) {
      var n = Arrays.stream(numbers.split(" ")).map(hex -> new BigInteger(hex, 16)).toList();
      var curve = new EllipticCurve(new ECFieldFp(n.get(0)), n.get(1), n.get(2));
      var point = new ECPoint(n.get(3), n.get(4));
      var parameters = new ECParameterSpec(curve, point, n.get(5), 1);

      assertNotUsed(elliptic(parameters, point));
      assertNotUsed(elliptic(parameters, ECPoint.POINT_INFINITY));
    }

    @Test
    void a_key_of_the_java_runtime_for_another_algorithm() throws Exception {
      var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
      var x25519 = KeyPairGenerator.getInstance("X25519").generateKeyPair().getPublic();

      assertNotUsed(rsa);
      assertNotUsed(x25519);
      assertNotUsed(elliptic(null, ECPoint.POINT_INFINITY));
    }

    private static void assertNotUsed(PublicKey key) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> VerificationKey.of(key, SigningAlgorithm.ES256));
    }

    /// As the provider of a security module makes them, of whatever its key is.
    private static ECPublicKey elliptic(@Nullable ECParameterSpec parameters, ECPoint point) {
      return new ECPublicKey() {
        private static final long serialVersionUID = 1L;

        @Override
        public ECPoint getW() {
          return point;
        }

        @Override
        public @Nullable ECParameterSpec getParams() {
          return parameters;
        }

        @Override
        public String getAlgorithm() {
          return "EC";
        }

        @Override
        public String getFormat() {
          return "X.509";
        }

        @Override
        public byte[] getEncoded() {
          return new byte[0];
        }
      };
    }

    @Test
    void a_key_for_encryption() {
      assertRefused(with(jwk(SigningAlgorithm.ES256), "use", "enc"), "encryption");
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2040, 8200})
    void an_rsa_key_that_is_weak_or_costly(int bits) throws Exception {
      assertRefused(rsa(bits, "AQAB"), "2048 to 8192 bits");
    }

    @Test
    void an_rsa_key_with_a_costly_exponent() throws Exception {
      assertRefused(rsa(2048, "AQAAAAAAAAAB"), "small exponent");
    }

    @Test
    void nothing_at_the_edges() throws Exception {
      assertThat(VerificationKey.fromJwk(JsonObject.parse(rsa(2048, "AQAB")))).isNotNull();
      assertThat(VerificationKey.fromJwk(JsonObject.parse(rsa(8192, "AQAB")))).isNotNull();
    }

    @Test
    void a_curve_that_we_do_not_use() throws Exception {
      assertRefused(
          """
          {"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}\
          """,
          "X25519");
      assertRefused(
          """
          {"kty":"EC","crv":"P-521",
           "x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
           "y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}\
          """,
          "P-521");
    }

    @Test
    void a_point_that_is_not_on_its_curve() {
      assertRefused(
          with(jwk(SigningAlgorithm.ES256), "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"),
          "not a usable JWK");
    }

    @Test
    void an_ed25519_key_of_another_length() {
      assertRefused(with(jwk(SigningAlgorithm.EDDSA), "x", "AAAA"), "");
    }

    @Test
    void a_symmetric_key() throws Exception {
      assertRefused("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", "private");
    }

    @Test
    void a_key_for_an_algorithm_that_it_cannot_have() {
      assertRefused(with(jwk(SigningAlgorithm.ES256), "alg", "ES384"), "is for ES384 only");
      assertRefused(with(jwk(SigningAlgorithm.RS256), "alg", "RS512"), "is for RS512 only");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"kty\":1}",
          "{\"kty\":\"EC\"}",
          "{\"kty\":\"XX\"}",
          "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
          "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"\"}",
          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}"
        })
    void what_is_no_key(String jwk) throws Exception {
      assertRefused(jwk, "");
    }

    private String rsa(int bits, String exponent) {
      var modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE).toByteArray();
      // Without the sign byte.
      var start = modulus[0] == 0 ? 1 : 0;
      var n =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(Arrays.copyOfRange(modulus, start, modulus.length));
      return "{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"" + exponent + "\"}";
    }
  }
}
