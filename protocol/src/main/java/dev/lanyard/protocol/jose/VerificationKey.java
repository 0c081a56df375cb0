package dev.lanyard.protocol.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A public key that proves signatures. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7517.html#section-4 RFC 7517 §4
public final class VerificationKey {
  private static final Map<SigningAlgorithm, JWSHeader> HEADERS =
      Map.of(
          SigningAlgorithm.ES256, new JWSHeader(JWSAlgorithm.ES256),
          SigningAlgorithm.ES384, new JWSHeader(JWSAlgorithm.ES384),
          SigningAlgorithm.RS256, new JWSHeader(JWSAlgorithm.RS256),
          SigningAlgorithm.PS256, new JWSHeader(JWSAlgorithm.PS256));

  private final JWK jwk;
  private final Set<SigningAlgorithm> algorithms;
  private final Check check;
  private final String thumbprint;

  private VerificationKey(JWK jwk, Set<SigningAlgorithm> algorithms, Check check)
      throws JOSEException {
    this.jwk = jwk;
    this.algorithms = algorithms;
    this.check = check;
    this.thumbprint = jwk.computeThumbprint().toString();
  }

  /// Reads a public key.
  ///
  /// @throws MalformedException if it is not a JWK, holds private parts, is for encryption, is
  ///   weaker than RSA 2048 (KEY-7) or of a kind that no [SigningAlgorithm] uses
  public static VerificationKey fromJwk(JsonObject json) throws MalformedException {
    try {
      var jwk = JWK.parse(json.toJson());
      if (jwk.isPrivate()) {
        throw new MalformedException("the key holds private parts");
      }
      return of(jwk);
    } catch (ParseException | IllegalArgumentException e) {
      // The JOSE library throws IllegalArgumentException for a point that is not on its curve.
      throw new MalformedException("not a usable JWK");
    }
  }

  /// The key of the Java runtime, for one algorithm; its `kid` is its thumbprint.
  ///
  /// @throws MalformedException if it is no key for this algorithm that we would use
  public static VerificationKey of(PublicKey key, SigningAlgorithm algorithm)
      throws MalformedException {
    var alg = JWSAlgorithm.parse(algorithm.value());
    try {
      return of(
          switch (key) {
            case ECPublicKey ec ->
                new ECKey.Builder(curve(ec), ec)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(alg)
                    .keyIDFromThumbprint()
                    .build();
            case RSAPublicKey rsa ->
                new RSAKey.Builder(rsa)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(alg)
                    .keyIDFromThumbprint()
                    .build();
            default ->
                throw new MalformedException("keys of " + key.getAlgorithm() + " are not used");
          });
    } catch (JOSEException | IllegalArgumentException | IllegalStateException e) {
      // The JOSE library throws unchecked ones for a point that is not on its curve.
      throw new MalformedException("the key cannot be used");
    }
  }

  private static Curve curve(ECPublicKey key) throws MalformedException {
    // Null for what the JOSE library has no name for.
    var curve = Curve.forECParameterSpec(key.getParams());
    if (curve == null || key.getW().equals(ECPoint.POINT_INFINITY)) {
      throw new MalformedException("the curve of the key is not used, or it is no point of it");
    }
    return curve;
  }

  static VerificationKey of(JWK jwk) throws MalformedException {
    if (KeyUse.ENCRYPTION.equals(jwk.getKeyUse())) {
      throw new MalformedException("the key is for encryption");
    }
    try {
      return switch (jwk) {
        case ECKey ec -> ec(ec);
        case RSAKey rsa -> rsa(rsa);
        case OctetKeyPair okp -> okp(okp);
        default ->
            throw new MalformedException("keys of type " + jwk.getKeyType() + " are not used");
      };
    } catch (JOSEException | GeneralSecurityException e) {
      throw new MalformedException("the key cannot be used");
    }
  }

  private static VerificationKey ec(ECKey key)
      throws JOSEException, GeneralSecurityException, MalformedException {
    var algorithm =
        key.getCurve().equals(Curve.P_384) ? SigningAlgorithm.ES384 : SigningAlgorithm.ES256;
    if (!key.getCurve().equals(Curve.P_256) && !key.getCurve().equals(Curve.P_384)) {
      throw new MalformedException("curve " + key.getCurve() + " is not used");
    }
    var verifier = new ECDSAVerifier((ECPublicKey) Keys.imported(key.toECPublicKey()));
    Keys.prefer(verifier.getJCAContext(), "SHA256withECDSA");
    return new VerificationKey(
        key.toPublicJWK(), declared(key, Set.of(algorithm)), through(verifier));
  }

  private static VerificationKey rsa(RSAKey key)
      throws JOSEException, GeneralSecurityException, MalformedException {
    var rsa = key.toRSAPublicKey();
    int bits = rsa.getModulus().bitLength();
    // A stranger chooses the key of a DPoP proof: a huge one would cost us seconds for each.
    if (bits < 2048 || bits > 8192 || rsa.getPublicExponent().bitLength() > 32) {
      throw new MalformedException("an RSA key needs 2048 to 8192 bits and a small exponent");
    }
    var verifier = new RSASSAVerifier((RSAPublicKey) Keys.imported(rsa));
    Keys.prefer(verifier.getJCAContext(), "SHA256withRSA");
    var algorithms = Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256);
    return new VerificationKey(key.toPublicJWK(), declared(key, algorithms), through(verifier));
  }

  private static VerificationKey okp(OctetKeyPair key)
      throws JOSEException, GeneralSecurityException, MalformedException {
    if (!key.getCurve().equals(Curve.Ed25519)) {
      throw new MalformedException("curve " + key.getCurve() + " is not used");
    }
    var publicKey = Ed25519.publicKey(key.getX().decode());
    Check check = (algorithm, input, signature) -> Ed25519.verify(publicKey, input, signature);
    return new VerificationKey(
        key.toPublicJWK(), declared(key, Set.of(SigningAlgorithm.EDDSA)), check);
  }

  private static Check through(JWSVerifier verifier) {
    return (algorithm, input, signature) ->
        verifier.verify(HEADERS.get(algorithm), input, Base64URL.encode(signature));
  }

  /// A key that declares its `alg` is used with no other.
  private static Set<SigningAlgorithm> declared(JWK key, Set<SigningAlgorithm> possible)
      throws MalformedException {
    if (key.getAlgorithm() == null) {
      return possible;
    }
    var declared = SigningAlgorithm.of(key.getAlgorithm().getName()).filter(possible::contains);
    return Set.of(
        declared.orElseThrow(
            () -> new MalformedException("the key is for " + key.getAlgorithm() + " only")));
  }

  /// The `kid`, if the key has one.
  public Optional<String> keyId() {
    return Optional.ofNullable(jwk.getKeyID());
  }

  /// The algorithms that this key may be used with.
  public Set<SigningAlgorithm> algorithms() {
    return algorithms;
  }

  /// The SHA-256 thumbprint, base64url: `jkt` in a DPoP-bound token.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7638.html#section-3 RFC 7638 §3
  public String thumbprint() {
    return thumbprint;
  }

  /// The public JWK, as it is published.
  public JsonObject toJwk() {
    try {
      return JsonObject.parse(jwk.toJSONString());
    } catch (MalformedException e) {
      throw new IllegalStateException("a JWK did not print as JSON", e);
    }
  }

  boolean proves(UnverifiedJwt jwt, SigningAlgorithm algorithm) {
    try {
      return algorithms.contains(algorithm)
          && check.passes(algorithm, jwt.signingInput(), jwt.signature());
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "VerificationKey[" + keyId().orElse("no kid") + "]";
  }

  private interface Check {
    boolean passes(SigningAlgorithm algorithm, byte[] input, byte[] signature)
        throws JOSEException, GeneralSecurityException;
  }
}
