package dev.lanyard.protocol.jose;

import java.util.Optional;

/// The signature algorithms that this library signs and verifies with: asymmetric ones only, so
/// that `none` and a public key used as an HMAC secret cannot even be named (SEC-1, KEY-7).
///
/// @spec https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1 RFC 7518 §3.1
public enum SigningAlgorithm {
  ES256("ES256"),
  ES384("ES384"),
  RS256("RS256"),
  PS256("PS256"),
  EDDSA("EdDSA");

  private final String value;

  SigningAlgorithm(String value) {
    this.value = value;
  }

  /// The `alg` value.
  public String value() {
    return value;
  }

  /// The algorithm with this `alg` value, compared exactly; empty if we do not have it.
  public static Optional<SigningAlgorithm> of(String value) {
    for (var algorithm : values()) {
      if (algorithm.value.equals(value)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
