package dev.lanyard.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEParameterSpec;

/// A certificate chain with its private key, read from PEM files.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7468.html RFC 7468
public record Certificate(PrivateKey key, List<X509Certificate> chain) {
  private static final char[] NO_PASSWORD = new char[0];
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----", Pattern.DOTALL);

  /// The store never leaves the memory and its password is empty, so the usual thousands of rounds
  /// would protect nothing; they took a third of the start of the server.
  private static final int ROUNDS = 1;

  /// Reads a pair of files.
  ///
  /// @throws IOException if a file cannot be read, is not what it should be, or the key is not the
  ///   one of the certificate; the message says which
  public static Certificate read(Tls files) throws IOException {
    try {
      var chain = chain(files.certificate());
      var key = key(files.key());
      if (!fits(key, chain.getFirst().getPublicKey())) {
        throw new IOException(
            files.key()
                + " is not the private key of the first certificate in "
                + files.certificate());
      }
      return new Certificate(key, chain);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use " + files.certificate() + " with " + files.key(), e);
    }
  }

  private static List<X509Certificate> chain(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return certificates.stream().map(X509Certificate.class::cast).toList();
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    var text = Files.readString(file, StandardCharsets.US_ASCII);
    var pem = KEY.matcher(text);
    if (!pem.find()) {
      throw new IOException(
          file
              + " holds no unencrypted PKCS#8 key ('BEGIN PRIVATE KEY'); convert another form with"
              + " 'openssl pkcs8 -topk8 -nodes'");
    }
    try {
      return decoded(file, Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      // The JDK's base64 decoder has no other way to say it.
      throw new IOException(file + " holds a key that is not base64", e);
    }
  }

  private static PrivateKey decoded(Path file, byte[] pkcs8) throws IOException {
    for (var algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException _) {
        // The encoding names its algorithm, but the JDK only tells by trying.
      }
    }
    throw new IOException(file + " holds neither an EC nor an RSA key");
  }

  private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    var challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    var signature =
        Signature.getInstance(
            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(key);
    signature.update(challenge);
    var signed = signature.sign();
    signature.initVerify(certified);
    signature.update(challenge);
    return signature.verify(signed);
  }

  /// When the first one of the chain ends: from then on nobody trusts it.
  Instant end() {
    return chain.stream()
        .map(one -> one.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  KeyStore toKeyStore() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      var entry = new KeyStore.PrivateKeyEntry(key, chain.toArray(X509Certificate[]::new));
      store.setEntry("server", entry, protection());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a key store in memory can always be made", e);
    }
  }

  private static KeyStore.PasswordProtection protection() {
    var random = new SecureRandom();
    var salt = new byte[16];
    random.nextBytes(salt);
    var vector = new byte[16];
    random.nextBytes(vector);
    return new KeyStore.PasswordProtection(
        NO_PASSWORD,
        "PBEWithHmacSHA256AndAES_256",
        new PBEParameterSpec(salt, ROUNDS, new IvParameterSpec(vector)));
  }
}
