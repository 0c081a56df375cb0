package dev.lanyard.protocol.jose;

import java.util.Optional;

/// What [JwtVerifier] found out about a signature.
public sealed interface Verification {
  /// The signature was made by a trusted key.
  record Verified(VerifiedJwt jwt) implements Verification {}

  /// The token is not authentic, for good.
  record Refused(Fault fault) implements Verification {}

  /// Nobody can say now, because the keys could not be had. An outage, not a refusal: answer with
  /// 5xx.
  record Undecided(String reason) implements Verification {}

  /// Why a token is not authentic.
  sealed interface Fault {
    /// The fault in words, for an administrator.
    default String describe() {
      return switch (this) {
        case AlgorithmNotAllowed(var algorithm) -> "algorithm " + algorithm + " is not allowed";
        case CriticalHeader() -> "the header demands an extension";
        case UnknownKey(var keyId) -> "unknown key " + keyId.orElse("without kid");
        case BadSignature(var keyId) -> "bad signature for key " + keyId.orElse("without kid");
      };
    }

    /// `alg` is unknown or not allowed here.
    record AlgorithmNotAllowed(String algorithm) implements Fault {}

    /// The header demands an extension (`crit`) that we do not understand.
    record CriticalHeader() implements Fault {}

    /// No key of the issuer fits `kid` and `alg`.
    record UnknownKey(Optional<String> keyId) implements Fault {}

    /// There is a fitting key, and the signature is not its.
    record BadSignature(Optional<String> keyId) implements Fault {}
  }
}
