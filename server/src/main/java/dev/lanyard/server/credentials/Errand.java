package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import java.time.Duration;
import java.time.Instant;

/// A consent at a server of others that is under way.
///
/// @param session the session in which it was begun: an answer in another is none
/// @param issuer from whom the answer must be
/// @param expiresAt exclusive
record Errand(
    String person,
    String session,
    String connector,
    Issuer issuer,
    Pkce.Verifier verifier,
    Instant expiresAt) {
  /// So long a person may take.
  static final Duration LIFE = Duration.ofMinutes(10);

  Instant begunAt() {
    return expiresAt.minus(LIFE);
  }
}
