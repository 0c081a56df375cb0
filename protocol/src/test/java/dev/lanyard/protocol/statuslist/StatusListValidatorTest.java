package dev.lanyard.protocol.statuslist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TSL-3, Token Status List draft-20 §8.3: a list is believed if")
class StatusListValidatorTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final URI LIST = URI.create("https://ras.example/status-lists/a");
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final TrustedIssuer TRUSTED =
      new TrustedIssuer(RAS, TestKeys.published(KEY), Set.of(SigningAlgorithm.ES256));

  private final StatusListValidator validator =
      new StatusListValidator(ClockSkew.DEFAULT, InstantSource.fixed(NOW));

  private static JsonObject claims() {
    return new StatusListToken(
            LIST,
            NOW,
            Optional.of(NOW.plusSeconds(60)),
            Optional.of(Duration.ofSeconds(30)),
            StatusList.of(64, new BitSet()))
        .toClaims();
  }

  private StatusListVerdict judge(String type, UnaryOperator<JsonObject> spoil) {
    var jwt = new JwtSigner(KEY, type).sign(spoil.apply(claims()));
    return validator.judge(jwt, TRUSTED, LIST);
  }

  private void assertRejected(String check, UnaryOperator<JsonObject> spoil) {
    assertThat(judge(StatusListToken.TYPE, spoil))
        .isInstanceOfSatisfying(
            StatusListVerdict.Rejected.class,
            rejected -> assertThat(rejected.evidence().check()).isEqualTo(check));
  }

  private static UnaryOperator<JsonObject> with(String name, long value) {
    return claims -> claims.with(JsonObject.builder().put(name, value).build());
  }

  @ParameterizedTest
  @DisplayName("§5.1: ttl is a positive number; another would overflow whoever adds it to a time")
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void a_life_that_there_is_not(long ttl) {
    assertRejected("ttl", with("ttl", ttl));
  }

  @Test
  void everything_is_right() {
    assertThat(judge(StatusListToken.TYPE, claims -> claims))
        .isInstanceOfSatisfying(
            StatusListVerdict.Accepted.class,
            accepted -> {
              assertThat(accepted.token().list()).isEqualTo(LIST);
              assertThat(accepted.token().ttl()).contains(Duration.ofSeconds(30));
              assertThat(accepted.token().expiresAt()).contains(NOW.plusSeconds(60));
              assertThat(accepted.token().statuses().size()).isEqualTo(64);
            });
  }

  @Test
  @DisplayName("SEC-3: typ is statuslist+jwt, and another kind of token is no list")
  void typ() {
    assertThat(judge("at+jwt", claims -> claims)).isInstanceOf(StatusListVerdict.Rejected.class);
    assertThat(judge("JWT", claims -> claims)).isInstanceOf(StatusListVerdict.Rejected.class);
  }

  @Test
  @DisplayName("sub is the URI that was asked, so that no list stands in for another")
  void sub() {
    assertRejected(
        "sub", claims -> claims.with(JsonObject.builder().put("sub", LIST + "b").build()));
    assertRejected("sub", claims -> claims.without("sub"));
  }

  @Test
  void exp_has_not_come() {
    assertRejected("exp", with("exp", NOW.getEpochSecond()));
    assertThat(judge(StatusListToken.TYPE, with("exp", NOW.getEpochSecond() + 1)))
        .isInstanceOf(StatusListVerdict.Accepted.class);
  }

  @Test
  void iat_is_there_and_not_ahead() {
    assertRejected("iat", claims -> claims.without("iat"));
    assertRejected("iat", with("iat", NOW.getEpochSecond() + 31));
  }

  @Test
  void it_has_a_list() {
    assertRejected("status_list", claims -> claims.without("status_list"));
    assertRejected(
        "form",
        claims ->
            claims.with(
                JsonObject.builder()
                    .put("status_list", JsonObject.builder().put("bits", 1).build())
                    .build()));
  }

  @Test
  void a_key_of_the_issuer_signed_it() {
    var other = SigningKey.generate(SigningAlgorithm.ES256);
    var jwt = new JwtSigner(other, StatusListToken.TYPE).sign(claims());
    assertThat(validator.judge(jwt, TRUSTED, LIST)).isInstanceOf(StatusListVerdict.Rejected.class);
    assertThat(validator.judge("a.b.c", TRUSTED, LIST))
        .isInstanceOf(StatusListVerdict.Rejected.class);
  }

  @Test
  void nobody_can_say_without_its_keys() {
    var unreachable =
        new TrustedIssuer(
            RAS,
            (keyId, algorithm) -> new KeySource.Lookup.Unavailable("down"),
            Set.of(SigningAlgorithm.ES256));
    var jwt = new JwtSigner(KEY, StatusListToken.TYPE).sign(claims());
    assertThat(validator.judge(jwt, unreachable, LIST))
        .isInstanceOf(StatusListVerdict.Undecided.class);
  }
}
