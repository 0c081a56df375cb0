package dev.lanyard.server.app.command.installation;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/// A private certificate authority for trying Lanyard out: real MCP clients refuse plain HTTP even
/// on loopback. Production brings its own certificates.
///
/// The authority's private key is never written: it signs one certificate and is forgotten, so that
/// a trust store with `ca.pem` cannot be used against its owner.
public final class PrivateAuthority {
  private static final int MOST_OF_HOST = 253;
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9_-]{0,62}))*");
  private static final X500Name NAME = new X500Name("CN=Lanyard private authority");

  private final SecureRandom random = new SecureRandom();
  private final Instant now;
  private final KeyPair key;
  private final X509Certificate certificate;

  public PrivateAuthority(Instant now) {
    this.now = now;
    this.key = newKey();
    this.certificate = selfSigned();
  }

  /// The files of a server's TLS set-up.
  ///
  /// @param authority the certificate that clients must trust
  /// @param certificate the server's certificate
  /// @param key the server's private key, readable by the owner only
  public record TlsFiles(Path authority, Path certificate, Path key) {}

  /// Writes `ca.pem`, `server.pem` and `server.key` for servers that answer to these names.
  ///
  /// @param names host names and IP addresses, none of them [#unusable]
  /// @throws IOException if one of the files is there already, or cannot be written
  public TlsFiles write(Path folder, List<String> names) throws IOException {
    var server = newKey();
    var signed = signed(server, names);
    var files =
        new TlsFiles(
            folder.resolve("ca.pem"), folder.resolve("server.pem"), folder.resolve("server.key"));
    Files.createDirectories(folder);
    Files.writeString(files.authority, pem("CERTIFICATE", encoded(certificate)), CREATE_NEW);
    Files.writeString(files.certificate, pem("CERTIFICATE", encoded(signed)), CREATE_NEW);
    writePrivately(files.key, pem("PRIVATE KEY", encoded(server.getPrivate())));
    return files;
  }

  /// Writes a file that only its owner may read, and that is never readable by others in between.
  static void writePrivately(Path file, String text) throws IOException {
    var owner = PosixFilePermissions.fromString("rw-------");
    try (var channel =
        Files.newByteChannel(
            file, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(owner))) {
      channel.write(StandardCharsets.UTF_8.encode(text));
    }
  }

  private X509Certificate selfSigned() {
    var builder = builder(NAME, key, Duration.ofDays(3650));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return sign(builder);
    } catch (CertIOException e) {
      throw new IllegalStateException("cannot build the authority's certificate", e);
    }
  }

  private X509Certificate signed(KeyPair server, List<String> names) {
    var builder = builder(new X500Name("CN=" + names.getFirst()), server, Duration.ofDays(397));
    var alternatives =
        names.stream()
            .map(name ->
                new GeneralName(
                    isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
            .toArray(GeneralName[]::new);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      return sign(builder);
    } catch (CertIOException e) {
      throw new IllegalStateException("cannot build the server's certificate", e);
    }
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair holder, Duration life) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        new BigInteger(120, random).setBit(0),
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(life)),
        subject,
        holder.getPublic());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder) {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a certificate", e);
    }
  }

  private static boolean isAddress(String name) {
    return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
  }

  /// The first name that no certificate can have: neither a host name nor an IP address.
  static Optional<String> unusable(List<String> names) {
    return names.stream()
        .filter(name ->
            isAddress(name)
                ? !IPAddress.isValid(name)
                : name.length() > MOST_OF_HOST || !HOST.matcher(name).matches())
        .findFirst();
  }

  private static KeyPair newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no P-256 keys", e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate of ours has no encoding", e);
    }
  }

  private static byte[] encoded(PrivateKey key) {
    return key.getEncoded();
  }

  private static String pem(String kind, byte[] der) {
    var out = new StringWriter();
    out.write("-----BEGIN " + kind + "-----\n");
    out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    out.write("\n-----END " + kind + "-----\n");
    return out.toString();
  }
}
