package dev.lanyard.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// The key of the identity provider that the suite plays, in a file of its own, so that a server
/// that was given its public half once knows it in every run.
public final class KeyFile {
  private static final int LINES = 3;

  private KeyFile() {}

  /// Reads the key, or makes it where there is no file yet.
  ///
  /// @throws IOException if the file cannot be read or written, or is none of ours
  public static Jws readOrCreate(Path file, Jws.Algorithm algorithm) throws IOException {
    if (!Files.exists(file)) {
      create(file, algorithm);
    }
    var lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    if (lines.size() != LINES || !lines.getFirst().equals(algorithm.name())) {
      throw new IOException(
          file + " holds no key for " + algorithm + "; remove it, and a new one is made");
    }
    return key(file, algorithm, lines);
  }

  private static void create(Path file, Jws.Algorithm algorithm) throws IOException {
    var keys = Jws.generate(algorithm, "new").keys();
    var encoder = Base64.getEncoder();
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        file,
        List.of(
            algorithm.name(),
            encoder.encodeToString(keys.getPrivate().getEncoded()),
            encoder.encodeToString(keys.getPublic().getEncoded())),
        StandardCharsets.US_ASCII);
  }

  private static Jws key(Path file, Jws.Algorithm algorithm, List<String> lines)
      throws IOException {
    try {
      var factory = KeyFactory.getInstance(algorithm == Jws.Algorithm.ES256 ? "EC" : "RSA");
      var secret = Base64.getDecoder().decode(lines.get(1));
      var open = Base64.getDecoder().decode(lines.get(2));
      var keys =
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(open)),
              factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
      var name = Base64.getUrlEncoder().withoutPadding().encodeToString(Jws.sha256(lines.get(2)));
      return new Jws(algorithm, "suite-" + name.substring(0, 8), keys);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " holds no key; remove it, and a new one is made", e);
    }
  }
}
