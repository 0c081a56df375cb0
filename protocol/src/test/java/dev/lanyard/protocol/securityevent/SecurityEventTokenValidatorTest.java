package dev.lanyard.protocol.securityevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Reason.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Shared Signals Framework 1.0 §4.1 (SSF-1, SSF-2, SSF-5)")
class SecurityEventTokenValidatorTest {
  private static final Issuer TRANSMITTER = new Issuer("https://idp.example");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.RS256);
  private static final Duration MAX_AGE = Duration.ofDays(14);

  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(
          KEY,
          SecurityEventToken.TYPE,
          new SecurityEventClaims(
                  TRANSMITTER,
                  "https://us.example",
                  new SubjectIdentifier.IssuerSubject(TRANSMITTER.value(), "u-1"),
                  new CaepEvent.SessionRevoked(),
                  Circumstances.of(NOW.minusSeconds(3), Circumstances.Initiator.ADMIN, "left"),
                  Optional.of("t-1"))
              .build("j-1", NOW));

  private static final String EVENT =
      "\"https://schemas.openid.net/secevent/caep/event-type/session-revoked\":";

  private static SecurityEventTokenValidator validator(KeySource keys, boolean legacy) {
    var issuer = new TrustedIssuer(TRANSMITTER, keys, Set.of(SigningAlgorithm.RS256));
    var terms = new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, MAX_AGE, legacy);
    return new SecurityEventTokenValidator(
        issuer, "https://us.example", terms, InstantSource.fixed(NOW));
  }

  private static SignalVerdict<SecurityEventToken> judge(String token) {
    return validator(TestKeys.published(KEY), false).judge(token);
  }

  @Test
  void accepts_one_event_about_one_subject() {
    var verdict = judge(GOOD.signedBy(KEY));

    assertThat(verdict).isInstanceOf(SignalVerdict.Accepted.class);
    var token = ((SignalVerdict.Accepted<SecurityEventToken>) verdict).token();
    assertThat(token.issuer()).isEqualTo(TRANSMITTER);
    assertThat(token.id()).isEqualTo("j-1");
    assertThat(token.transaction()).contains("t-1");
    assertThat(token.subject())
        .isEqualTo(new SubjectIdentifier.IssuerSubject(TRANSMITTER.value(), "u-1"));
    assertThat(token.event()).isEqualTo(new CaepEvent.SessionRevoked());
    assertThat(token.occurredAt()).isEqualTo(NOW.minusSeconds(3));
    assertThat(token.circumstances().reasonForAdmins()).containsEntry("en", "left");
    assertThat(token)
        .hasToString(
            "SecurityEventToken[https://idp.example j-1 " + CaepEvent.BASE + "session-revoked]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"8675309, 8675309", "true, ''", "'{}', ''"})
  @DisplayName("a txn that is no text is no reason to refuse: the examples of SSF have a number")
  void odd_transaction(String txn, String known) {
    var verdict = judge(GOOD.rawClaim("txn", txn).signedBy(KEY));

    assertThat(verdict).isInstanceOf(SignalVerdict.Accepted.class);
    var token = ((SignalVerdict.Accepted<SecurityEventToken>) verdict).token();
    assertThat(token.transaction().orElse("")).isEqualTo(known);
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        spoilt("an ID Token's type", Fault.KIND, jwt -> jwt.header("typ", "JWT")),
        spoilt("no type", Fault.KIND, jwt -> jwt.withoutHeader("typ")),
        spoilt("a logout token's type", Fault.KIND, jwt -> jwt.header("typ", "logout+jwt")),
        spoilt("another issuer", Fault.ISSUER, jwt -> jwt.claim("iss", "https://evil.example")),
        spoilt("no issuer", Fault.ISSUER, jwt -> jwt.without("iss")),
        spoilt("another algorithm", Fault.KEY, jwt -> jwt.header("alg", "PS256")),
        spoilt("no algorithm", Fault.KEY, jwt -> jwt.header("alg", "none")),
        spoilt("a symmetric algorithm", Fault.KEY, jwt -> jwt.header("alg", "HS256")),
        spoilt("an unknown key", Fault.KEY, jwt -> jwt.header("kid", "another")),
        spoilt("crit", Fault.KEY, jwt -> jwt.rawHeader("crit", "[\"x\"]")),
        spoilt("another audience", Fault.AUDIENCE, jwt -> jwt.claim("aud", "https://us.example/")),
        spoilt("no audience", Fault.CONTENT, jwt -> jwt.without("aud")),
        spoilt("exp", Fault.CONTENT, jwt -> jwt.claim("exp", NOW.getEpochSecond() + 60)),
        spoilt("sub", Fault.CONTENT, jwt -> jwt.claim("sub", "u-1")),
        spoilt("no jti", Fault.CONTENT, jwt -> jwt.without("jti")),
        spoilt("an empty jti", Fault.CONTENT, jwt -> jwt.claim("jti", "")),
        spoilt("no iat", Fault.CONTENT, jwt -> jwt.without("iat")),
        spoilt("no events", Fault.CONTENT, jwt -> jwt.without("events")),
        spoilt(
            "two events",
            Fault.CONTENT,
            jwt -> jwt.rawClaim("events", "{" + EVENT + "{},\"https://e.example/other\":{}}")),
        spoilt("no event", Fault.CONTENT, jwt -> jwt.rawClaim("events", "{}")),
        spoilt(
            "an event that is no object",
            Fault.CONTENT,
            jwt -> jwt.rawClaim("events", "{" + EVENT + "1}")),
        spoilt("no subject", Fault.CONTENT, jwt -> jwt.without("sub_id")),
        spoilt(
            "a subject without format",
            Fault.CONTENT,
            jwt -> jwt.rawClaim("sub_id", "{\"email\":\"a@b\"}")),
        spoilt(
            "from the future",
            Fault.TIME,
            jwt -> jwt.claim("iat", NOW.plusSeconds(31).getEpochSecond())),
        spoilt(
            "older than is remembered",
            Fault.TIME,
            jwt -> jwt.claim("iat", NOW.minus(MAX_AGE).minusSeconds(31).getEpochSecond())),
        spoilt(
            "not yet valid",
            Fault.TIME,
            jwt -> jwt.claim("nbf", NOW.plusSeconds(31).getEpochSecond())));
  }

  private static Arguments spoilt(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    return Arguments.of(what, fault, spoil);
  }

  @ParameterizedTest(name = "{0} is refused for its {1}")
  @MethodSource("spoilt")
  void refuses(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    var verdict = judge(spoil.apply(GOOD).signedBy(KEY));

    assertThat(verdict).as(what).isInstanceOf(SignalVerdict.Rejected.class);
    assertThat(((SignalVerdict.Rejected<SecurityEventToken>) verdict).reason().fault())
        .isEqualTo(fault);
  }

  @Test
  void refuses_a_forged_signature() {
    var forged = GOOD.signedWith(new byte[256]);

    assertThat(((SignalVerdict.Rejected<SecurityEventToken>) judge(forged)).reason().fault())
        .isEqualTo(Fault.KEY);
  }

  @Test
  void refuses_what_is_too_large_before_reading_it() {
    var large = GOOD.claim("note", "x".repeat(16 * 1024)).signedBy(KEY);

    assertThat(((SignalVerdict.Rejected<SecurityEventToken>) judge(large)).reason().fault())
        .isEqualTo(Fault.FORM);
  }

  @Test
  void cannot_say_while_the_keys_cannot_be_had() {
    KeySource down = (keyId, algorithm) -> new KeySource.Lookup.Unavailable("down");

    assertThat(validator(down, false).judge(GOOD.signedBy(KEY)))
        .isEqualTo(new SignalVerdict.Undecided<>("down"));
  }

  @Test
  @DisplayName("a subject inside the event is accepted of legacy transmitters only")
  void legacy_subjects() {
    var token =
        GOOD.without("sub_id")
            .rawClaim(
                "events",
                "{"
                    + EVENT
                    + "{\"subject\":{\"user\":{\"format\":\"email\",\"email\":\"a@b\"}},"
                    + "\"reason_admin\":\"left\"}}")
            .signedBy(KEY);

    assertThat(judge(token)).isInstanceOf(SignalVerdict.Rejected.class);
    var verdict = validator(TestKeys.published(KEY), true).judge(token);
    assertThat(((SignalVerdict.Accepted<SecurityEventToken>) verdict).token().subject().simple())
        .containsExactly(new SubjectIdentifier.Email("a@b"));
  }

  @ParameterizedTest
  @DisplayName("whoever is switched off is, whatever is wrong with when and why")
  @ValueSource(
      strings = {
        "{\"event_timestamp\": 1763899200000}",
        "{\"event_timestamp\": \"now\"}",
        "{\"event_timestamp\": null}",
        "{\"initiating_entity\": \"robot\", \"reason_admin\": 7, \"reason\": {}}",
      })
  void circumstances_that_cannot_be_read(String payload) {
    var disabled =
        "{\"https://schemas.openid.net/secevent/risc/event-type/account-disabled\": "
            + payload
            + "}";

    var verdict = judge(GOOD.rawClaim("events", disabled).signedBy(KEY));

    assertThat(((SignalVerdict.Accepted<SecurityEventToken>) verdict).token().occurredAt())
        .isEqualTo(NOW);
  }

  @Test
  @DisplayName("to be switched on again depends on when")
  void enabled_at_no_time() {
    var enabled =
        "{\"https://schemas.openid.net/secevent/risc/event-type/account-enabled\":"
            + " {\"event_timestamp\": \"now\"}}";

    assertThat(judge(GOOD.rawClaim("events", enabled).signedBy(KEY)))
        .isInstanceOf(SignalVerdict.Rejected.class);
  }

  @Test
  @DisplayName("an event that says it happened after its token was issued happened when it was")
  void no_event_outranks_those_to_come() {
    var token =
        GOOD.rawClaim(
                "events",
                "{" + EVENT + "{\"event_timestamp\":" + (NOW.getEpochSecond() + 9999) + "}}")
            .signedBy(KEY);

    assertThat(((SignalVerdict.Accepted<SecurityEventToken>) judge(token)).token().occurredAt())
        .isEqualTo(NOW);
  }
}
