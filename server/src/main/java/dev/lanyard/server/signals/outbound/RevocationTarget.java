package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;

/// Whom we call for a global token revocation.
///
/// @param url without query and fragment
/// @param proof how we authenticate there
/// @param format how people are named: `iss_sub` or `email`
public record RevocationTarget(String name, URI url, Proof proof, Format format) {
  /// How we authenticate.
  public sealed interface Proof {
    /// With a bearer token that was agreed on.
    record Token(Secret token) implements Proof {}

    /// With a JWT of the broker's for each call.
    ///
    /// @param subject its `sub`: what we are called there
    record Signed(String subject) implements Proof {}
  }

  /// How people are named.
  public enum Format {
    ISS_SUB,
    EMAIL
  }
}
