package dev.lanyard.protocol.dpop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.dpop.DpopRequest.Presented;
import dev.lanyard.protocol.dpop.DpopVerdict.Absent;
import dev.lanyard.protocol.dpop.DpopVerdict.Accepted;
import dev.lanyard.protocol.dpop.DpopVerdict.Rejected;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9449 §4.3 Checking DPoP Proofs (DPOP-1)")
class DpopValidatorTest {
  private static final URI TOKEN_ENDPOINT = URI.create("https://server.example/token");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final String THUMBPRINT = KEY.publicKey().thumbprint();
  private static final DpopRequest REQUEST = DpopRequest.of("POST", TOKEN_ENDPOINT);

  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(
              KEY,
              DpopProof.TYPE,
              JsonObject.builder()
                  .put("jti", "-BwC3ESc6acc2lTc")
                  .put("htm", "POST")
                  .put("htu", TOKEN_ENDPOINT.toString())
                  .put("iat", NOW.getEpochSecond())
                  .build())
          .rawHeader("jwk", KEY.publicKey().toJwk().toJson())
          .withoutHeader("kid");

  private static DpopValidator validator(Instant now) {
    return new DpopValidator(
        Set.of(SigningAlgorithm.values()),
        DpopValidator.Window.DEFAULT,
        (thumbprint, url, id, forgetAfter) -> true,
        InstantSource.fixed(now));
  }

  private static DpopVerdict judge(UnaryOperator<SpoiltJwt> spoil, DpopRequest request) {
    return validator(NOW).judge(List.of(spoil.apply(GOOD).signedBy(KEY)), request);
  }

  private static DpopVerdict judge(UnaryOperator<SpoiltJwt> spoil) {
    return judge(spoil, REQUEST);
  }

  private static DpopProof accepted(DpopVerdict verdict) {
    assertThat(verdict).isInstanceOf(Accepted.class);
    return ((Accepted) verdict).proof();
  }

  private static void assertRejected(UnaryOperator<SpoiltJwt> spoil, Reason reason) {
    assertThat(judge(spoil)).isEqualTo(new Rejected(reason));
  }

  private static void assertMalformed(UnaryOperator<SpoiltJwt> spoil) {
    assertThat(judge(spoil))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.Malformed.class));
  }

  @Test
  void accepts_what_is_good() {
    var proof = accepted(judge(jwt -> jwt));

    assertThat(proof.thumbprint()).isEqualTo(THUMBPRINT);
    assertThat(proof.id()).isEqualTo("-BwC3ESc6acc2lTc");
    assertThat(proof.issuedAt()).isEqualTo(NOW);
    assertThat(proof).hasToString("DpopProof[" + THUMBPRINT + "]");
  }

  @Nested
  @DisplayName("1. There is not more than one DPoP HTTP request header field")
  class OneHeader {
    @Test
    void none_at_all_is_for_the_caller_to_judge() {
      assertThat(validator(NOW).judge(List.of(), REQUEST)).isEqualTo(new Absent());
    }

    @Test
    void rejects_two() {
      var proof = GOOD.signedBy(KEY);

      assertThat(validator(NOW).judge(List.of(proof, proof), REQUEST))
          .isEqualTo(new Rejected(new Reason.SeveralProofs(2)));
    }
  }

  @Nested
  @DisplayName("2. The value is a single and well-formed JWT")
  class WellFormed {
    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "a.b.c", "e30.e30.AA", "eyJhbGciOiJub25lIn0.e30."})
    void rejects_what_is_not(String header) {
      assertThat(validator(NOW).judge(List.of(header), REQUEST))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected ->
                  assertThat(rejected.reason())
                      .isInstanceOfAny(Reason.Malformed.class, Reason.WrongType.class));
    }

    @Test
    void rejects_two_joined_by_a_comma() {
      var proof = GOOD.signedBy(KEY);

      assertThat(validator(NOW).judge(List.of(proof + ", " + proof), REQUEST))
          .isInstanceOf(Rejected.class);
    }
  }

  @Nested
  @DisplayName("3. All required claims are contained in the JWT")
  class RequiredClaims {
    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu", "iat"})
    void rejects_a_proof_without(String name) {
      assertRejected(jwt -> jwt.without(name), new Reason.MissingClaim(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu", "nonce", "ath"})
    void rejects_a_number_where_a_text_belongs(String name) {
      assertMalformed(jwt -> jwt.claim(name, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu"})
    void rejects_an_empty_text(String name) {
      assertMalformed(jwt -> jwt.claim(name, ""));
    }

    @Test
    void rejects_a_text_where_a_time_belongs() {
      assertMalformed(jwt -> jwt.claim("iat", "now"));
    }
  }

  @Nested
  @DisplayName("4. The typ JOSE Header Parameter has the value dpop+jwt")
  class Type {
    @Test
    void rejects_any_other() {
      assertRejected(jwt -> jwt.header("typ", "JWT"), new Reason.WrongType(Optional.of("jwt")));
    }

    @Test
    void rejects_none() {
      assertRejected(jwt -> jwt.withoutHeader("typ"), new Reason.WrongType(Optional.empty()));
    }
  }

  @Nested
  @DisplayName("5. The alg is asymmetric, not none, supported and acceptable per local policy")
  class Algorithm {
    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "ES512", "es256"})
    void rejects_what_is_not(String algorithm) {
      assertRejected(
          jwt -> jwt.header("alg", algorithm),
          new Reason.NotAuthentic(new Fault.AlgorithmNotAllowed(algorithm)));
    }

    @Test
    void rejects_what_policy_does_not_allow() {
      var strict =
          new DpopValidator(
              Set.of(SigningAlgorithm.PS256),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> true,
              InstantSource.fixed(NOW));

      assertThat(strict.judge(List.of(GOOD.signedBy(KEY)), REQUEST))
          .isEqualTo(new Rejected(new Reason.NotAuthentic(new Fault.AlgorithmNotAllowed("ES256"))));
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void accepts_a_proof_of_every_algorithm(SigningAlgorithm algorithm) {
      var key = TestKeys.of(algorithm);
      var signer = new DpopSigner(key, InstantSource.fixed(NOW), new SecureRandom());

      var proof = signer.proof("POST", TOKEN_ENDPOINT, Optional.empty());

      assertThat(accepted(validator(NOW).judge(List.of(proof), REQUEST)).thumbprint())
          .isEqualTo(signer.thumbprint())
          .isEqualTo(key.publicKey().thumbprint());
    }
  }

  @Nested
  @DisplayName("6. The JWT signature verifies with the public key in the jwk header")
  class Signature {
    @Test
    void rejects_the_signature_of_another_key() {
      var other = SigningKey.generate(SigningAlgorithm.ES256);

      assertThat(validator(NOW).judge(List.of(GOOD.signedBy(other)), REQUEST))
          .isEqualTo(
              new Rejected(new Reason.NotAuthentic(new Fault.BadSignature(Optional.empty()))));
    }

    @Test
    void rejects_a_proof_without_key() {
      assertMalformed(jwt -> jwt.withoutHeader("jwk"));
    }

    @Test
    void takes_the_key_in_the_proof_whatever_kid_it_names() {
      accepted(judge(jwt -> jwt.header("kid", "anything")));
    }

    @Test
    void rejects_a_key_of_another_kind_than_alg() {
      var rsa = TestKeys.of(SigningAlgorithm.RS256).publicKey().toJwk().toJson();

      assertRejected(
          jwt -> jwt.rawHeader("jwk", rsa),
          new Reason.NotAuthentic(new Fault.UnknownKey(Optional.empty())));
    }
  }

  @Nested
  @DisplayName("7. The jwk header does not contain a private key")
  class PublicOnly {
    @Test
    void rejects_a_private_key() {
      assertMalformed(jwt -> jwt.rawHeader("jwk", KEY.toPrivateJwk().reveal()));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"\"text\"", "{}", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"EC\"}"})
    void rejects_what_is_no_public_key(String jwk) {
      assertMalformed(jwt -> jwt.rawHeader("jwk", jwk));
    }
  }

  @Nested
  @DisplayName("8. The htm claim matches the HTTP method of the request")
  class Method {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "post"})
    void rejects_any_other(String method) {
      assertRejected(jwt -> jwt.claim("htm", method), new Reason.WrongMethod("POST", method));
    }
  }

  @Nested
  @DisplayName("9. The htu claim matches the URI of the request, ignoring query and fragment")
  class Url {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://server.example/token?x=1",
          "https://server.example/token#f",
          "HTTPS://SERVER.example:443/token",
          "https://server.example/a/../token",
          "https://server.example/%74oken"
        })
    void accepts_another_spelling_of_the_same(String htu) {
      accepted(judge(jwt -> jwt.claim("htu", htu)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://server.example/Token",
          "https://server.example/token/",
          "https://server.example/",
          "http://server.example/token",
          "https://other.example/token",
          "https://server.example:8443/token"
        })
    void rejects_another_target(String htu) {
      assertRejected(
          jwt -> jwt.claim("htu", htu), new Reason.WrongUrl(TOKEN_ENDPOINT.toString(), htu));
    }

    @Test
    void compares_with_the_request_without_its_query() {
      var request = DpopRequest.of("POST", URI.create("https://server.example/token?x=1"));

      accepted(judge(jwt -> jwt, request));
    }

    @ParameterizedTest
    @DisplayName("the request itself has an absolute URL: whoever asks has a configured one")
    @ValueSource(strings = {"/token", "//h/token", "https:///token", "https://h*", "mailto:a@b"})
    void a_request_without_a_host_cannot_be_made(String url) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DpopRequest.of("POST", URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "not a url", "https://u@server.example/token", "mailto:a@b"})
    void rejects_what_is_no_absolute_url(String htu) {
      assertMalformed(jwt -> jwt.claim("htu", htu));
    }
  }

  @Nested
  @DisplayName("10. If the server provided a nonce, the nonce claim matches it")
  class Nonce {
    private final DpopRequest demanding = REQUEST.demanding(Set.of("n1", "n2"));

    @Test
    void accepts_any_nonce_that_is_good_now() {
      accepted(judge(jwt -> jwt.claim("nonce", "n1"), demanding));
      accepted(judge(jwt -> jwt.claim("nonce", "n2"), demanding));
    }

    @Test
    void rejects_another() {
      assertThat(judge(jwt -> jwt.claim("nonce", "n0"), demanding))
          .isEqualTo(new Rejected(new Reason.WrongNonce(true)));
    }

    @Test
    void rejects_none() {
      assertThat(judge(jwt -> jwt, demanding))
          .isEqualTo(new Rejected(new Reason.WrongNonce(false)));
    }

    @Test
    void ignores_a_nonce_that_was_not_demanded() {
      accepted(judge(jwt -> jwt.claim("nonce", "n0")));
    }
  }

  @Nested
  @DisplayName("11. The creation time of the JWT is within an acceptable window")
  class Window {
    @Test
    void accepts_at_the_edges_and_rejects_one_second_beyond() {
      var oldest = NOW.minusSeconds(90);
      var newest = NOW.plusSeconds(30);

      accepted(judge(jwt -> jwt.claim("iat", oldest.getEpochSecond())));
      accepted(judge(jwt -> jwt.claim("iat", newest.getEpochSecond())));
      assertOutside(oldest.minusSeconds(1));
      assertOutside(newest.plusSeconds(1));
    }

    private void assertOutside(Instant issuedAt) {
      assertRejected(
          jwt -> jwt.claim("iat", issuedAt.getEpochSecond()),
          new Reason.OutsideWindow(issuedAt, NOW, Duration.ofMinutes(1)));
    }

    @Test
    void has_bounds() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new DpopValidator.Window(Duration.ZERO, ClockSkew.DEFAULT));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new DpopValidator.Window(Duration.ofSeconds(601), ClockSkew.DEFAULT));
      assertThat(new DpopValidator.Window(Duration.ofMinutes(10), ClockSkew.DEFAULT).maxAge())
          .hasMinutes(10);
    }
  }

  @Nested
  @DisplayName("12. With an access token: ath is its hash, and its key is the proof's")
  class WithAccessToken {
    private static final Secret TOKEN = new Secret("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    // The example of RFC 9449 §7.1.
    private static final String ATH = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

    private final DpopRequest request = REQUEST.with(new Presented(TOKEN, THUMBPRINT));

    @Test
    void accepts_the_hash_of_the_token() {
      accepted(judge(jwt -> jwt.claim("ath", ATH), request));
    }

    @Test
    void rejects_the_hash_of_another() {
      assertThat(judge(jwt -> jwt.claim("ath", THUMBPRINT), request))
          .isEqualTo(new Rejected(new Reason.WrongTokenHash(true)));
    }

    @Test
    void rejects_a_proof_without_hash() {
      assertThat(judge(jwt -> jwt, request))
          .isEqualTo(new Rejected(new Reason.WrongTokenHash(false)));
    }

    @Test
    void rejects_the_key_of_another_holder() {
      var foreign = REQUEST.with(new Presented(TOKEN, "other"));

      assertThat(judge(jwt -> jwt.claim("ath", ATH), foreign))
          .isEqualTo(new Rejected(new Reason.WrongKey("other", THUMBPRINT)));
    }

    @Test
    void keeps_a_demanded_nonce() {
      var demanding = REQUEST.demanding(Set.of("n1")).with(new Presented(TOKEN, THUMBPRINT));

      assertThat(judge(jwt -> jwt.claim("ath", ATH), demanding))
          .isEqualTo(new Rejected(new Reason.WrongNonce(false)));
    }

    @Test
    void our_client_makes_such_a_proof() {
      var signer = new DpopSigner(KEY, InstantSource.fixed(NOW), new SecureRandom());
      var proof = signer.proof("POST", TOKEN_ENDPOINT, Optional.of("n1"), TOKEN);

      accepted(validator(NOW).judge(List.of(proof), request.demanding(Set.of("n1"))));
    }
  }

  @Nested
  @DisplayName("§11.1 A proof is used once within its window (DPOP-3)")
  class Replay {
    @Test
    void is_asked_with_everything_that_makes_a_proof_unique() {
      var asked = new ArrayList<String>();
      var validator =
          new DpopValidator(
              Set.of(SigningAlgorithm.ES256),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) ->
                  asked.add(thumbprint + " " + url + " " + id + " " + forgetAfter),
              InstantSource.fixed(NOW));

      accepted(validator.judge(List.of(GOOD.signedBy(KEY)), REQUEST));

      assertThat(asked)
          .containsExactly(
              THUMBPRINT + " https://server.example/token -BwC3ESc6acc2lTc " + NOW.plusSeconds(91));
    }

    @Test
    void rejects_what_was_used_before() {
      var validator =
          new DpopValidator(
              Set.of(SigningAlgorithm.ES256),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> false,
              InstantSource.fixed(NOW));

      assertThat(validator.judge(List.of(GOOD.signedBy(KEY)), REQUEST))
          .isEqualTo(new Rejected(new Reason.Replayed("-BwC3ESc6acc2lTc")));
    }

    @Test
    void does_not_remember_a_proof_that_is_wrong() {
      var validator =
          new DpopValidator(
              Set.of(SigningAlgorithm.ES256),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> {
                throw new AssertionError("a wrong proof was recorded");
              },
              InstantSource.fixed(NOW));

      assertThat(validator.judge(List.of(GOOD.claim("htm", "GET").signedBy(KEY)), REQUEST))
          .isInstanceOf(Rejected.class);
    }

    @Test
    void our_client_makes_a_fresh_one_every_time() {
      var signer = new DpopSigner(KEY, InstantSource.fixed(NOW), new SecureRandom());

      var first = accepted(validator(NOW).judge(List.of(proof(signer)), REQUEST));
      var second = accepted(validator(NOW).judge(List.of(proof(signer)), REQUEST));

      assertThat(first.id()).isNotEqualTo(second.id()).hasSize(22);
    }

    private static String proof(DpopSigner signer) {
      return signer.proof("POST", TOKEN_ENDPOINT, Optional.empty());
    }
  }
}
