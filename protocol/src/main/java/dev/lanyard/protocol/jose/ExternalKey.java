package dev.lanyard.protocol.jose;

import java.security.GeneralSecurityException;

/// A private key that never leaves where it is: a security module, or a key management service. To
/// bring another one, implement this and nothing else. Implementations are thread-safe.
public interface ExternalKey {

  /// The public half, with `kid`, `use` and `alg`; see [VerificationKey#of(java.security.PublicKey,
  /// SigningAlgorithm)].
  VerificationKey publicKey();

  /// The one algorithm that it signs with.
  SigningAlgorithm algorithm();

  /// Signs; may block.
  ///
  /// @return as JWS has it: for ECDSA the two numbers one after the other, not in DER (RFC 7518
  ///   §3.4)
  /// @throws GeneralSecurityException if the module does not sign; nothing is issued then
  byte[] sign(byte[] input) throws GeneralSecurityException;
}
