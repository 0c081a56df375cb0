package dev.lanyard.protocol.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "Every refusal of a DPoP proof says what was expected, what was there and who demands it")
class ReasonTest {
  private static final Instant THEN = Instant.parse("2026-11-23T19:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

  private static Map<Reason, Evidence> expected() {
    var all = new LinkedHashMap<Reason, Evidence>();
    all.put(new Reason.SeveralProofs(2), new Evidence("DPoP header", "one", "2", "DPOP-1"));
    all.put(new Reason.Malformed("d"), new Evidence("form", "a DPoP proof", "d", "DPOP-1"));
    all.put(new Reason.MissingClaim("htm"), new Evidence("htm", "present", "absent", "DPOP-1"));
    all.put(
        new Reason.WrongType(Optional.of("jwt")), new Evidence("typ", "dpop+jwt", "jwt", "DPOP-1"));
    all.put(
        new Reason.NotAuthentic(new Fault.AlgorithmNotAllowed("HS256")),
        new Evidence(
            "signature", "by the key in the proof", "algorithm HS256 is not allowed", "DPOP-1"));
    all.put(new Reason.WrongMethod("POST", "GET"), new Evidence("htm", "POST", "GET", "DPOP-1"));
    all.put(
        new Reason.WrongUrl("https://a/", "https://b/"),
        new Evidence("htu", "https://a/", "https://b/", "DPOP-1"));
    all.put(new Reason.WrongNonce(false), new Evidence("nonce", "one of ours", "none", "DPOP-2"));
    all.put(
        new Reason.OutsideWindow(THEN, NOW, Duration.ofMinutes(1)),
        new Evidence(
            "iat", "within PT1M before 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "DPOP-1"));
    all.put(
        new Reason.WrongTokenHash(true),
        new Evidence("ath", "the hash of the token", "another", "RS-9"));
    all.put(new Reason.WrongKey("a", "b"), new Evidence("cnf.jkt", "a", "b", "RS-9"));
    all.put(new Reason.Replayed("j"), new Evidence("jti", "not used before", "j", "DPOP-3"));
    return all;
  }

  @Test
  void says_so() {
    expected().forEach((reason, evidence) -> assertThat(reason.evidence()).isEqualTo(evidence));
  }

  @Test
  void what_is_missing_is_told_from_what_is_wrong() {
    assertThat(new Reason.WrongNonce(true).evidence().actual()).isEqualTo("another");
    assertThat(new Reason.WrongTokenHash(false).evidence().actual()).isEqualTo("none");
  }

  @Test
  @DisplayName("a wrong nonce asks for another proof, all others are invalid (DPOP-2)")
  void error_codes() {
    expected()
        .keySet()
        .forEach(reason ->
            assertThat(reason.error())
                .isEqualTo(
                    reason instanceof Reason.WrongNonce
                        ? ErrorCode.USE_DPOP_NONCE
                        : ErrorCode.INVALID_DPOP_PROOF));
  }

  @Test
  void no_reason_is_forgotten_here() {
    assertThat(expected().keySet().stream().<Class<?>>map(Reason::getClass).toList())
        .containsExactlyInAnyOrder(Reason.class.getPermittedSubclasses());
  }
}
