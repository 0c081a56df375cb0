package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Who signs, and with what.
///
/// @param jwksUri where its keys are; empty to discover them
public record Signer(Issuer issuer, Optional<URI> jwksUri, Set<SigningAlgorithm> algorithms) {
  /// What providers sign signals with today.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

  public Signer {
    algorithms = Set.copyOf(algorithms);
  }
}
