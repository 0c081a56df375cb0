package dev.lanyard.protocol.jose;

import java.util.Optional;

/// A JWT whose signature was proved by a key that was trusted for it.
///
/// Only [JwtVerifier] can make one: holding it *is* the proof of the signature, and of nothing
/// more. Issuer, audience, times and type are for a validator to judge. Thread-safe.
public final class VerifiedJwt {
  private final UnverifiedJwt jwt;

  VerifiedJwt(UnverifiedJwt jwt) {
    this.jwt = jwt;
  }

  public JwtClaims claims() {
    return jwt.unverifiedClaims();
  }

  /// The `typ` header without a leading `application/`, in lower case; empty if there is none.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7515.html#section-4.1.9 RFC 7515 §4.1.9
  public Optional<String> type() {
    return jwt.unverifiedType();
  }

  /// The token itself, for a caller that must hand it on or hash it. A credential: never log it.
  public String revealCompact() {
    return jwt.compact();
  }

  @Override
  public String toString() {
    return "VerifiedJwt[" + type().orElse("no typ") + "]";
  }
}
