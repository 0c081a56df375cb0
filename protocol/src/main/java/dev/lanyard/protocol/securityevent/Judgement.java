package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The checks that all tokens of this package share, so that none can forget one: kind, issuer,
/// key, required claims, in this order.
///
/// @param issuer who must have signed
/// @param types the `typ` headers that this kind may have, in lower case; the empty one is none
/// @param required the claims that must be there
/// @param requirement what demands these checks
record Judgement(
    TrustedIssuer issuer, Set<String> types, List<String> required, String requirement) {

  /// @param then judges what is particular to the kind
  <T> SignalVerdict<T> judge(String compact, Particular<T> then) {
    try {
      var jwt = UnverifiedJwt.parse(compact);
      var type = jwt.unverifiedType().orElse("");
      // An allow-list: of the kinds of token to come, too, none may pass for this one.
      if (!types.contains(type)) {
        return rejected(Reason.Fault.KIND, "typ", types.toString(), type.isEmpty() ? "none" : type);
      }
      var name = jwt.unverifiedClaims().issuer().orElse("none");
      if (!name.equals(issuer.issuer().value())) {
        return rejected(Reason.Fault.ISSUER, "iss", issuer.issuer().value(), name);
      }
      return switch (issuer.verify(jwt)) {
        case Verification.Verified verified -> complete(verified.jwt().claims(), then);
        case Verification.Refused refused ->
            rejected(
                Reason.Fault.KEY,
                "signature",
                "by a key of the issuer",
                refused.fault().describe());
        case Verification.Undecided undecided -> new SignalVerdict.Undecided<>(undecided.reason());
      };
    } catch (MalformedException e) {
      return malformed(Reason.Fault.FORM, e);
    }
  }

  private <T> SignalVerdict<T> malformed(Reason.Fault fault, MalformedException e) {
    return rejected(fault, "form", "well-formed", String.valueOf(e.getMessage()));
  }

  private <T> SignalVerdict<T> complete(JwtClaims claims, Particular<T> then) {
    for (var name : required) {
      if (!claims.all().has(name)) {
        return rejected(Reason.Fault.CONTENT, name, "present", "absent");
      }
    }
    try {
      return then.judge(claims);
    } catch (MalformedException e) {
      return malformed(Reason.Fault.CONTENT, e);
    }
  }

  Optional<Reason> audienceFault(JwtClaims claims, String self) {
    return claims.audience().contains(self)
        ? Optional.empty()
        : Optional.of(
            reason(Reason.Fault.AUDIENCE, "aud", self, String.join(" ", claims.audience())));
  }

  /// `exp` and `nbf` where they are, and `iat`, which must not lie ahead.
  Optional<Reason> timeFault(JwtClaims claims, ClockSkew skew, Instant now) {
    if (claims.expiresAt().isPresent() && skew.isOver(claims.expiresAt().get(), now)) {
      return time("exp", "after " + now, claims.expiresAt().get());
    }
    if (claims.notBefore().isPresent() && skew.isAhead(claims.notBefore().get(), now)) {
      return time("nbf", "not after " + now, claims.notBefore().get());
    }
    if (claims.issuedAt().isPresent() && skew.isAhead(claims.issuedAt().get(), now)) {
      return time("iat", "not after " + now, claims.issuedAt().get());
    }
    return Optional.empty();
  }

  Optional<Reason> time(String check, String expected, Instant actual) {
    return Optional.of(reason(Reason.Fault.TIME, check, expected, actual.toString()));
  }

  Reason reason(Reason.Fault fault, String check, String expected, String actual) {
    return new Reason(fault, new Evidence(check, expected, actual, requirement));
  }

  <T> SignalVerdict<T> rejected(Reason.Fault fault, String check, String expected, String actual) {
    return new SignalVerdict.Rejected<>(reason(fault, check, expected, actual));
  }

  interface Particular<T> {
    SignalVerdict<T> judge(JwtClaims claims) throws MalformedException;
  }
}
