package dev.lanyard.protocol.idtoken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "Every refusal of an ID Token says what was expected, what was there and who demands it")
class ReasonTest {
  private static final ClientId CLIENT = new ClientId("mine");
  private static final Instant THEN = Instant.parse("2026-11-23T19:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

  private static Map<Reason, Evidence> expected() {
    var all = new LinkedHashMap<Reason, Evidence>();
    all.put(new Reason.Malformed("d"), new Evidence("form", "an ID Token", "d", "SEC-1"));
    all.put(new Reason.WrongType("at+jwt"), new Evidence("typ", "none or JWT", "at+jwt", "SEC-2"));
    all.put(new Reason.MissingClaim("sub"), new Evidence("sub", "present", "absent", "IDP-13"));
    all.put(
        new Reason.WrongIssuer(new Issuer("https://op.example"), "x"),
        new Evidence("iss", "https://op.example", "x", "IDP-13"));
    all.put(
        new Reason.NotAuthentic(new Fault.UnknownKey(Optional.of("k"))),
        new Evidence("signature", "by a key of the issuer", "unknown key k", "IDP-13"));
    all.put(
        new Reason.OtherToken("events"),
        new Evidence("events", "only what an ID Token has", "another kind of token", "SEC-2"));
    all.put(
        new Reason.WrongAudience(CLIENT, List.of("a")), new Evidence("aud", "mine", "a", "IDP-13"));
    all.put(
        new Reason.WrongAuthorizedParty(CLIENT, Optional.empty()),
        new Evidence("azp", "mine", "none", "IDP-13"));
    all.put(
        new Reason.Expired(THEN, NOW),
        new Evidence("exp", "after 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "IDP-13"));
    all.put(
        new Reason.NotYetValid(NOW, THEN),
        new Evidence("nbf", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "TOK-15"));
    all.put(
        new Reason.IssuedInFuture(NOW, THEN),
        new Evidence("iat", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "TOK-15"));
    all.put(
        new Reason.TooOld(THEN, NOW, Duration.ofMinutes(5)),
        new Evidence(
            "iat", "within PT5M before 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "IDP-13"));
    all.put(
        new Reason.WrongNonce(true), new Evidence("nonce", "the one sent", "another", "IDP-43"));
    return all;
  }

  @Test
  void says_so() {
    expected().forEach((reason, evidence) -> assertThat(reason.evidence()).isEqualTo(evidence));
  }

  @Test
  void a_missing_nonce_is_told_from_a_wrong_one() {
    assertThat(new Reason.WrongNonce(false).evidence().actual()).isEqualTo("none");
  }

  @Test
  void no_reason_is_forgotten_here() {
    assertThat(expected().keySet().stream().<Class<?>>map(Reason::getClass).toList())
        .containsExactlyInAnyOrder(Reason.class.getPermittedSubclasses());
  }
}
