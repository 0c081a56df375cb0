package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// Decides whether the bearer JWT of a global token revocation was signed by one identity provider
/// for one endpoint of ours.
///
/// **Does not check** whether it was seen before. Thread-safe. Blocks only if the provider's keys
/// must be fetched.
///
/// @spec https://developer.okta.com/docs/guides/oin-universal-logout-overview/ Okta Universal
///   Logout (GTR-4)
public final class RevocationCallerValidator {
  private final Judgement judgement;
  private final String subject;
  private final URI endpoint;
  private final ClockSkew skew;
  private final InstantSource clock;

  /// @param subject what `sub` must be
  /// @param endpoint ours, without query and fragment: what `aud` must be
  public RevocationCallerValidator(
      TrustedIssuer provider, String subject, URI endpoint, ClockSkew skew, InstantSource clock) {
    // The provider signs ID Tokens with the same key: only the type tells them apart.
    this.judgement =
        new Judgement(provider, Set.of(RevocationCaller.TYPE), RevocationCaller.REQUIRED, "GTR-4");
    this.subject = subject;
    this.endpoint = endpoint;
    this.skew = skew;
    this.clock = clock;
  }

  public SignalVerdict<RevocationCaller> judge(String compact) {
    return judgement.judge(compact, this::judge);
  }

  private SignalVerdict<RevocationCaller> judge(JwtClaims claims) throws MalformedException {
    // One audience only: with a second one the same token would open another door, too.
    if (!claims.audience().equals(List.of(endpoint.toString()))) {
      return judgement.rejected(
          Reason.Fault.AUDIENCE, "aud", endpoint.toString(), String.join(" ", claims.audience()));
    }
    var now = clock.instant();
    var fault = judgement.timeFault(claims, skew, now);
    if (fault.isPresent()) {
      return new SignalVerdict.Rejected<>(fault.get());
    }
    var caller = RevocationCaller.of(claims, judgement.issuer().issuer());
    if (skew.isAhead(caller.expiresAt().minus(RevocationCaller.MAX_LIFE), now)) {
      return judgement.rejected(
          Reason.Fault.TIME,
          "exp",
          "within " + RevocationCaller.MAX_LIFE,
          caller.expiresAt().toString());
    }
    return caller.subject().equals(subject)
        ? new SignalVerdict.Accepted<>(caller)
        : judgement.rejected(Reason.Fault.CONTENT, "sub", subject, caller.subject());
  }
}
