package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/// The private key by which somebody signs what they propose and approve, in a file of their own.
public final class ApproverKey {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private ApproverKey() {}

  /// A key file that cannot be used; the message says what to do.
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /// Makes a new key in a new file that only its owner can read.
  ///
  /// @throws Unusable if the file exists or cannot be written
  public static SigningKey create(Path file) throws Unusable {
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, key.toPrivateJwk().reveal() + "\n", StandardOpenOption.SYNC);
      return key;
    } catch (IOException e) {
      throw new Unusable("cannot create " + file + ": " + e);
    }
  }

  /// Reads a key from its file.
  ///
  /// @throws Unusable if the file is missing, others can read it, or it is not such a key
  public static SigningKey load(Path file) throws Unusable {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
        throw new Unusable(
            "others than its owner may use " + file + "; run 'chmod 600 " + file + "'");
      }
      return SigningKey.fromPrivateJwk(new Secret(Files.readString(file).strip()));
    } catch (IOException e) {
      throw new Unusable("cannot read " + file + ": " + e);
    } catch (MalformedException e) {
      throw new Unusable(file + " is not a key of 'lanyard approver key'");
    }
  }
}
