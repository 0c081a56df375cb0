package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.evidence.Evidence;

/// Why a token was refused: the first check that failed.
///
/// @param fault what sort of check it was: by it a receiver chooses the error code
/// @param evidence for the audit record, never for the sender
public record Reason(Fault fault, Evidence evidence) {
  /// The sorts of checks, in the order in which they are made.
  public enum Fault {
    /// Not a JWT.
    FORM,
    /// Another kind of token.
    KIND,
    /// Of another issuer than expected.
    ISSUER,
    /// Not signed by a key of the issuer.
    KEY,
    /// The issuer's, but not with the claims that this kind must have.
    CONTENT,
    /// For somebody else.
    AUDIENCE,
    /// Too early, too late or too old.
    TIME
  }
}
