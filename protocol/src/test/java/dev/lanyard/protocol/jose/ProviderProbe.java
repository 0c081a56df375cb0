package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;
import java.util.Set;

/// Signs and verifies with every algorithm under the provider that the system property asks for, in
/// a process of its own: the provider is chosen once.
public final class ProviderProbe {
  private ProviderProbe() {}

  /// Prints the name of the provider, and each algorithm that made the round trip.
  public static void main(String[] arguments) throws Exception {
    System.out.println(CryptoProvider.active().name());
    for (var algorithm : SigningAlgorithm.values()) {
      var key = SigningKey.generate(algorithm);
      var jwt = UnverifiedJwt.parse(new JwtSigner(key, "at+jwt").sign(JsonObject.EMPTY));
      var keys = PublicKeySet.parse(new PublicKeySet(List.of(key.publicKey())).toJson());
      var verdict = new JwtVerifier(keys, Set.of(algorithm)).verify(jwt);
      System.out.println(
          verdict instanceof Verification.Verified ? algorithm.value() : verdict.toString());
    }
  }
}
