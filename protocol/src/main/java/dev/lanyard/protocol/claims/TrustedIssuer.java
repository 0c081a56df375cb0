package dev.lanyard.protocol.claims;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Set;

/// An issuer that an administrator has enrolled, with the keys and algorithms that prove its
/// tokens.
///
/// @param issuer its identifier, compared byte for byte
/// @param keys its keys, configured beforehand (KEY-4)
/// @param algorithms the only ones that it may sign with
public record TrustedIssuer(Issuer issuer, KeySource keys, Set<SigningAlgorithm> algorithms) {

  /// @throws IllegalArgumentException if no algorithm is allowed, which would refuse everything in
  ///   silence
  public TrustedIssuer {
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException("no algorithm is allowed for issuer " + issuer);
    }
    algorithms = Set.copyOf(algorithms);
  }

  /// Proves a signature with this issuer's keys. May block for a fetch of keys.
  public Verification verify(UnverifiedJwt jwt) {
    return new JwtVerifier(keys, algorithms).verify(jwt);
  }
}
