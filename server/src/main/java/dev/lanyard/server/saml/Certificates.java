package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;

/// The certificates in which a provider publishes the keys that it signs with.
///
/// Of a certificate only the key counts: whoever configured it, or the metadata that it is in,
/// vouches for it, not its issuer and not its dates (SAML V2.0 Metadata Interoperability Profile
/// §2.6.1). `lanyard doctor` reminds of those that expire, because providers replace them then.
final class Certificates {
  private static final int LEAST_RSA = 2048;
  private static final int LEAST_EC = 256;

  private Certificates() {}

  /// The certificate in an element `X509Certificate`.
  static X509Certificate parse(String base64) throws MalformedException {
    try {
      var der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // The base64 decoder of the JDK has no other way to refuse.
      throw new MalformedException("not an X.509 certificate");
    }
  }

  /// Whether its key is strong enough to be believed: RSA of 2048 bits or more, or an elliptic
  /// curve of 256 or more.
  static boolean isStrong(X509Certificate certificate) {
    return switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= LEAST_RSA;
      case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= LEAST_EC;
      default -> false;
    };
  }

  /// The keys that are strong enough.
  static List<PublicKey> keys(List<X509Certificate> certificates) {
    return certificates.stream()
        .filter(Certificates::isStrong)
        .map(X509Certificate::getPublicKey)
        .toList();
  }
}
