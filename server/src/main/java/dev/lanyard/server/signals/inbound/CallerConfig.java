package dev.lanyard.server.signals.inbound;

import dev.lanyard.server.clients.SecretHash;
import java.util.List;

/// Who may call for a global token revocation.
///
/// @param proof how it authenticates
/// @param synonym whether it may write `subject` for `sub_id` (GTR-5)
public record CallerConfig(String name, Proof proof, Trust trust, boolean synonym) {
  /// How a caller authenticates.
  public sealed interface Proof {
    /// With a JWT for each call.
    ///
    /// @param subject what its `sub` must be
    record Signed(Signer signer, String subject) implements Proof {}

    /// With a bearer token that was agreed on.
    record Token(List<SecretHash> hashes) implements Proof {
      public Token {
        hashes = List.copyOf(hashes);
      }
    }
  }
}
