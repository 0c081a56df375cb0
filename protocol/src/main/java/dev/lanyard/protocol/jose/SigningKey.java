package dev.lanyard.protocol.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// A private key that signs with one algorithm under one `kid`. Thread-safe.
public final class SigningKey {
  private final JWK jwk;
  private final SigningAlgorithm algorithm;
  private final VerificationKey publicKey;
  private final Engine engine;
  private final Map<String, String> headers = new ConcurrentHashMap<>();

  private SigningKey(JWK jwk, SigningAlgorithm algorithm, Engine engine) throws MalformedException {
    this.jwk = jwk;
    this.algorithm = algorithm;
    this.engine = engine;
    this.publicKey = VerificationKey.of(jwk.toPublicJWK());
  }

  /// Makes a new key; its `kid` is its thumbprint. RSA keys have 3072 bits.
  ///
  /// @throws IllegalStateException if this Java runtime cannot make such keys
  public static SigningKey generate(SigningAlgorithm algorithm) {
    try {
      return of(
          switch (algorithm) {
            case ES256 ->
                new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            case ES384 ->
                new ECKeyGenerator(Curve.P_384)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES384)
                    .keyIDFromThumbprint(true)
                    .generate();
            case RS256, PS256 ->
                new RSAKeyGenerator(3072)
                    .provider(CryptoProvider.forKeyPairs("RSA"))
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.parse(algorithm.value()))
                    .keyIDFromThumbprint(true)
                    .generate();
            case EDDSA -> ed25519();
          });
    } catch (JOSEException | GeneralSecurityException | MalformedException e) {
      throw new IllegalStateException("cannot generate a key for " + algorithm.value(), e);
    }
  }

  /// Reads a private JWK with `alg` and `kid`.
  ///
  /// @throws MalformedException if it is not one that we can sign with
  public static SigningKey fromPrivateJwk(Secret privateJwk) throws MalformedException {
    try {
      return of(JWK.parse(privateJwk.reveal()));
    } catch (ParseException
        | IllegalArgumentException
        | JOSEException
        | GeneralSecurityException e) {
      // The JOSE library throws IllegalArgumentException for a point that is not on its curve.
      throw new MalformedException("not a usable private JWK");
    }
  }

  /// A key that signs elsewhere, under the `kid` of its public half.
  ///
  /// @throws IllegalArgumentException if the public half has no `kid`, or is of another algorithm
  public static SigningKey external(ExternalKey key) {
    var publicKey = key.publicKey();
    if (publicKey.keyId().isEmpty() || !publicKey.algorithms().equals(Set.of(key.algorithm()))) {
      throw new IllegalArgumentException("an external key needs a public half with kid and alg");
    }
    try {
      return new SigningKey(
          JWK.parse(publicKey.toJwk().toJson()),
          key.algorithm(),
          input -> Base64URL.encode(key.sign(input)));
    } catch (ParseException | MalformedException e) {
      throw new IllegalStateException("a public key did not print as a JWK", e);
    }
  }

  private static SigningKey of(JWK jwk)
      throws JOSEException, GeneralSecurityException, MalformedException {
    if (!jwk.isPrivate() || jwk.getKeyID() == null || jwk.getAlgorithm() == null) {
      throw new MalformedException("a signing key needs its private part, 'kid' and 'alg'");
    }
    var algorithm =
        SigningAlgorithm.of(jwk.getAlgorithm().getName())
            .orElseThrow(() -> new MalformedException("we do not sign with " + jwk.getAlgorithm()));
    return new SigningKey(jwk, algorithm, engine(jwk));
  }

  private static Engine engine(JWK jwk)
      throws JOSEException, GeneralSecurityException, MalformedException {
    return switch (jwk) {
      case ECKey key -> {
        var signer = new ECDSASigner(Keys.imported(key.toPrivateKey()), key.getCurve());
        Keys.prefer(signer.getJCAContext(), "SHA256withECDSA");
        yield through(signer, jwk);
      }
      case RSAKey key -> {
        var signer = new RSASSASigner(Keys.imported(key.toPrivateKey()));
        Keys.prefer(signer.getJCAContext(), "SHA256withRSA");
        yield through(signer, jwk);
      }
      case OctetKeyPair key -> {
        var privateKey = Ed25519.privateKey(key.getDecodedD());
        yield input -> Base64URL.encode(Ed25519.sign(privateKey, input));
      }
      default -> throw new MalformedException("we do not sign with such keys");
    };
  }

  private static Engine through(JWSSigner signer, JWK jwk) {
    var header = new JWSHeader(JWSAlgorithm.parse(jwk.getAlgorithm().getName()));
    return input -> signer.sign(header, input);
  }

  private static OctetKeyPair ed25519() throws GeneralSecurityException, JOSEException {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    var seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    var encoded = pair.getPublic().getEncoded();
    var point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
        .d(Base64URL.encode(seed))
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.EdDSA)
        .keyIDFromThumbprint()
        .build();
  }

  public String keyId() {
    return jwk.getKeyID();
  }

  public SigningAlgorithm algorithm() {
    return algorithm;
  }

  public VerificationKey publicKey() {
    return publicKey;
  }

  /// The private JWK, for storing it encrypted.
  ///
  /// @throws IllegalStateException if the private key is elsewhere
  public Secret toPrivateJwk() {
    if (!jwk.isPrivate()) {
      throw new IllegalStateException("the private half of " + keyId() + " is not here");
    }
    return new Secret(jwk.toJSONString());
  }

  /// The header of everything of one type that this key signs: made once.
  String encodedHeader(String type, BiFunction<SigningKey, String, String> encoder) {
    return headers.computeIfAbsent(type, one -> encoder.apply(this, one));
  }

  String sign(byte[] input) {
    try {
      return engine.sign(input).toString();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException("signing with key " + keyId() + " failed", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + keyId() + "]";
  }

  private interface Engine {
    Base64URL sign(byte[] input) throws JOSEException, GeneralSecurityException;
  }
}
