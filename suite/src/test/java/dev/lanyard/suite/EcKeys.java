package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/// P-256 keys as JWKs.
final class EcKeys {
  private EcKeys() {}

  static PublicKey of(JsonObject jwk) throws GeneralSecurityException, MalformedException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
    var spec = new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class));
    return KeyFactory.getInstance("EC").generatePublic(spec);
  }

  private static BigInteger number(JsonObject jwk, String name) throws MalformedException {
    return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.nonEmptyString(name)));
  }

  static String thumbprint(JsonObject jwk) throws MalformedException {
    var canonical =
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(jwk.nonEmptyString("x"), jwk.nonEmptyString("y"));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Jws.sha256(canonical));
  }
}
