package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.jose.Verification.Refused;
import dev.lanyard.protocol.jose.Verification.Undecided;
import dev.lanyard.protocol.jose.Verification.Verified;
import java.util.Set;

/// Proves the signature of a JWT with keys that were trusted beforehand.
///
/// **Does not check** type, issuer, audience or times. Thread-safe if its [KeySource] is.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1 RFC 8725 §3.1 (SEC-1)
public final class JwtVerifier {
  private final KeySource keys;
  private final Set<SigningAlgorithm> allowed;

  /// @param allowed the only algorithms that this issuer may use for this purpose
  /// @throws IllegalArgumentException if nothing is allowed, which would refuse everything in
  ///   silence
  public JwtVerifier(KeySource keys, Set<SigningAlgorithm> allowed) {
    if (allowed.isEmpty()) {
      throw new IllegalArgumentException("a verifier needs at least one allowed algorithm");
    }
    this.keys = keys;
    this.allowed = Set.copyOf(allowed);
  }

  public Verification verify(UnverifiedJwt jwt) {
    if (jwt.isCritical()) {
      return new Refused(new Fault.CriticalHeader());
    }
    var algorithm = SigningAlgorithm.of(jwt.unverifiedAlgorithm()).filter(allowed::contains);
    if (algorithm.isEmpty()) {
      return new Refused(new Fault.AlgorithmNotAllowed(jwt.unverifiedAlgorithm()));
    }
    return switch (keys.find(jwt.unverifiedKeyId(), algorithm.get())) {
      case KeySource.Lookup.Found(var candidates) -> {
        for (var key : candidates) {
          if (key.proves(jwt, algorithm.get())) {
            yield new Verified(new VerifiedJwt(jwt));
          }
        }
        yield new Refused(new Fault.BadSignature(jwt.unverifiedKeyId()));
      }
      case KeySource.Lookup.None() -> new Refused(new Fault.UnknownKey(jwt.unverifiedKeyId()));
      case KeySource.Lookup.Unavailable(var reason) -> new Undecided(reason);
    };
  }
}
