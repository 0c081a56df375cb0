package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Decides whether a security event token was said by one transmitter to us.
///
/// **Does not check** whether it was seen before, nor whom it is about. Thread-safe. Blocks only if
/// the transmitter's keys must be fetched.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-4.1 Shared
///   Signals Framework 1.0 §4.1
public final class SecurityEventTokenValidator {
  private final Judgement judgement;
  private final String audience;
  private final Terms terms;
  private final InstantSource clock;

  /// What is accepted of a transmitter.
  ///
  /// @param skew how far its clock may differ
  /// @param maxAge older tokens are refused: so long a receiver must remember which it has seen
  /// @param legacy whether the subject may stand inside the event and lack its format, as before
  ///   1.0 (SSF-5)
  public record Terms(ClockSkew skew, Duration maxAge, boolean legacy) {

    /// @throws IllegalArgumentException if the age is not positive
    public Terms {
      if (!maxAge.isPositive()) {
        throw new IllegalArgumentException("the longest age must be positive, not " + maxAge);
      }
    }
  }

  /// @param audience what the transmitter calls us in `aud`
  public SecurityEventTokenValidator(
      TrustedIssuer transmitter, String audience, Terms terms, InstantSource clock) {
    this.judgement =
        new Judgement(
            transmitter, Set.of(SecurityEventToken.TYPE), SecurityEventToken.REQUIRED, "SSF-1");
    this.audience = audience;
    this.terms = terms;
    this.clock = clock;
  }

  public SignalVerdict<SecurityEventToken> judge(String compact) {
    return judgement.judge(compact, this::judge);
  }

  private SignalVerdict<SecurityEventToken> judge(JwtClaims claims) throws MalformedException {
    for (var forbidden : new String[] {"sub", "exp"}) {
      // With them it could be taken for an ID Token or an access token somewhere.
      if (claims.all().has(forbidden)) {
        return judgement.rejected(Reason.Fault.CONTENT, forbidden, "absent", "present");
      }
    }
    var fault = judgement.audienceFault(claims, audience).or(() -> timeFault(claims));
    if (fault.isPresent()) {
      return new SignalVerdict.Rejected<>(fault.get());
    }
    var events =
        claims
            .all()
            .object("events")
            .orElseThrow(() -> new MalformedException("'events' is absent"));
    if (events.names().size() != 1) {
      return judgement.rejected(
          Reason.Fault.CONTENT, "events", "one event", String.valueOf(events.names().size()));
    }
    var type = events.names().iterator().next();
    var payload = events.object(type).orElseThrow();
    var subject = subject(claims.all(), payload);
    return subject.isEmpty()
        ? judgement.rejected(Reason.Fault.CONTENT, "sub_id", "present", "absent")
        : new SignalVerdict.Accepted<>(
            new SecurityEventToken(
                claims, judgement.issuer().issuer(), subject.get(), type, payload));
  }

  private Optional<Reason> timeFault(JwtClaims claims) {
    var now = clock.instant();
    var issuedAt = claims.issuedAt().orElseThrow();
    return judgement
        .timeFault(claims, terms.skew(), now)
        .or(() ->
            terms.skew().isOlderThan(terms.maxAge(), issuedAt, now)
                ? judgement.time("iat", "within " + terms.maxAge() + " before " + now, issuedAt)
                : Optional.empty());
  }

  private Optional<SubjectIdentifier> subject(JsonObject claims, JsonObject payload)
      throws MalformedException {
    var own = claims.object("sub_id");
    if (own.isPresent()) {
      return Optional.of(
          terms.legacy()
              ? SubjectIdentifier.parseLegacy(own.get())
              : SubjectIdentifier.parse(own.get()));
    }
    var inside = terms.legacy() ? payload.object("subject") : Optional.<JsonObject>empty();
    return inside.isPresent()
        ? Optional.of(SubjectIdentifier.parseLegacy(inside.get()))
        : Optional.empty();
  }
}
