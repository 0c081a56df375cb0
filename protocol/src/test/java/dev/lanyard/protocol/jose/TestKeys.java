package dev.lanyard.protocol.jose;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// Real keys, made once for all tests: a new RSA key takes a second.
public final class TestKeys {
  private static final Map<SigningAlgorithm, SigningKey> KEYS =
      new EnumMap<>(SigningAlgorithm.class);

  static {
    Arrays.stream(SigningAlgorithm.values())
        .forEach(algorithm -> KEYS.put(algorithm, SigningKey.generate(algorithm)));
  }

  private TestKeys() {}

  /// The key for an algorithm, the same at every call.
  public static SigningKey of(SigningAlgorithm algorithm) {
    return KEYS.get(algorithm);
  }

  /// The public part of a key as a key set.
  public static PublicKeySet published(SigningKey... keys) {
    return new PublicKeySet(Arrays.stream(keys).map(SigningKey::publicKey).toList());
  }
}
