package dev.lanyard.server.keys;

import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts the private keys of this installation: AES-256-GCM. Thread-safe.
///
/// The key is in a file of its own, so that a copy of the database alone signs nothing.
public final class MasterKey {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /// A nonce and a tag at least.
  private static final String SEALED = "[A-Za-z0-9_-]{38,2000}";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;
  private final Optional<MasterKey> former;

  private MasterKey(SecretKey key, Optional<MasterKey> former) {
    this.key = key;
    this.former = former;
  }

  /// The same key, which opens what a former one has sealed as well: while a new one takes over.
  public MasterKey succeeding(MasterKey old) {
    return new MasterKey(key, Optional.of(old));
  }

  /// Makes a new key in a new file that only its owner can read.
  ///
  /// @throws KeyException if the file exists or cannot be written
  public static void create(Path file) {
    var bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    try {
      KeyFile.create(file, Base64.getEncoder().encodeToString(bytes) + "\n");
    } catch (IOException e) {
      throw new KeyException("cannot create the master key " + file + ": " + e, e);
    }
  }

  /// Reads the key from its file.
  ///
  /// @throws KeyException if the file is missing, others can read it, or it is not a key; the
  ///   message says what to do
  public static MasterKey load(Path file) {
    try {
      refuseIfOthersMayRead(file);
      return of(new Secret(Files.readString(file, StandardCharsets.US_ASCII)), file.toString());
    } catch (IOException e) {
      throw new KeyException(
          "cannot read the master key "
              + file
              + ": "
              + e
              + ". Restore it from your backup; for a new installation run 'lanyard init'",
          e);
    }
  }

  private static void refuseIfOthersMayRead(Path file) throws IOException {
    var open =
        Files.getPosixFilePermissions(file).stream()
            .filter(OTHERS::contains)
            .collect(Collectors.toSet());
    if (!open.isEmpty()) {
      throw new KeyException(
          "others than its owner may use the master key "
              + file
              + "; run 'chmod 600 "
              + file
              + "'");
    }
  }

  /// The key itself, from wherever it is kept.
  ///
  /// @param base64 the key as its file has it
  /// @param from names the place in messages
  /// @throws KeyException if it is not a key
  public static MasterKey of(Secret base64, String from) {
    try {
      var bytes = Base64.getDecoder().decode(base64.reveal().strip());
      if (bytes.length == KEY_BYTES) {
        return new MasterKey(new SecretKeySpec(bytes, "AES"), Optional.empty());
      }
    } catch (IllegalArgumentException _) {
      // The same fault as a wrong length.
    }
    throw new KeyException("the master key " + from + " is not 32 bytes in base64");
  }

  /// @param context what the secret is for; it opens with the same one only
  public String seal(Secret secret, String context) {
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      var sealed = cipher.doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
      var both = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /// @throws KeyException if it was sealed with another master key or for something else
  public Secret open(String sealed, String context) {
    return opened(sealed, context)
        .or(() -> former.flatMap(old -> old.opened(sealed, context)))
        .orElseThrow(() ->
            new KeyException(
                "the master key does not open "
                    + context
                    + ": it is not the one of this database"));
  }

  /// The same of what a stranger has sent, who may have made it up.
  ///
  /// @return empty if it was not sealed here for this
  public Optional<Secret> openIfOurs(String sent, String context) {
    return sent.matches(SEALED) && sent.length() % 4 != 1
        ? opened(sent, context).or(() -> former.flatMap(old -> old.opened(sent, context)))
        : Optional.empty();
  }

  /// A key that follows from this one, for something that leaves the installation: whatever becomes
  /// known of it says nothing of this one.
  public MasterKey forPurpose(String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      var bytes = mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
      return new MasterKey(
          new SecretKeySpec(bytes, "AES"), former.map(old -> old.forPurpose(purpose)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
    }
  }

  /// A code that this installation alone can make of a text: for a key that is [for one
  /// purpose][#forPurpose] and seals nothing.
  public String code(String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      var bytes = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
    }
  }

  /// The codes of a text that are good: also that of a node that has the former key alone still,
  /// while this one takes over.
  public Set<String> codes(String text) {
    var codes = new HashSet<String>();
    codes.add(code(text));
    former.ifPresent(old -> codes.addAll(old.codes(text)));
    return codes;
  }

  /// Whether it was sealed with this key, not with a former one.
  boolean isSealed(String sealed, String context) {
    return opened(sealed, context).isPresent();
  }

  private Optional<Secret> opened(String sealed, String context) {
    var both = Base64.getUrlDecoder().decode(sealed);
    try {
      var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, NONCE_BYTES), context);
      var opened = cipher.doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
      return Optional.of(new Secret(new String(opened, StandardCharsets.UTF_8)));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  @Override
  public String toString() {
    return "MasterKey[hidden]";
  }
}
