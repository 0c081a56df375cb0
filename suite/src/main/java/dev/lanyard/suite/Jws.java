package dev.lanyard.suite;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs whatever it is told to, with whatever header: good JWTs and every sort of bad one. It uses
/// nothing of a JOSE library, which would refuse most of that.
///
/// @param algorithm `ES256` or `RS256`
/// @param keyId the `kid` of the key
public record Jws(Algorithm algorithm, String keyId, KeyPair keys) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final int FIELD_BYTES = 32;

  /// What good JWTs are signed with.
  public enum Algorithm {
    ES256("SHA256withECDSAinP1363Format"),
    RS256("SHA256withRSA");

    private final String signature;

    Algorithm(String signature) {
      this.signature = signature;
    }
  }

  /// A new key.
  public static Jws generate(Algorithm algorithm, String keyId) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm == Algorithm.ES256 ? "EC" : "RSA");
      if (algorithm == Algorithm.ES256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return new Jws(algorithm, keyId, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }

  /// The public key as a JWK.
  public JsonObject publicJwk() {
    var jwk = JsonObject.builder();
    if (keys.getPublic() instanceof ECPublicKey key) {
      jwk.put("kty", "EC")
          .put("crv", "P-256")
          .put("x", fixed(key.getW().getAffineX()))
          .put("y", fixed(key.getW().getAffineY()));
    } else if (keys.getPublic() instanceof RSAPublicKey key) {
      jwk.put("kty", "RSA")
          .put("n", unsigned(key.getModulus()))
          .put("e", unsigned(key.getPublicExponent()));
    }
    return jwk.put("kid", keyId).put("alg", algorithm.name()).put("use", "sig").build();
  }

  /// The SHA-256 thumbprint of the public key, for `cnf.jkt`.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7638.html#section-3 RFC 7638 §3
  public String thumbprint() {
    if (!(keys.getPublic() instanceof ECPublicKey key)) {
      throw new IllegalStateException("DPoP keys of this suite are EC keys");
    }
    var canonical =
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(fixed(key.getW().getAffineX()), fixed(key.getW().getAffineY()));
    return BASE64URL.encodeToString(sha256(canonical));
  }

  /// The header of a good JWT.
  public JsonObject header(String type) {
    return JsonObject.builder()
        .put("alg", algorithm.name())
        .put("kid", keyId)
        .put("typ", type)
        .build();
  }

  /// A JWT of this type.
  public String signed(String type, JsonObject claims) {
    return signed(header(type), claims);
  }

  /// A JWT with this header, signed by this key whatever the header says.
  public String signed(JsonObject header, JsonObject claims) {
    var input = input(header, claims);
    return input + "." + BASE64URL.encodeToString(signature(input));
  }

  /// `alg: none`.
  public String unsigned(String type, JsonObject claims) {
    var header = header(type).with(JsonObject.builder().put("alg", "none").build());
    return input(header, claims) + ".";
  }

  /// `alg: HS256` with the public key as the secret: what a verifier takes that lets the token
  /// choose the algorithm.
  public String hashedWithPublicKey(String type, JsonObject claims) {
    var header = header(type).with(JsonObject.builder().put("alg", "HS256").build());
    var input = input(header, claims);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
      var tag = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + BASE64URL.encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  private static String input(JsonObject header, JsonObject claims) {
    return BASE64URL.encodeToString(header.toBytes())
        + "."
        + BASE64URL.encodeToString(claims.toBytes());
  }

  private byte[] signature(String input) {
    try {
      var signature = Signature.getInstance(algorithm.signature);
      signature.initSign(keys.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of our own does not sign", e);
    }
  }

  /// The hash of an access token that a DPoP proof carries, and of other texts.
  static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String fixed(BigInteger coordinate) {
    var bytes = coordinate.toByteArray();
    var fixed = new byte[FIELD_BYTES];
    int length = Math.min(bytes.length, FIELD_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, FIELD_BYTES - length, length);
    return BASE64URL.encodeToString(fixed);
  }

  private static String unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    return BASE64URL.encodeToString(
        bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  /// Only which key it is.
  @Override
  public String toString() {
    return "Jws[" + algorithm + " " + keyId + "]";
  }
}
