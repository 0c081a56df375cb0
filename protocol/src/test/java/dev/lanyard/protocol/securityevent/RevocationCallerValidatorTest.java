package dev.lanyard.protocol.securityevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Reason.Fault;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Okta Universal Logout: the bearer JWT of a call (GTR-4)")
class RevocationCallerValidatorTest {
  private static final Issuer ORG = new Issuer("https://acme.okta.example");
  private static final URI ENDPOINT = URI.create("https://us.example/global-token-revocation/okta");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.RS256);
  private static final RevocationCaller MEANT =
      new RevocationCaller(ORG, "0oa1", "j-1", NOW.plusSeconds(300));
  private static final SpoiltJwt GOOD =
      SpoiltJwt.good(KEY, RevocationCaller.TYPE, MEANT.claimsFor(ENDPOINT, NOW))
          .claim("nbf", NOW.getEpochSecond() - 300);

  private static SignalVerdict<RevocationCaller> judge(UnaryOperator<SpoiltJwt> spoil) {
    var issuer = new TrustedIssuer(ORG, TestKeys.published(KEY), Set.of(SigningAlgorithm.RS256));
    return new RevocationCallerValidator(
            issuer, "0oa1", ENDPOINT, ClockSkew.DEFAULT, InstantSource.fixed(NOW))
        .judge(spoil.apply(GOOD).signedBy(KEY));
  }

  @Test
  void accepts_a_call_of_okta() {
    assertThat(judge(jwt -> jwt)).isEqualTo(new SignalVerdict.Accepted<>(MEANT));
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        spoilt("an ID Token of the same key", Fault.KIND, jwt -> jwt.header("typ", "JWT")),
        spoilt("untyped", Fault.KIND, jwt -> jwt.withoutHeader("typ")),
        spoilt("another org", Fault.ISSUER, jwt -> jwt.claim("iss", "https://evil.okta.example")),
        spoilt("alg none", Fault.KEY, jwt -> jwt.header("alg", "none")),
        spoilt("another app", Fault.CONTENT, jwt -> jwt.claim("sub", "0oa2")),
        spoilt("another endpoint", Fault.AUDIENCE, jwt -> jwt.claim("aud", ENDPOINT + "x")),
        spoilt(
            "two endpoints",
            Fault.AUDIENCE,
            jwt -> jwt.rawClaim("aud", "[\"" + ENDPOINT + "\",\"https://other.example\"]")),
        spoilt("no jti", Fault.CONTENT, jwt -> jwt.without("jti")),
        spoilt("no exp", Fault.CONTENT, jwt -> jwt.without("exp")),
        spoilt("over", Fault.TIME, jwt -> jwt.claim("exp", NOW.getEpochSecond() - 30)),
        spoilt("living too long", Fault.TIME, jwt -> jwt.claim("exp", NOW.getEpochSecond() + 3700)),
        spoilt("not yet valid", Fault.TIME, jwt -> jwt.claim("nbf", NOW.getEpochSecond() + 31)));
  }

  private static Arguments spoilt(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    return Arguments.of(what, fault, spoil);
  }

  @ParameterizedTest(name = "{0} is refused for its {1}")
  @MethodSource("spoilt")
  void refuses(String what, Fault fault, UnaryOperator<SpoiltJwt> spoil) {
    var verdict = judge(spoil);

    assertThat(verdict).as(what).isInstanceOf(SignalVerdict.Rejected.class);
    assertThat(((SignalVerdict.Rejected<RevocationCaller>) verdict).reason().fault())
        .isEqualTo(fault);
  }
}
