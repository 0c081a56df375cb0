package dev.lanyard.protocol.idtoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Accepted;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Rejected;
import dev.lanyard.protocol.idtoken.IdTokenVerdict.Undecided;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("OpenID Connect Core §3.1.3.7 ID Token Validation (IDP-13)")
class IdTokenValidatorTest {
  private static final Issuer OP = new Issuer("https://op.example");
  private static final ClientId CLIENT = new ClientId("s6BhdRkqt3");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final Limits LIMITS = new Limits(ClockSkew.DEFAULT, Duration.ofHours(8));

  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(
          KEY,
          IdToken.TYPE,
          JsonObject.builder()
              .put("iss", OP.value())
              .put("sub", "248289761001")
              .put("aud", CLIENT.value())
              .put("nonce", "n-0S6_WzA2Mj")
              .put("sid", "08a5019c")
              .put("email", "jane@acme.example")
              .put("email_verified", true)
              .put("auth_time", NOW.minusSeconds(5).getEpochSecond())
              .put("acr", "phr")
              .put("amr", List.of("mfa"))
              .put("iat", NOW.getEpochSecond())
              .put("exp", NOW.plusSeconds(3600).getEpochSecond())
              .build());

  private static IdTokenValidator validator(KeySource keys, Instant now) {
    return new IdTokenValidator(
        new TrustedIssuer(OP, keys, Set.of(SigningAlgorithm.ES256)),
        LIMITS,
        InstantSource.fixed(now));
  }

  private static IdTokenVerdict judgeAt(Instant now, UnaryOperator<SpoiltJwt> spoil) {
    return validator(TestKeys.published(KEY), now)
        .judge(spoil.apply(GOOD).signedBy(KEY), CLIENT, "n-0S6_WzA2Mj");
  }

  private static IdTokenVerdict judge(UnaryOperator<SpoiltJwt> spoil) {
    return judgeAt(NOW, spoil);
  }

  private static IdToken accepted(IdTokenVerdict verdict) {
    assertThat(verdict).isInstanceOf(Accepted.class);
    return ((Accepted) verdict).idToken();
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
  void accepts_what_is_good_and_reads_every_claim() {
    var idToken = accepted(judge(jwt -> jwt));

    assertThat(idToken.issuer()).isEqualTo(OP);
    assertThat(idToken.subject()).isEqualTo("248289761001");
    assertThat(idToken.client()).isEqualTo(CLIENT);
    assertThat(idToken.issuedAt()).isEqualTo(NOW);
    assertThat(idToken.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(idToken.nonce()).contains("n-0S6_WzA2Mj");
    assertThat(idToken.session()).contains("08a5019c");
    assertThat(idToken.email()).contains("jane@acme.example");
    assertThat(idToken.emailVerified()).isTrue();
    assertThat(idToken.authentication())
        .isEqualTo(
            new AuthenticationContext(
                Optional.of(NOW.minusSeconds(5)), Optional.of("phr"), List.of("mfa")));
    assertThat(idToken.all().names()).contains("email");
    assertThat(idToken).hasToString("IdToken[https://op.example to s6BhdRkqt3]");
  }

  @Test
  void an_email_is_not_verified_unless_the_issuer_says_so() {
    assertThat(accepted(judge(jwt -> jwt.without("email_verified"))).emailVerified()).isFalse();
  }

  @Nested
  @DisplayName("The token is an ID Token and nothing else (RFC 8725 §3.11, SEC-2)")
  class Type {
    @Test
    void accepts_one_without_type() {
      accepted(judge(jwt -> jwt.withoutHeader("typ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "application/jwt"})
    void accepts_jwt_in_any_case(String type) {
      accepted(judge(jwt -> jwt.header("typ", type)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "at+jwt",
          "oauth-id-jag+jwt",
          "logout+jwt",
          "secevent+jwt",
          "dpop+jwt",
          "client-authentication+jwt",
          "token-introspection+jwt",
          "unheard-of+jwt",
          ""
        })
    void rejects_every_other_kind_of_token(String type) {
      assertRejected(jwt -> jwt.header("typ", type), new Reason.WrongType(type));
    }
  }

  @Nested
  @DisplayName("A token of another kind is known even if its header does not say so (SEC-2)")
  class UntypedTokensOfOtherKinds {
    @Test
    void rejects_an_untyped_logout_token() {
      assertRejected(
          jwt ->
              jwt.withoutHeader("typ")
                  .rawClaim(
                      "events", "{\"http://schemas.openid.net/event/backchannel-logout\":{}}"),
          new Reason.OtherToken("events"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Logout", "Refresh"})
    void rejects_what_keycloak_calls_something_else(String kind) {
      assertRejected(jwt -> jwt.claim("typ", kind), new Reason.OtherToken("typ"));
    }

    @Test
    void accepts_what_keycloak_calls_an_id_token() {
      accepted(judge(jwt -> jwt.claim("typ", "ID")));
    }
  }

  @Nested
  @DisplayName("2. The Issuer Identifier MUST exactly match the value of the iss Claim")
  class IssuerIdentifier {
    @ParameterizedTest
    @ValueSource(strings = {"https://op.example/", "https://evil.example", "op"})
    void rejects_any_other_spelling(String issuer) {
      assertRejected(jwt -> jwt.claim("iss", issuer), new Reason.WrongIssuer(OP, issuer));
    }

    @Test
    void looks_for_no_key_of_another_issuer() {
      KeySource untouchable =
          (keyId, algorithm) -> {
            throw new AssertionError("a key was looked for");
          };

      assertThat(
              validator(untouchable, NOW)
                  .judge(GOOD.claim("iss", "https://evil.example").signedBy(KEY), CLIENT))
          .isInstanceOf(Rejected.class);
    }
  }

  @Nested
  @DisplayName("3. The aud Claim MUST contain the client_id")
  class Audience {
    @Test
    void rejects_the_stolen_token_of_another_client() {
      assertRejected(
          jwt -> jwt.claim("aud", "other"), new Reason.WrongAudience(CLIENT, List.of("other")));
    }

    @Test
    void rejects_a_token_for_nobody() {
      assertRejected(jwt -> jwt.rawClaim("aud", "[]"), new Reason.WrongAudience(CLIENT, List.of()));
    }

    @Test
    void accepts_an_array_of_one() {
      accepted(judge(jwt -> jwt.rawClaim("aud", "[\"s6BhdRkqt3\"]")));
    }
  }

  @Nested
  @DisplayName("4. and 5. azp, with several audiences or when present, names the client")
  class AuthorizedParty {
    @Test
    void accepts_several_audiences_when_azp_names_the_client() {
      accepted(
          judge(jwt -> jwt.rawClaim("aud", "[\"s6BhdRkqt3\",\"o\"]").claim("azp", "s6BhdRkqt3")));
    }

    @Test
    void rejects_several_audiences_without_azp() {
      assertRejected(
          jwt -> jwt.rawClaim("aud", "[\"s6BhdRkqt3\",\"o\"]"),
          new Reason.WrongAuthorizedParty(CLIENT, Optional.empty()));
    }

    @Test
    void rejects_an_azp_that_names_another_client() {
      assertRejected(
          jwt -> jwt.claim("azp", "o"), new Reason.WrongAuthorizedParty(CLIENT, Optional.of("o")));
    }
  }

  @Nested
  @DisplayName("6. The signature MUST be valid")
  class Signature {
    @Test
    void rejects_the_signature_of_another_key() {
      var token = GOOD.signedBy(SigningKey.generate(SigningAlgorithm.ES256));

      assertThat(validator(TestKeys.published(KEY), NOW).judge(token, CLIENT))
          .isEqualTo(
              new Rejected(
                  new Reason.NotAuthentic(new Fault.BadSignature(Optional.of(KEY.keyId())))));
    }

    @Test
    void is_undecided_when_the_keys_cannot_be_had() {
      KeySource down = (keyId, algorithm) -> new KeySource.Lookup.Unavailable("timeout");

      assertThat(validator(down, NOW).judge(GOOD.signedBy(KEY), CLIENT))
          .isEqualTo(new Undecided("timeout"));
    }
  }

  @Nested
  @DisplayName("9. and 10. The times, with a skew of 30 seconds")
  class Times {
    private static final Instant EXP = NOW.plusSeconds(3600);

    @Test
    void accepts_until_one_second_before_exp_and_skew() {
      accepted(judgeAt(EXP.plusSeconds(29), jwt -> jwt));
    }

    @Test
    void rejects_at_the_very_second_of_exp_and_skew() {
      var then = EXP.plusSeconds(30);

      assertThat(judgeAt(then, jwt -> jwt)).isEqualTo(new Rejected(new Reason.Expired(EXP, then)));
    }

    @Test
    void accepts_an_nbf_as_far_ahead_as_the_skew_and_no_further() {
      accepted(judge(jwt -> jwt.claim("nbf", NOW.plusSeconds(30).getEpochSecond())));
      assertRejected(
          jwt -> jwt.claim("nbf", NOW.plusSeconds(31).getEpochSecond()),
          new Reason.NotYetValid(NOW.plusSeconds(31), NOW));
    }

    @Test
    void accepts_an_iat_as_far_ahead_as_the_skew_and_no_further() {
      accepted(judge(jwt -> jwt.claim("iat", NOW.plusSeconds(30).getEpochSecond())));
      assertRejected(
          jwt -> jwt.claim("iat", NOW.plusSeconds(31).getEpochSecond()),
          new Reason.IssuedInFuture(NOW.plusSeconds(31), NOW));
    }

    @Test
    void accepts_as_old_as_the_age_cap_and_skew_and_no_older() {
      var oldest = NOW.minus(Duration.ofHours(8)).minusSeconds(30);

      accepted(judge(jwt -> jwt.claim("iat", oldest.getEpochSecond())));
      assertRejected(
          jwt -> jwt.claim("iat", oldest.minusSeconds(1).getEpochSecond()),
          new Reason.TooOld(oldest.minusSeconds(1), NOW, Duration.ofHours(8)));
    }

    @Test
    void an_age_cap_must_be_positive() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Limits(ClockSkew.DEFAULT, Duration.ZERO));
    }
  }

  @Nested
  @DisplayName("11. If a nonce was sent, the same value MUST be present")
  class Nonce {
    @Test
    void rejects_the_answer_to_another_sign_in() {
      assertRejected(jwt -> jwt.claim("nonce", "other"), new Reason.WrongNonce(true));
    }

    @Test
    void rejects_an_answer_without_nonce() {
      assertRejected(jwt -> jwt.without("nonce"), new Reason.WrongNonce(false));
    }

    @Test
    void takes_any_nonce_when_none_was_sent() {
      accepted(validator(TestKeys.published(KEY), NOW).judge(GOOD.signedBy(KEY), CLIENT));
    }
  }

  @Nested
  @DisplayName("§2 The claims iss, sub, aud, exp and iat are REQUIRED and have their types")
  class Required {
    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat"})
    void rejects_a_token_without(String name) {
      assertRejected(jwt -> jwt.without(name), new Reason.MissingClaim(name));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"iss", "sub", "azp", "nonce", "sid", "email", "email_verified", "acr", "amr"})
    void rejects_a_number_where_none_belongs(String name) {
      assertMalformed(jwt -> jwt.claim(name, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "nbf", "auth_time"})
    void rejects_a_text_where_a_time_belongs(String name) {
      assertMalformed(jwt -> jwt.claim(name, "now"));
    }

    @Test
    void rejects_an_empty_subject() {
      assertMalformed(jwt -> jwt.claim("sub", ""));
    }

    @Test
    void rejects_what_is_no_jwt() {
      assertThat(validator(TestKeys.published(KEY), NOW).judge("opaque", CLIENT))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.Malformed.class));
    }
  }
}
