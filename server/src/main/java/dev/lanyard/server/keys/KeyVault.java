package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.VerificationKey;
import java.util.Set;

/// Keeps private keys where nobody can copy them: a security module, or a key management service.
/// To bring another one, implement this. Implementations are thread-safe.
public interface KeyVault {

  /// What it makes keys for.
  Set<SigningAlgorithm> algorithms();

  /// Makes a key.
  ///
  /// @throws KeyException if the vault does not make keys for this algorithm, or cannot now
  SigningKey make(SigningAlgorithm algorithm);

  /// Finds the private half of a key that was made here.
  ///
  /// @throws KeyException if it is not here
  SigningKey open(VerificationKey publicKey);

  /// Destroys a key for good; one that is not there is none to destroy.
  void destroy(String keyId);
}
