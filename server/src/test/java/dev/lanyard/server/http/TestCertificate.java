package dev.lanyard.server.http;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A self-signed certificate for `localhost`, with its key.
public record TestCertificate(KeyPair keys, X509Certificate certificate) {

  public static TestCertificate ec(String name) {
    return ec(name, Duration.ofDays(1));
  }

  /// @param life how long it is valid from now on
  public static TestCertificate ec(String name, Duration life) {
    return of(name, "EC", 256, "SHA256withECDSA", life);
  }

  static TestCertificate rsa(String name) {
    return of(name, "RSA", 2048, "SHA256withRSA", Duration.ofDays(1));
  }

  private static TestCertificate of(
      String name, String algorithm, int size, String signature, Duration life) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      var keys = generator.generateKeyPair();
      var subject = new X500Name("CN=" + name);
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(1, ChronoUnit.HOURS)),
              Date.from(now.plus(life)),
              subject,
              keys.getPublic());
      var names =
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              });
      builder.addExtension(Extension.subjectAlternativeName, false, names);
      var signer = new JcaContentSignerBuilder(signature).build(keys.getPrivate());
      return new TestCertificate(
          keys, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Tls writeTo(Path folder) throws IOException {
    var files = new Tls(folder.resolve("server.pem"), folder.resolve("server.key"));
    writeCertificate(files.certificate());
    writeKey(files.key());
    return files;
  }

  void writeCertificate(Path file) throws IOException {
    try {
      Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  void writeKey(Path file) throws IOException {
    Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  private static String pem(String label, byte[] der) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /// A context of a server that has this certificate.
  public SSLContext serve() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A context that trusts this certificate and no other.
  public SSLContext trust() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("server", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
