package dev.lanyard.protocol.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7515 §7.1 JWS Compact Serialization, and nothing but it (SEC-1)")
class UnverifiedJwtTest {
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);

  private static UnverifiedJwt of(String header, String claims) throws MalformedException {
    return UnverifiedJwt.parse(SpoiltJwt.of(header, claims, KEY));
  }

  private static void assertMalformed(String jwt, String message) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> UnverifiedJwt.parse(jwt))
        .withMessageContaining(message);
  }

  private static void assertMalformed(String header, String claims, String message) {
    assertMalformed(SpoiltJwt.of(header, claims, KEY), message);
  }

  @Test
  void says_what_the_sender_wrote() throws Exception {
    var jwt =
        of(
            "{\"alg\":\"x\",\"typ\":\"JWT\",\"kid\":\"k\"}",
            """
            {"iss":"i","sub":"s","aud":["a","b"],"exp":3,"iat":1.9,"nbf":2,"jti":"j","more":true}\
            """);

    assertThat(jwt.unverifiedAlgorithm()).isEqualTo("x");
    assertThat(jwt.unverifiedType()).contains("jwt");
    assertThat(jwt.unverifiedKeyId()).contains("k");
    var claims = jwt.unverifiedClaims();
    assertThat(claims.issuer()).contains("i");
    assertThat(claims.subject()).contains("s");
    assertThat(claims.audience()).containsExactly("a", "b");
    assertThat(claims.expiresAt()).contains(Instant.ofEpochSecond(3));
    assertThat(claims.issuedAt()).contains(Instant.ofEpochSecond(1));
    assertThat(claims.notBefore()).contains(Instant.ofEpochSecond(2));
    assertThat(claims.id()).contains("j");
    assertThat(claims.all().names()).contains("more");
  }

  @Test
  void leaves_empty_what_the_sender_did_not_write() throws Exception {
    var jwt = of("{\"alg\":\"x\"}", "{}");

    assertThat(jwt.unverifiedType()).isEmpty();
    assertThat(jwt.unverifiedKeyId()).isEmpty();
    assertThat(jwt.unverifiedClaims().audience()).isEmpty();
    assertThat(jwt.unverifiedClaims().expiresAt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "JWT, jwt",
    "at+jwt, at+jwt",
    "application/at+jwt, at+jwt",
    "APPLICATION/AT+JWT, at+jwt",
    "text/at+jwt, text/at+jwt"
  })
  @DisplayName("§4.1.9 the prefix application/ may be left out of typ")
  void normalises_the_type(String written, String read) throws Exception {
    assertThat(of("{\"alg\":\"x\",\"typ\":\"" + written + "\"}", "{}").unverifiedType())
        .contains(read);
  }

  @Test
  @DisplayName("shows neither token nor claims when printed (SEC-10)")
  void shows_nothing() throws Exception {
    var jwt = of("{\"alg\":\"x\",\"typ\":\"JWT\"}", "{\"sub\":\"jane\"}");

    assertThat(jwt).hasToString("UnverifiedJwt[jwt]");
    assertThat(jwt.unverifiedClaims()).hasToString("JwtClaims[sub]");
    assertThat(of("{\"alg\":\"x\"}", "{}")).hasToString("UnverifiedJwt[no typ]");
  }

  @Nested
  @DisplayName("The three parts")
  class Parts {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "e30.e30", "e30.e30.AA.AA", "e30.e30.AA.AA.AA", "..."})
    void must_be_three(String jwt) {
      assertMalformed(jwt, "three parts");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {".e30.AA", "e30..AA", "e30.e30.", "e30=.e30.AA", "e30.e30.AA==", "e30.e30.A"})
    void must_be_there_and_unpadded(String jwt) {
      assertMalformed(jwt, "empty, padded or cut off");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"e3+0.e30.AA", "e30.e/30.AA", "e30.e30.A A", "e30.e30.\nAAA", "é.e30.AA"})
    void must_be_base64url(String jwt) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> UnverifiedJwt.parse(jwt));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AB", "AAB", "Af", "AA_"})
    @DisplayName("have one spelling only: bits that decode to nothing must be zero")
    void must_be_canonical(String signature) {
      var good = SpoiltJwt.of("{\"alg\":\"x\"}", "{}", KEY);

      assertMalformed(good.substring(0, good.lastIndexOf('.') + 1) + signature, "cut off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQ", "Ag", "AAE", "AA8", "AAAB"})
    void may_end_in_every_way_that_is_canonical(String signature) throws Exception {
      var good = SpoiltJwt.of("{\"alg\":\"x\"}", "{}", KEY);

      assertThat(UnverifiedJwt.parse(good.substring(0, good.lastIndexOf('.') + 1) + signature))
          .isNotNull();
    }

    @Test
    void together_may_have_16384_characters_and_no_more() throws Exception {
      var frame = SpoiltJwt.of("{\"alg\":\"x\"}", "{}", KEY);
      var head = frame.substring(0, frame.lastIndexOf('.') + 1);
      // A multiple of four characters is canonical whatever they are.
      var room = UnverifiedJwt.MAX_LENGTH - head.length();
      var fits = head + "A".repeat(room - room % 4);

      assertThat(UnverifiedJwt.parse(fits)).isNotNull();
      assertMalformed(head + "A".repeat(room + 1), "longer than 16384");
    }
  }

  @Nested
  @DisplayName("Header and claims are strict JSON objects")
  class StrictJson {
    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "", "{", "{\"alg\":\"a\",\"alg\":\"b\"}"})
    void in_the_header(String header) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> of(header, "{}"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"[]", "", "{} {}", "{\"sub\":\"a\",\"sub\":\"b\"}", "{\"a\":{\"b\":1,\"b\":2}}"})
    void in_the_claims(String claims) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> of("{\"alg\":\"x\"}", claims));
    }

    @Test
    void alg_is_required() {
      assertMalformed("{\"typ\":\"JWT\"}", "{}", "'alg'");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{\"alg\":1}", "{\"alg\":\"x\",\"typ\":1}", "{\"alg\":\"x\",\"kid\":1}"})
    void header_values_are_texts(String header) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> of(header, "{}"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"iss\":1}",
          "{\"sub\":null}",
          "{\"aud\":1}",
          "{\"aud\":[1]}",
          "{\"exp\":\"1\"}",
          "{\"exp\":-1}",
          "{\"exp\":253402300800}",
          "{\"exp\":1e300}",
          "{\"iat\":true}",
          "{\"nbf\":{}}",
          "{\"jti\":[]}"
        })
    void registered_claims_have_their_types(String claims) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> of("{\"alg\":\"x\"}", claims));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"sub", "jti", "sid", "txn"})
    @DisplayName("identifiers become keys of a database: 1,024 octets and no more")
    void identifiers_have_an_end(String name) throws Exception {
      var longest = "ü".repeat(512);

      assertThat(claims(name, longest).string(name)).contains(longest);
      assertMalformed(
          "{\"alg\":\"x\"}",
          "{\"%s\":\"%s.\"}".formatted(name, longest),
          "'" + name + "' is longer than 1024 octets");
    }

    private static JsonObject claims(String name, String value) throws MalformedException {
      return of("{\"alg\":\"x\"}", "{\"%s\":\"%s\"}".formatted(name, value))
          .unverifiedClaims()
          .all();
    }

    @Test
    void the_last_second_of_9999_is_a_date() throws Exception {
      assertThat(of("{\"alg\":\"x\"}", "{\"exp\":253402300799}").unverifiedClaims().expiresAt())
          .contains(Instant.parse("9999-12-31T23:59:59Z"));
    }
  }

  @Nested
  @DisplayName("The key in the header is for DPoP proofs only (KEY-4)")
  class SelfAsserted {
    @Test
    void is_read_when_it_is_public() throws Exception {
      var jwk = KEY.publicKey().toJwk().toJson();

      assertThat(of("{\"alg\":\"ES256\",\"jwk\":" + jwk + "}", "{}").selfAssertedKey().thumbprint())
          .isEqualTo(KEY.publicKey().thumbprint());
    }

    @Test
    void must_be_there() throws Exception {
      var jwt = of("{\"alg\":\"ES256\"}", "{}");

      assertThatExceptionOfType(MalformedException.class).isThrownBy(jwt::selfAssertedKey);
    }

    @Test
    void is_written_by_a_signer_that_says_so() throws Exception {
      var jwt =
          UnverifiedJwt.parse(
              JwtSigner.withSelfAssertedKey(KEY, "dpop+jwt").sign(JsonObject.EMPTY));

      assertThat(jwt.selfAssertedKey().thumbprint()).isEqualTo(KEY.publicKey().thumbprint());
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() ->
              UnverifiedJwt.parse(new JwtSigner(KEY, "at+jwt").sign(JsonObject.EMPTY))
                  .selfAssertedKey());
    }
  }
}
