package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.IdJagRevision;
import dev.lanyard.server.token.TokenResult.Refused;
import java.time.Instant;
import java.util.Optional;

/// Refusals of assertions that are authentic: what the caller is told depends on the revision of
/// the draft, what the administrator is told does not.
final class Refusals {
  private final IdJagRevision revision;
  private final ClockSkew skew;

  Refusals(IdJagRevision revision, ClockSkew skew) {
    this.revision = revision;
    this.skew = skew;
  }

  /// Refuses by policy.
  Refused notPermitted(Evidence why) {
    return new Refused(
        revision.notPermitted(ErrorCode.INVALID_GRANT, "the assertion is not good, get a new one"),
        Findings.of(why));
  }

  /// Refuses if the person has not signed in as one of the resources demands.
  Optional<Refused> signIn(Resources resources, IdJag idJag, Instant now) {
    for (var resource : resources.all()) {
      var demand = resource.signIn();
      var fault = demand.fault(idJag.authentication(), now, skew);
      if (fault.isPresent()) {
        return Optional.of(
            new Refused(
                revision.betterSignInNeeded(demand.maxAge(), demand.contexts()),
                Findings.of(fault.get())));
      }
    }
    return Optional.empty();
  }
}
