package dev.lanyard.protocol.jose;

import java.util.List;
import java.util.Optional;

/// Where trusted public keys come from: configured beforehand, never named by the token (KEY-4).
public interface KeySource {
  /// The keys that may have signed a token with this header.
  ///
  /// May block for a fetch. Never throws for an outage: see [Lookup.Unavailable].
  Lookup find(Optional<String> keyId, SigningAlgorithm algorithm);

  /// Changes whenever this source learns that a key was withdrawn: what was verified before must be
  /// verified again. Never blocks. A source that learns it only when it is asked for a key stays at
  /// zero.
  default long withdrawals() {
    return 0;
  }

  /// Has somebody told of every withdrawal, once [#withdrawals] has changed. The listener must not
  /// wait for long. A source that stays at zero never tells.
  default void onWithdrawal(Runnable listener) {}

  /// One key and no other, whatever `kid` a token names.
  static KeySource only(VerificationKey key) {
    return (keyId, algorithm) ->
        key.algorithms().contains(algorithm) ? new Lookup.Found(List.of(key)) : new Lookup.None();
  }

  /// The answer of a key source.
  sealed interface Lookup {
    /// At least one key; several only if the issuer publishes a `kid` twice or none at all (KEY-5).
    record Found(List<VerificationKey> keys) implements Lookup {}

    /// The source is sure that the issuer has no such key.
    record None() implements Lookup {}

    /// The source cannot say.
    record Unavailable(String reason) implements Lookup {}
  }
}
