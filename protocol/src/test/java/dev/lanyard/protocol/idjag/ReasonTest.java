package dev.lanyard.protocol.idjag;

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
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "Every refusal of an ID-JAG says what was expected, what was there and who demands it (AUD-3)")
class ReasonTest {
  private static final Issuer SELF = new Issuer("https://ras.example");
  private static final Instant THEN = Instant.parse("2026-11-23T19:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static Map<Reason, Evidence> expected() {
    var all = new LinkedHashMap<Reason, Evidence>();
    all.put(new Reason.Malformed("d"), new Evidence("form", "an ID-JAG", "d", "SEC-1"));
    all.put(
        new Reason.WrongType(Optional.of("jwt")),
        new Evidence("typ", "oauth-id-jag+jwt", "jwt", "RAS-3"));
    all.put(new Reason.MissingClaim("jti"), new Evidence("jti", "present", "absent", "IDP-22"));
    all.put(
        new Reason.OwnIssuer(SELF),
        new Evidence("iss", "another domain than ours", "https://ras.example", "IDP-35"));
    all.put(
        new Reason.UntrustedIssuer("https://evil.example"),
        new Evidence("iss", "an enrolled issuer", "https://evil.example", "RAS-4"));
    all.put(
        new Reason.NotAuthentic(new Fault.CriticalHeader()),
        new Evidence(
            "signature", "by a key of the issuer", "the header demands an extension", "RAS-4"));
    all.put(
        new Reason.WrongAudience(SELF, List.of("a", "b")),
        new Evidence("aud", "https://ras.example", "a b", "RAS-5"));
    all.put(
        new Reason.WrongClient(new ClientId("mine"), new ClientId("other")),
        new Evidence("client_id", "mine", "other", "RAS-6"));
    all.put(
        new Reason.WrongTenant(Optional.of("acme"), Optional.empty()),
        new Evidence("tenant", "acme", "none", "RAS-20"));
    all.put(
        new Reason.WrongAudienceTenant(Optional.empty(), "x"),
        new Evidence("aud_tenant", "none", "x", "RAS-20"));
    all.put(
        new Reason.Expired(THEN, NOW),
        new Evidence("exp", "after 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "RAS-7"));
    all.put(
        new Reason.NotYetValid(NOW, THEN),
        new Evidence("nbf", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "RAS-7"));
    all.put(
        new Reason.IssuedInFuture(NOW, THEN),
        new Evidence("iat", "not after 2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "TOK-15"));
    all.put(
        new Reason.TooOld(THEN, NOW, HOUR),
        new Evidence(
            "iat", "within PT1H before 2026-11-23T20:00:00Z", "2026-11-23T19:00:00Z", "RAS-7"));
    all.put(
        new Reason.UnacceptableLife(Duration.ofHours(2), HOUR),
        new Evidence("exp - iat", "up to PT1H", "PT2H", "RAS-7"));
    all.put(
        new Reason.UnknownConfirmation(Set.of("kid")), new Evidence("cnf", "jkt", "kid", "RAS-36"));
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
