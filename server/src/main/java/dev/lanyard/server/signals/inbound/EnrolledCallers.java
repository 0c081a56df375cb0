package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// Who may call for a global token revocation at a server whose customers come and go: each issuer
/// that one of them has enrolled, as far as the customer lets it.
public interface EnrolledCallers {
  /// Whoever calls in this issuer's name; empty if nobody may. Answers from memory.
  Optional<EnrolledCaller> find(Issuer issuer);

  /// An issuer that may call.
  ///
  /// @param issuer with the keys that prove it; what it may sign calls with is decided here
  /// @param subject what `sub` of its tokens must be: another application of the same issuer, or
  ///   another customer of it, may not call
  /// @param trust whose people it speaks about, and by which names
  record EnrolledCaller(TrustedIssuer issuer, String subject, Trust trust) {}
}
