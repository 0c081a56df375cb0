package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.crypto.impl.ECDSA;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.jose.Verification.Refused;
import dev.lanyard.protocol.jose.Verification.Undecided;
import dev.lanyard.protocol.jose.Verification.Verified;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8725 §3 Best Practices (SEC-1, KEY-4, KEY-5)")
class JwtVerifierTest {
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final JsonObject CLAIMS = JsonObject.builder().put("sub", "p-1").build();
  private static final SpoiltJwt GOOD = SpoiltJwt.good(KEY, "at+jwt", CLAIMS);

  private static Verification verify(String jwt) throws MalformedException {
    return verify(jwt, TestKeys.published(KEY));
  }

  private static Verification verify(String jwt, KeySource keys) throws MalformedException {
    return new JwtVerifier(keys, EnumSet.allOf(SigningAlgorithm.class))
        .verify(UnverifiedJwt.parse(jwt));
  }

  private static Refused refused(Fault fault) {
    return new Refused(fault);
  }

  private static final Fault BAD_SIGNATURE = new Fault.BadSignature(Optional.of(KEY.keyId()));

  @Nested
  @DisplayName("Every algorithm that we sign with")
  class RoundTrip {
    @ParameterizedTest
    @EnumSource
    void verifies_its_own_signature(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var jwt = new JwtSigner(key, "at+jwt").sign(CLAIMS);

      assertThat(verify(jwt, TestKeys.published(key)))
          .isInstanceOfSatisfying(
              Verified.class,
              verified -> {
                assertThat(verified.jwt().claims().subject()).contains("p-1");
                assertThat(verified.jwt().type()).contains("at+jwt");
                assertThat(verified.jwt().revealCompact()).isEqualTo(jwt);
                assertThat(verified.jwt()).hasToString("VerifiedJwt[at+jwt]");
              });
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_changed_claim(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var parts = new JwtSigner(key, "at+jwt").sign(CLAIMS).split("\\.");
      var changed =
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes("{\"sub\":\"p-2\"}"));

      assertThat(verify(parts[0] + "." + changed + "." + parts[2], TestKeys.published(key)))
          .isEqualTo(refused(new Fault.BadSignature(Optional.of(key.keyId()))));
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_changed_header(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var parts = new JwtSigner(key, "at+jwt").sign(CLAIMS).split("\\.");
      var other = new JwtSigner(key, "JWT").sign(CLAIMS).split("\\.");

      assertThat(verify(other[0] + "." + parts[1] + "." + parts[2], TestKeys.published(key)))
          .isEqualTo(refused(new Fault.BadSignature(Optional.of(key.keyId()))));
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_signature_that_is_cut_or_longer(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var jwt = SpoiltJwt.good(key, "at+jwt", CLAIMS);
      var parts = jwt.signedBy(key).split("\\.");
      var signature = Base64.getUrlDecoder().decode(parts[2]);

      for (int length : new int[] {1, signature.length - 1, signature.length + 1}) {
        assertThat(
                verify(jwt.signedWith(Arrays.copyOf(signature, length)), TestKeys.published(key)))
            .isEqualTo(refused(new Fault.BadSignature(Optional.of(key.keyId()))));
      }
    }
  }

  @Nested
  @DisplayName("§3.1 Perform Algorithm Verification")
  class Algorithm {
    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "ES256K", "ES512", "es256", ""})
    void refuses_what_is_no_asymmetric_algorithm_of_ours(String algorithm) throws Exception {
      assertThat(verify(GOOD.header("alg", algorithm).signedBy(KEY)))
          .isEqualTo(refused(new Fault.AlgorithmNotAllowed(algorithm)));
    }

    @Test
    void refuses_an_hmac_with_the_public_key_as_its_secret() throws Exception {
      var unsigned = GOOD.header("alg", "HS256").signedWith(new byte[] {1});
      var input = unsigned.substring(0, unsigned.lastIndexOf('.'));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(KEY.publicKey().toJwk().toJson()), "HmacSHA256"));
      var forged = GOOD.header("alg", "HS256").signedWith(mac.doFinal(bytes(input)));

      assertThat(verify(forged)).isEqualTo(refused(new Fault.AlgorithmNotAllowed("HS256")));
    }

    @Test
    void refuses_one_that_is_not_allowed_here() throws Exception {
      var verifier = new JwtVerifier(TestKeys.published(KEY), Set.of(SigningAlgorithm.EDDSA));

      assertThat(verifier.verify(UnverifiedJwt.parse(GOOD.signedBy(KEY))))
          .isEqualTo(refused(new Fault.AlgorithmNotAllowed("ES256")));
    }

    @Test
    void refuses_one_that_does_not_fit_the_key() throws Exception {
      assertThat(verify(GOOD.header("alg", "RS256").signedBy(KEY)))
          .isEqualTo(refused(new Fault.UnknownKey(Optional.of(KEY.keyId()))));
    }

    @Test
    void a_key_for_rs256_proves_no_ps256() throws Exception {
      var rsa = TestKeys.of(SigningAlgorithm.RS256);
      var jwt = SpoiltJwt.good(rsa, "at+jwt", CLAIMS).header("alg", "PS256").signedBy(rsa);

      assertThat(verify(jwt, TestKeys.published(rsa)))
          .isEqualTo(refused(new Fault.UnknownKey(Optional.of(rsa.keyId()))));
    }

    @Test
    void a_verifier_that_allows_nothing_is_a_mistake() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JwtVerifier(TestKeys.published(KEY), Set.of()));
    }
  }

  @Nested
  @DisplayName("§3.3 Validate All Cryptographic Operations")
  class Signatures {
    @Test
    void refuses_the_signature_of_zeros_that_some_runtimes_took_for_valid() throws Exception {
      assertThat(verify(GOOD.signedWith(new byte[64]))).isEqualTo(refused(BAD_SIGNATURE));
    }

    @Test
    void refuses_a_signature_in_der() throws Exception {
      var jwt = GOOD.signedBy(KEY);
      var raw = Base64.getUrlDecoder().decode(jwt.substring(jwt.lastIndexOf('.') + 1));
      var der = ECDSA.transcodeSignatureToDER(raw);

      assertThat(verify(GOOD.signedWith(der))).isEqualTo(refused(BAD_SIGNATURE));
    }

    @Test
    void refuses_the_signature_of_another_key_under_the_same_kid() throws Exception {
      assertThat(verify(GOOD.signedBy(SigningKey.generate(SigningAlgorithm.ES256))))
          .isEqualTo(refused(BAD_SIGNATURE));
    }
  }

  @Nested
  @DisplayName("§3.10 Do Not Trust Received Claims: keys are never taken from the token (KEY-4)")
  class ForeignKeys {
    private final SigningKey attacker = SigningKey.generate(SigningAlgorithm.ES256);

    @Test
    void refuses_the_key_in_the_header() throws Exception {
      var jwt =
          GOOD.rawHeader("jwk", attacker.publicKey().toJwk().toJson())
              .header("kid", attacker.keyId())
              .signedBy(attacker);

      assertThat(verify(jwt))
          .isEqualTo(refused(new Fault.UnknownKey(Optional.of(attacker.keyId()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u"})
    void fetches_nothing_that_the_header_names(String header) throws Exception {
      var jwt = GOOD.header(header, "https://evil.example/keys").signedBy(attacker);

      assertThat(verify(jwt)).isEqualTo(refused(BAD_SIGNATURE));
      assertThat(verify(GOOD.header(header, "https://evil.example/keys").signedBy(KEY)))
          .isInstanceOf(Verified.class);
    }
  }

  @Nested
  @DisplayName("RFC 7515 §4.1.11: an extension that is not understood MUST be refused")
  class Critical {
    @ParameterizedTest
    @ValueSource(strings = {"[\"exp\"]", "[]", "[\"b64\"]", "1"})
    void refuses_every_crit(String crit) throws Exception {
      assertThat(verify(GOOD.rawHeader("crit", crit).signedBy(KEY)))
          .isEqualTo(refused(new Fault.CriticalHeader()));
    }

    @Test
    void refuses_an_unencoded_payload() throws Exception {
      assertThat(verify(GOOD.rawHeader("b64", "false").signedBy(KEY)))
          .isEqualTo(refused(new Fault.CriticalHeader()));
    }
  }

  @Nested
  @DisplayName("Which key is chosen (KEY-5)")
  class Keys {
    @Test
    void without_kid_every_key_of_the_algorithm_is_tried() throws Exception {
      var other = SigningKey.generate(SigningAlgorithm.ES256);

      assertThat(verify(GOOD.withoutHeader("kid").signedBy(KEY), TestKeys.published(other, KEY)))
          .isInstanceOf(Verified.class);
    }

    @Test
    void keys_of_one_name_are_told_apart_by_their_algorithm() throws Exception {
      var rsa = renamed(TestKeys.of(SigningAlgorithm.RS256).publicKey());
      var ec = renamed(KEY.publicKey());

      assertThat(
              verify(GOOD.header("kid", "same").signedBy(KEY), new PublicKeySet(List.of(rsa, ec))))
          .isInstanceOf(Verified.class);
    }

    private VerificationKey renamed(VerificationKey key) throws Exception {
      return VerificationKey.fromJwk(
          key.toJwk().with(JsonObject.builder().put("kid", "same").build()));
    }

    @Test
    void an_outage_is_no_refusal() throws Exception {
      assertThat(
              verify(
                  GOOD.signedBy(KEY),
                  (keyId, algorithm) -> new KeySource.Lookup.Unavailable("timeout")))
          .isEqualTo(new Undecided("timeout"));
    }
  }

  @Nested
  @DisplayName("Published examples")
  class Examples {
    @Test
    @DisplayName("RFC 7515 Appendix A.3: ES256")
    void rfc_7515_es256() throws Exception {
      var key =
          VerificationKey.fromJwk(
              JsonObject.parse(
                  """
                  {"kty":"EC","crv":"P-256",
                   "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                   "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}\
                  """));
      var jwt =
          "eyJhbGciOiJFUzI1NiJ9"
              + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
              + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
              + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
              + "pmWQxfKTUJqPP3-Kg6NU1Q";

      assertThat(verify(jwt, new PublicKeySet(List.of(key))))
          .isInstanceOfSatisfying(
              Verified.class,
              verified -> assertThat(verified.jwt().claims().issuer()).contains("joe"));
    }

    @Test
    @DisplayName("RFC 7638 §3.1: thumbprint")
    void rfc_7638_thumbprint() throws Exception {
      var key =
          VerificationKey.fromJwk(
              JsonObject.parse(
                  """
                  {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAt\
                  VT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9\
                  yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0z\
                  gdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XP\
                  ksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256",\
                  "kid":"2011-04-29"}\
                  """));

      assertThat(key.thumbprint()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    @DisplayName("RFC 8037 Appendix A.3: thumbprint of an Ed25519 key")
    void rfc_8037_thumbprint() throws Exception {
      var key =
          VerificationKey.fromJwk(
              JsonObject.parse(
                  """
                  {"kty":"OKP","crv":"Ed25519",
                   "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}\
                  """));

      assertThat(key.thumbprint()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
