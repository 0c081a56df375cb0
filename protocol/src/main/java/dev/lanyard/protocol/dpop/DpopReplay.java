package dev.lanyard.protocol.dpop;

import java.net.URI;
import java.time.Instant;

/// Remembers the proofs that were used.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-11.1 RFC 9449 §11.1 (DPOP-3)
public interface DpopReplay {
  /// Records the use of a proof if it is the first. Check and record are one atomic step: of two
  /// concurrent calls with the same arguments exactly one returns `true`.
  ///
  /// @param thumbprint of the key
  /// @param url the normalised URL that the proof is for
  /// @param id the `jti` of the proof
  /// @param forgetAfter from then on the proof is refused for its age
  boolean recordFirst(String thumbprint, URI url, String id, Instant forgetAfter);
}
