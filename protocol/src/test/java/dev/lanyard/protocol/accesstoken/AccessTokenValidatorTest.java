package dev.lanyard.protocol.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Accepted;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Rejected;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict.Undecided;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
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

@DisplayName("RFC 9068 §4 Validating JWT Access Tokens")
class AccessTokenValidatorTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ResourceIndicator SELF = new ResourceIndicator("https://mcp.example/mcp");
  private static final ResourceIndicator SIBLING = new ResourceIndicator("https://mcp.example/b");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final String THUMBPRINT = KEY.publicKey().thumbprint();

  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(
          KEY,
          AccessToken.TYPE,
          new AccessTokenClaims(RAS, "p-1", new ClientId("claude"), List.of(SELF))
              .scopes(Scopes.of("issues.read", "issues.write"))
              .grant("g-1")
              .transaction("t-1")
              .build("at-1", NOW, NOW.plusSeconds(2700)));

  private static AccessTokenValidator validator(KeySource keys, Instant now) {
    return new AccessTokenValidator(
        TrustedIssuers.of(new TrustedIssuer(RAS, keys, Set.of(SigningAlgorithm.ES256))),
        SELF,
        ClockSkew.DEFAULT,
        InstantSource.fixed(now));
  }

  private static AccessTokenVerdict judgeAt(Instant now, UnaryOperator<SpoiltJwt> spoil) {
    return validator(TestKeys.published(KEY), now).judge(spoil.apply(GOOD).signedBy(KEY));
  }

  private static AccessTokenVerdict judge(UnaryOperator<SpoiltJwt> spoil) {
    return judgeAt(NOW, spoil);
  }

  private static AccessToken accepted(AccessTokenVerdict verdict) {
    assertThat(verdict).isInstanceOf(Accepted.class);
    return ((Accepted) verdict).accessToken();
  }

  private static void assertRejected(UnaryOperator<SpoiltJwt> spoil, Reason reason) {
    assertThat(judge(spoil)).isEqualTo(new Rejected(reason));
  }

  private static void assertMalformed(AccessTokenVerdict verdict) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.reason()).isInstanceOf(Reason.Malformed.class));
  }

  @Test
  void accepts_what_is_good_and_reads_every_claim() {
    var token = accepted(judge(jwt -> jwt));

    assertThat(token.issuer()).isEqualTo(RAS);
    assertThat(token.subject()).isEqualTo("p-1");
    assertThat(token.client()).isEqualTo(new ClientId("claude"));
    assertThat(token.audience()).isEqualTo(SELF);
    assertThat(token.scopes()).isEqualTo(Scopes.of("issues.read", "issues.write"));
    assertThat(token.id()).isEqualTo("at-1");
    assertThat(token.issuedAt()).isEqualTo(NOW);
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(2700));
    assertThat(token.grant()).contains("g-1");
    assertThat(token.transaction()).contains("t-1");
    assertThat(token.confirmation()).isEqualTo(new Confirmation.Bearer());
    assertThat(token.keyThumbprint()).isEmpty();
    assertThat(token.authentication()).isEqualTo(AuthenticationContext.UNKNOWN);
    assertThat(token.all().names()).contains("grant_id");
    assertThat(token).hasToString("AccessToken[https://ras.example at-1]");
  }

  @Test
  void leaves_empty_what_the_issuer_did_not_say() {
    var token = accepted(judge(jwt -> jwt.without("scope").without("grant_id").without("txn")));

    assertThat(token.scopes()).isEqualTo(Scopes.NONE);
    assertThat(token.grant()).isEmpty();
    assertThat(token.transaction()).isEmpty();
  }

  @Nested
  @DisplayName("typ MUST be at+jwt or application/at+jwt (RS-7)")
  class Type {
    @ParameterizedTest
    @ValueSource(strings = {"application/at+jwt", "AT+JWT"})
    void accepts_the_full_media_type_in_any_case(String type) {
      accepted(judge(jwt -> jwt.header("typ", type)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "oauth-id-jag+jwt", "dpop+jwt", ""})
    void rejects_an_id_token_an_id_jag_and_all_others(String type) {
      assertRejected(jwt -> jwt.header("typ", type), new Reason.WrongType(Optional.of(type)));
    }

    @Test
    void rejects_a_token_without_type() {
      assertRejected(jwt -> jwt.withoutHeader("typ"), new Reason.WrongType(Optional.empty()));
    }
  }

  @Nested
  @DisplayName("iss MUST be an authorization server of this resource")
  class IssuerTrust {
    @ParameterizedTest
    @ValueSource(strings = {"https://ras.example/", "https://evil.example"})
    void rejects_any_other_issuer(String issuer) {
      assertRejected(jwt -> jwt.claim("iss", issuer), new Reason.UntrustedIssuer(issuer));
    }

    @Test
    void looks_for_no_key_of_another_issuer() {
      KeySource untouchable =
          (keyId, algorithm) -> {
            throw new AssertionError("a key was looked for");
          };

      assertThat(
              validator(untouchable, NOW)
                  .judge(GOOD.claim("iss", "https://evil.example").signedBy(KEY)))
          .isEqualTo(new Rejected(new Reason.UntrustedIssuer("https://evil.example")));
    }
  }

  @Nested
  @DisplayName("aud MUST contain the identifier of this resource (RS-6)")
  class Audience {
    @Test
    void rejects_the_token_of_a_sibling() {
      assertRejected(
          jwt -> jwt.claim("aud", SIBLING.value()),
          new Reason.WrongAudience(SELF, List.of(SIBLING.value())));
    }

    @Test
    void accepts_being_one_of_several() {
      accepted(judge(jwt -> jwt.rawClaim("aud", "[\"" + SIBLING + "\",\"" + SELF + "\"]")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"https://mcp.example/mcp/", "https://mcp.example", "https://mcp.example/"})
    void normalises_nothing(String audience) {
      assertRejected(
          jwt -> jwt.claim("aud", audience), new Reason.WrongAudience(SELF, List.of(audience)));
    }

    @Test
    void rejects_an_empty_array() {
      assertRejected(jwt -> jwt.rawClaim("aud", "[]"), new Reason.WrongAudience(SELF, List.of()));
    }
  }

  @Nested
  @DisplayName("The signature MUST be valid")
  class Signature {
    @Test
    void rejects_the_signature_of_another_key() {
      var token = GOOD.signedBy(SigningKey.generate(SigningAlgorithm.ES256));

      assertThat(validator(TestKeys.published(KEY), NOW).judge(token))
          .isEqualTo(
              new Rejected(
                  new Reason.NotAuthentic(new Fault.BadSignature(Optional.of(KEY.keyId())))));
    }

    @Test
    void is_undecided_when_the_keys_cannot_be_had() {
      KeySource down = (keyId, algorithm) -> new KeySource.Lookup.Unavailable("timeout");

      assertThat(validator(down, NOW).judge(GOOD.signedBy(KEY)))
          .isEqualTo(new Undecided("timeout"));
    }
  }

  @Nested
  @DisplayName("The current time MUST be before exp, with a skew of 30 seconds")
  class Times {
    private static final Instant EXP = NOW.plusSeconds(2700);

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
  }

  @Nested
  @DisplayName("§2.2 The claims are REQUIRED and have their types (TOK-6)")
  class Required {
    @ParameterizedTest
    @ValueSource(strings = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"})
    void rejects_a_token_without(String name) {
      assertRejected(jwt -> jwt.without(name), new Reason.MissingClaim(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "client_id", "jti", "scope", "grant_id", "txn", "cnf"})
    void rejects_a_number_where_none_belongs(String name) {
      assertMalformed(judge(jwt -> jwt.claim(name, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "nbf", "auth_time"})
    void rejects_a_text_where_a_time_belongs(String name) {
      assertMalformed(judge(jwt -> jwt.claim(name, "now")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "jti", "scope"})
    void rejects_an_empty_text(String name) {
      assertMalformed(judge(jwt -> jwt.claim(name, "")));
    }

    @Test
    void rejects_an_opaque_token() {
      assertMalformed(validator(TestKeys.published(KEY), NOW).judge("2YotnFZFEjr1zCsicMWpAA"));
    }

    @Test
    void rejects_an_issuer_that_is_no_url() {
      assertMalformed(judge(jwt -> jwt.claim("iss", "ras")));
    }
  }

  @Nested
  @DisplayName("A token bound to a key says so (RS-9)")
  class Confirmations {
    @Test
    void reads_the_thumbprint() {
      assertThat(
              accepted(judge(jwt -> jwt.rawClaim("cnf", "{\"jkt\":\"" + THUMBPRINT + "\"}")))
                  .keyThumbprint())
          .contains(THUMBPRINT);
    }

    @Test
    void rejects_a_binding_that_cannot_be_proved_here() {
      assertRejected(
          jwt -> jwt.rawClaim("cnf", "{\"x5t#S256\":\"abc\"}"),
          new Reason.UnknownConfirmation(Set.of("x5t#S256")));
    }

    @Test
    @DisplayName("RS-10: a binding to a certificate, unless somebody compares certificates")
    void rejects_a_binding_to_a_certificate() {
      var cnf = "{\"x5t#S256\":\"" + THUMBPRINT + "\"}";
      assertRejected(
          jwt -> jwt.rawClaim("cnf", cnf), new Reason.UnknownConfirmation(Set.of("x5t#S256")));
    }
  }
}
