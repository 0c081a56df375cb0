package dev.lanyard.server.keys;

import dev.lanyard.protocol.jose.ExternalKey;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.MalformedException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A key management service as vendors have them: it makes keys, signs what it is sent, and never
/// hands a private key out. It can be down. This is all that it takes to bring one.
public final class ManagementService implements KeyVault {
  private final Map<String, PrivateKey> keys = new ConcurrentHashMap<>();
  private final AtomicInteger signatures = new AtomicInteger();
  private volatile boolean down;

  /// It does not answer from now on, or does again.
  void down(boolean isDown) {
    this.down = isDown;
  }

  int signatures() {
    return signatures.get();
  }

  Set<String> held() {
    return Set.copyOf(keys.keySet());
  }

  @Override
  public Set<SigningAlgorithm> algorithms() {
    return Set.of(SigningAlgorithm.ES256);
  }

  @Override
  public SigningKey make(SigningAlgorithm algorithm) {
    if (algorithm != SigningAlgorithm.ES256) {
      throw new KeyException("the key management service makes no key for " + algorithm.value());
    }
    if (down) {
      throw new IllegalStateException("the key management service does not answer");
    }
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var publicKey = VerificationKey.of(pair.getPublic(), algorithm);
      keys.put(publicKey.keyId().orElseThrow(), pair.getPrivate());
      return SigningKey.external(new Held(publicKey));
    } catch (GeneralSecurityException | MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public SigningKey open(VerificationKey publicKey) {
    if (!keys.containsKey(publicKey.keyId().orElseThrow())) {
      throw new KeyException("the key management service has no such key");
    }
    return SigningKey.external(new Held(publicKey));
  }

  @Override
  public void destroy(String keyId) {
    if (down) {
      throw new IllegalStateException("the key management service does not answer");
    }
    keys.remove(keyId);
  }

  private final class Held implements ExternalKey {
    private final VerificationKey publicKey;

    Held(VerificationKey publicKey) {
      this.publicKey = publicKey;
    }

    @Override
    public VerificationKey publicKey() {
      return publicKey;
    }

    @Override
    public SigningAlgorithm algorithm() {
      return SigningAlgorithm.ES256;
    }

    @Override
    public byte[] sign(byte[] input) throws GeneralSecurityException {
      var key = keys.get(publicKey.keyId().orElseThrow());
      if (down || key == null) {
        throw new GeneralSecurityException("the key management service does not sign");
      }
      signatures.incrementAndGet();
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    }
  }
}
