package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import java.time.Instant;

/// What the record knows of a signing key, without the key.
///
/// @param keyId its `kid`
/// @param server the authorization server that publishes it, e.g. `broker`
/// @param since when it came into its state
public record KeyEntry(
    String keyId,
    String server,
    Purpose purpose,
    SigningAlgorithm algorithm,
    KeyState state,
    Instant since,
    Instant createdAt) {

  /// Whether one follows the other: they sign the same in the same way.
  boolean isInLineWith(KeyEntry other) {
    return server.equals(other.server) && purpose == other.purpose && algorithm == other.algorithm;
  }

  KeyEntry in(KeyState other, Instant from) {
    return new KeyEntry(keyId, server, purpose, algorithm, other, from, createdAt);
  }
}
