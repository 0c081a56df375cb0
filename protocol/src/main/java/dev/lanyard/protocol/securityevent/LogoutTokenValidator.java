package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import java.time.InstantSource;
import java.util.Set;

/// Decides whether a logout token was said by one OpenID Provider to one client of it.
///
/// **Does not check** whether it was seen before, nor whose session it is. Thread-safe. Blocks only
/// if the provider's keys must be fetched.
///
/// @spec https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation OpenID Connect
///   Back-Channel Logout 1.0 §2.6 (BCL-1)
public final class LogoutTokenValidator {
  private final Judgement judgement;
  private final ClientId self;
  private final ClockSkew skew;
  private final InstantSource clock;

  /// @param self our client id at the provider
  public LogoutTokenValidator(
      TrustedIssuer provider, ClientId self, ClockSkew skew, InstantSource clock) {
    this.judgement =
        new Judgement(provider, Set.of("", "jwt", LogoutToken.TYPE), LogoutToken.REQUIRED, "BCL-1");
    this.self = self;
    this.skew = skew;
    this.clock = clock;
  }

  public SignalVerdict<LogoutToken> judge(String compact) {
    return judgement.judge(compact, this::judge);
  }

  private SignalVerdict<LogoutToken> judge(JwtClaims claims) throws MalformedException {
    // The mark of an ID Token: whoever sends one here has mistaken it, or wants us to.
    if (claims.all().has("nonce")) {
      return judgement.rejected(Reason.Fault.KIND, "nonce", "absent", "present");
    }
    var fault =
        judgement
            .audienceFault(claims, self.value())
            .or(() -> judgement.timeFault(claims, skew, clock.instant()));
    if (fault.isPresent()) {
      return new SignalVerdict.Rejected<>(fault.get());
    }
    var events = claims.all().object("events");
    if (events.isEmpty() || events.get().object(LogoutToken.EVENT).isEmpty()) {
      return judgement.rejected(
          Reason.Fault.KIND, "events", LogoutToken.EVENT, "without that member");
    }
    var token = LogoutToken.of(claims, judgement.issuer().issuer());
    return token.subject().isEmpty() && token.session().isEmpty()
        ? judgement.rejected(Reason.Fault.CONTENT, "sub, sid", "at least one", "neither")
        : new SignalVerdict.Accepted<>(token);
  }
}
