package dev.lanyard.demo;

import dev.lanyard.server.app.command.installation.PrivateAuthority.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS for the two sides of the demonstration, from the files of its private authority.
final class DemoTls {
  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  private DemoTls() {}

  /// For a server: presents the certificate.
  static SSLContext presenting(TlsFiles files) throws IOException, GeneralSecurityException {
    var store = emptyStore();
    store.setKeyEntry(
        "server",
        key(files.key()),
        IN_MEMORY,
        new Certificate[] {certificate(files.certificate())});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, IN_MEMORY);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /// For a client: trusts the authority and nobody else.
  static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    var store = emptyStore();
    store.setCertificateEntry("authority", certificate(authority));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    var body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    var der = Base64.getMimeDecoder().decode(body);
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
