package dev.lanyard.protocol.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "Every refusal of an access token says what was expected, what was there and who demands it")
class ReasonTest {
  private static final Instant THEN = Instant.parse("2026-11-23T19:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

  private static Map<Reason, Evidence> expected() {
    var all = new LinkedHashMap<Reason, Evidence>();
    all.put(new Reason.Malformed("d"), new Evidence("form", "an access token", "d", "SEC-1"));
    all.put(new Reason.NotActive(), new Evidence("active", "true", "false", "RS-13"));
    all.put(new Reason.WrongType(Optional.empty()), new Evidence("typ", "at+jwt", "none", "RS-7"));
    all.put(new Reason.MissingClaim("jti"), new Evidence("jti", "present", "absent", "TOK-6"));
    all.put(
        new Reason.UntrustedIssuer("x"),
        new Evidence("iss", "one of the authorization servers", "x", "RS-7"));
    all.put(
        new Reason.NotAuthentic(new Fault.BadSignature(Optional.empty())),
        new Evidence(
            "signature", "by a key of the issuer", "bad signature for key without kid", "RS-7"));
    all.put(
        new Reason.WrongAudience(new ResourceIndicator("https://mcp.example"), List.of("a", "b")),
        new Evidence("aud", "https://mcp.example", "a b", "RS-6"));
    all.put(
        new Reason.Expired(THEN, NOW),
        new Evidence("exp", "after 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "RS-7"));
    all.put(
        new Reason.NotYetValid(NOW, THEN),
        new Evidence("nbf", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "RS-7"));
    all.put(
        new Reason.IssuedInFuture(NOW, THEN),
        new Evidence("iat", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "TOK-15"));
    all.put(
        new Reason.UnknownConfirmation(Set.of("kid")), new Evidence("cnf", "jkt", "kid", "RS-9"));
    return all;
  }

  @Test
  void says_so() {
    expected().forEach((reason, evidence) -> assertThat(reason.evidence()).isEqualTo(evidence));
  }

  @Test
  void no_reason_is_forgotten_here() {
    assertThat(expected().keySet().stream().<Class<?>>map(Reason::getClass).toList())
        .containsExactlyInAnyOrder(Reason.class.getPermittedSubclasses());
  }
}
