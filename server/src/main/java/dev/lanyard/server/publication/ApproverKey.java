package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.keys.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The private key by which somebody signs what they propose and approve, in a file of their own.
public final class ApproverKey {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private static final int SHORTEST_PASSPHRASE = 12;

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
  /// @param passphrase without which the file shall be of no use, if there is to be one
  /// @throws Unusable if the file exists or cannot be written, or the passphrase is none
  public static SigningKey create(Path file, Optional<Secret> passphrase) throws Unusable {
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    if (passphrase.isPresent() && !isGood(passphrase.get())) {
      throw new Unusable(
          "a passphrase has at least %d characters, all of them ASCII; no key was made"
              .formatted(SHORTEST_PASSPHRASE));
    }
    var text =
        passphrase
            .map(secret -> EncryptedKey.encrypt(key, secret))
            .orElseGet(() -> key.toPrivateJwk().reveal() + "\n");
    try {
      KeyFile.create(file, text);
      return key;
    } catch (IOException e) {
      throw new Unusable("cannot create " + file + ": " + e);
    }
  }

  /// What passphrases are made of is what the encryption takes, so that no other tool reads another
  /// one out of it.
  private static boolean isGood(Secret passphrase) {
    var text = passphrase.reveal();
    return text.length() >= SHORTEST_PASSPHRASE
        && text.chars().allMatch(character -> character >= ' ' && character <= '~');
  }

  /// Reads a key from its file.
  ///
  /// @param passphrase asked only if the key has one
  /// @throws Unusable if the file is missing, others can read it, it is not such a key, or the
  ///   passphrase is wrong
  public static SigningKey load(Path file, Supplier<Secret> passphrase) throws Unusable {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
        throw new Unusable(
            "others than its owner may use " + file + "; run 'chmod 600 " + file + "'");
      }
      var text = Files.readString(file).strip();
      return EncryptedKey.isOne(text)
          ? EncryptedKey.decrypt(text, passphrase.get())
          : SigningKey.fromPrivateJwk(new Secret(text));
    } catch (IOException e) {
      throw new Unusable("cannot read " + file + ": " + e);
    } catch (GeneralSecurityException e) {
      throw new Unusable("the passphrase of " + file + " is another one, or the file was changed");
    } catch (MalformedException e) {
      throw new Unusable(file + " is not a key of 'lanyard approver key'");
    }
  }
}
