package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult.Refused;
import java.util.Optional;

/// The table of RAS-30 to RAS-34: an ID-JAG bound to a key or not, a proof or none.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-9.8
///   ID-JAG draft-04 §9.8
final class KeyBinding {
  private KeyBinding() {}

  /// Why this request may not have a token, if so. A proof that is there is good, and binds the
  /// token.
  static Optional<Refused> fault(TokenRequest request, IdJag idJag, Resources resources) {
    var proved = request.keyThumbprint();
    if (idJag.keyThumbprint().isPresent()) {
      var bound = idJag.keyThumbprint().get();
      return idJag.keyThumbprint().equals(proved)
          ? Optional.empty()
          : refused(bound, proved.orElse("no proof"), proved.isPresent() ? "RAS-31" : "RAS-32");
    }
    return resources.needProof() && proved.isEmpty()
        ? refused("a proof", "no proof", "RAS-34")
        : Optional.empty();
  }

  private static Optional<Refused> refused(String expected, String actual, String requirement) {
    return Optional.of(
        Refused.of(
            ErrorCode.INVALID_GRANT,
            "the DPoP proof does not fit the assertion",
            new Evidence("cnf.jkt", expected, actual, requirement)));
  }

  /// The grant type that promises a proof must bring one (D-8).
  static Optional<Refused> missingProof(TokenRequest request) {
    var promised = request.form().one("grant_type").equals(Optional.of(GrantType.JWT_DPOP.value()));
    return promised && request.proof().isEmpty()
        ? Optional.of(
            Refused.of(
                ErrorCode.INVALID_DPOP_PROOF,
                "this grant type needs a DPoP proof",
                new Evidence("DPoP", "a proof", "none", "D-8")))
        : Optional.empty();
  }
}
