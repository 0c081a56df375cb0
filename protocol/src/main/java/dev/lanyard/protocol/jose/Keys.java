package dev.lanyard.protocol.jose;

import com.nimbusds.jose.jca.JCAContext;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/// Makes keys belong to the active provider: a foreign key object is converted at every single
/// operation, which costs the native provider two thirds of its speed.
final class Keys {
  private Keys() {}

  static PublicKey imported(PublicKey key) throws GeneralSecurityException {
    var factory = factory(key.getAlgorithm());
    return factory.generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }

  static PrivateKey imported(PrivateKey key) throws GeneralSecurityException {
    var factory = factory(key.getAlgorithm());
    return factory.generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
  }

  static KeyFactory factory(String algorithm) throws GeneralSecurityException {
    var active = CryptoProvider.active().provider();
    return active.getService("KeyFactory", algorithm) == null
        ? KeyFactory.getInstance(algorithm)
        : KeyFactory.getInstance(algorithm, active);
  }

  /// Lets a JOSE operation use the active provider if that has the signature algorithm.
  static void prefer(JCAContext context, String signatureAlgorithm) {
    var provider = CryptoProvider.forSignature(signatureAlgorithm);
    if (provider != null) {
      context.setProvider(provider);
    }
  }
}
