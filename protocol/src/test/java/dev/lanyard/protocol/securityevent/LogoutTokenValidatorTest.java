package dev.lanyard.protocol.securityevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Reason.Fault;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("OpenID Connect Back-Channel Logout 1.0 §2.6 (BCL-1)")
class LogoutTokenValidatorTest {
  private static final Issuer OP = new Issuer("https://op.example");
  private static final ClientId US = new ClientId("us");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.RS256);
  private static final LogoutToken MEANT =
      new LogoutToken(OP, "j-1", NOW, NOW.plusSeconds(120), Optional.of("u-1"), Optional.of("s-1"));
  private static final SpoiltJwt GOOD = SpoiltJwt.good(KEY, "logout+jwt", MEANT.claimsFor(US));

  private static SignalVerdict<LogoutToken> judge(UnaryOperator<SpoiltJwt> spoil) {
    var issuer = new TrustedIssuer(OP, TestKeys.published(KEY), Set.of(SigningAlgorithm.RS256));
    return new LogoutTokenValidator(issuer, US, ClockSkew.DEFAULT, InstantSource.fixed(NOW))
        .judge(spoil.apply(GOOD).signedBy(KEY));
  }

  @Test
  void accepts_what_was_meant() {
    assertThat(judge(jwt -> jwt)).isEqualTo(new SignalVerdict.Accepted<>(MEANT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "application/logout+jwt", "Logout+JWT"})
  void accepts_the_types_in_use(String type) {
    assertThat(judge(jwt -> jwt.header("typ", type))).isInstanceOf(SignalVerdict.Accepted.class);
  }

  @Test
  void accepts_an_untyped_one_with_a_session_only() {
    assertThat(judge(jwt -> jwt.withoutHeader("typ").without("sub")))
        .isInstanceOf(SignalVerdict.Accepted.class);
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        spoilt("a SET's type", Fault.KIND, jwt -> jwt.header("typ", "secevent+jwt")),
        spoilt("an access token's type", Fault.KIND, jwt -> jwt.header("typ", "at+jwt")),
        spoilt("a nonce", Fault.KIND, jwt -> jwt.claim("nonce", "n")),
        spoilt("another issuer", Fault.ISSUER, jwt -> jwt.claim("iss", "https://op.example/")),
        spoilt("alg none", Fault.KEY, jwt -> jwt.header("alg", "none")),
        spoilt("another client", Fault.AUDIENCE, jwt -> jwt.claim("aud", "them")),
        spoilt("no exp", Fault.CONTENT, jwt -> jwt.without("exp")),
        spoilt("no iat", Fault.CONTENT, jwt -> jwt.without("iat")),
        spoilt("no jti", Fault.CONTENT, jwt -> jwt.without("jti")),
        spoilt("no events", Fault.CONTENT, jwt -> jwt.without("events")),
        spoilt("another event", Fault.KIND, jwt -> jwt.rawClaim("events", "{\"x\":{}}")),
        spoilt(
            "an event that is no object",
            Fault.CONTENT,
            jwt -> jwt.rawClaim("events", "{\"" + LogoutToken.EVENT + "\":true}")),
        spoilt("neither sub nor sid", Fault.CONTENT, jwt -> jwt.without("sub").without("sid")),
        spoilt("over", Fault.TIME, jwt -> jwt.claim("exp", NOW.getEpochSecond() - 30)),
        spoilt("from the future", Fault.TIME, jwt -> jwt.claim("iat", NOW.getEpochSecond() + 31)));
  }

  private static Arguments spoilt(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    return Arguments.of(what, fault, spoil);
  }

  @ParameterizedTest(name = "{0} is refused for its {1}")
  @MethodSource("spoilt")
  void refuses(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    var verdict = judge(spoil);

    assertThat(verdict).as(what).isInstanceOf(SignalVerdict.Rejected.class);
    assertThat(((SignalVerdict.Rejected<LogoutToken>) verdict).reason().fault()).isEqualTo(fault);
  }
}
