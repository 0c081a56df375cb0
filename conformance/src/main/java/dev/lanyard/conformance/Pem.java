package dev.lanyard.conformance;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// The key of a scenario, which comes as PEM; our library takes JWKs.
final class Pem {
  private static final int COORDINATE = 32;

  private Pem() {}

  /// Reads a PKCS #8 key on P-256 that holds its public point at its end, as Web Crypto writes it.
  static SigningKey signingKey(String pem, SigningAlgorithm algorithm) throws MalformedException {
    try {
      var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      var factory = KeyFactory.getInstance("EC");
      var key = (ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der));
      var y = Arrays.copyOfRange(der, der.length - COORDINATE, der.length);
      var x = Arrays.copyOfRange(der, der.length - 2 * COORDINATE, der.length - COORDINATE);
      var d = key.getS().toByteArray();
      var scalar = new byte[COORDINATE];
      int length = Math.min(d.length, COORDINATE);
      System.arraycopy(d, d.length - length, scalar, COORDINATE - length, length);
      var jwk =
          JsonObject.builder()
              .put("kty", "EC")
              .put("crv", "P-256")
              .put("alg", algorithm.value())
              .put("kid", "conformance")
              .put("x", encoded(x))
              .put("y", encoded(y))
              .put("d", encoded(scalar))
              .build();
      return SigningKey.fromPrivateJwk(new Secret(jwk.toJson()));
    } catch (GeneralSecurityException e) {
      throw new MalformedException("not a private key on P-256");
    }
  }

  private static String encoded(byte[] number) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(number);
  }
}
