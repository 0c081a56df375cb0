package dev.lanyard.server.saml;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/// The key that signs what we send to a provider, and the certificate in which we publish it.
///
/// @param certificate of the key; only the key counts
public record RequestSigning(PrivateKey key, X509Certificate certificate) {

  /// @throws IllegalArgumentException if the key is too weak to be believed by anybody
  public RequestSigning {
    if (!Certificates.isStrong(certificate)) {
      throw new IllegalArgumentException(
          "request_signing needs an RSA key of 2048 bits or more, or an EC key of 256 or more");
    }
  }

  /// The algorithm, as XML signatures name it.
  String algorithm() {
    return "http://www.w3.org/2001/04/xmldsig-more#" + (isRsa() ? "rsa-sha256" : "ecdsa-sha256");
  }

  byte[] sign(byte[] octets) {
    try {
      var signature = Signature.getInstance(signatureName(isRsa() ? "RSA" : "EC", "SHA256"));
      signature.initSign(key);
      signature.update(octets);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing a SAML message failed", e);
    }
  }

  /// As Java names it. XML signatures write both halves of an ECDSA signature one after the other.
  static String signatureName(String keyKind, String digest) {
    return digest + (keyKind.equals("RSA") ? "withRSA" : "withECDSAinP1363Format");
  }

  private boolean isRsa() {
    return key.getAlgorithm().equals("RSA");
  }

  @Override
  public String toString() {
    return "RequestSigning[" + key.getAlgorithm() + "]";
  }
}
