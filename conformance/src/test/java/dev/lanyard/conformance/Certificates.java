package dev.lanyard.conformance;

import dev.lanyard.protocol.hash.Sha256;
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

/// The private certificate authority of an installation and the certificate it gave to `localhost`,
/// all PEM files.
record Certificates(Path authority, Path certificate, Path key) {
  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  /// The TLS settings of a client that trusts this authority and no other.
  SSLContext trust() {
    try {
      var store = emptyStore();
      store.setCertificateEntry("authority", read(authority));
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot read " + authority, e);
    }
  }

  /// The TLS settings of a server that shows the certificate.
  SSLContext present() {
    try {
      var store = emptyStore();
      store.setKeyEntry("server", privateKey(), IN_MEMORY, new Certificate[] {read(certificate)});
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, IN_MEMORY);
      var context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot read " + certificate + " and " + key, e);
    }
  }

  /// By this Chromium knows the certificate.
  String publicKeyHash() {
    try {
      var key = read(certificate).getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(Sha256.of(key));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot read " + certificate, e);
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Certificate read(Path pem) throws IOException, GeneralSecurityException {
    try (var stream = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private PrivateKey privateKey() throws IOException, GeneralSecurityException {
    var base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----", "");
    var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
    return KeyFactory.getInstance("EC").generatePrivate(encoded);
  }
}
