package dev.lanyard.protocol.egress;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// TLS that trusts the platform's certificate authorities and some more.
public final class TrustedTls {
  private TrustedTls() {}

  /// Reads the certificates of a PEM file.
  ///
  /// @throws IOException if it cannot be read or holds no certificate
  public static List<X509Certificate> readPem(InputStream pem) throws IOException {
    try {
      var certificates = new ArrayList<X509Certificate>();
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        certificates.add((X509Certificate) certificate);
      }
      if (certificates.isEmpty()) {
        throw new IOException("no certificate in the PEM text");
      }
      return List.copyOf(certificates);
    } catch (GeneralSecurityException e) {
      throw new IOException("not PEM certificates: " + e.getMessage(), e);
    }
  }

  /// A TLS context for clients.
  ///
  /// @param more certificate authorities beside the platform's
  /// @throws IllegalArgumentException if one of them cannot be used
  public static SSLContext context(List<X509Certificate> more) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int index = 0;
      for (var certificate : more) {
        store.setCertificateEntry("more-" + index++, certificate);
      }
      for (var certificate : platformAuthorities()) {
        store.setCertificateEntry("platform-" + index++, certificate);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("a certificate authority cannot be trusted", e);
    }
  }

  private static List<X509Certificate> platformAuthorities() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
        .toList();
  }

  static SSLSocketFactory socketFactory(List<X509Certificate> more) {
    return context(more).getSocketFactory();
  }
}
