package dev.lanyard.protocol.egress;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A private certificate authority for one test.
final class TestAuthority {
  private static final X500Name NAME = new X500Name("CN=Test authority");
  private static final Date FROM = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
  private static final Date UNTIL = Date.from(Instant.parse("2120-01-01T00:00:00Z"));

  private final KeyPair keys = keyPair();
  private final X509Certificate certificate = issue(NAME, keys, true, new GeneralName[0]);

  X509Certificate certificate() {
    return certificate;
  }

  /// A server's TLS for one host name.
  SSLContext serverFor(String dnsName) throws Exception {
    var serverKeys = keyPair();
    var server =
        issue(
            new X500Name("CN=server"),
            serverKeys,
            false,
            new GeneralName(GeneralName.dNSName, dnsName));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        serverKeys.getPrivate(),
        new char[0],
        new X509Certificate[] {server, certificate});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private X509Certificate issue(
      X500Name subject, KeyPair subjectKeys, boolean authority, GeneralName... names) {
    try {
      var serial = BigInteger.valueOf(System.identityHashCode(subjectKeys));
      var builder =
          new JcaX509v3CertificateBuilder(
              NAME, serial, FROM, UNTIL, subject, subjectKeys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
