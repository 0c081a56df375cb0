package dev.lanyard.server.clients;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/// The salted SHA-256 hash of a client secret: `sha256:<salt>:<hash>`, both base64url.
///
/// One fast hash is enough, because a [ClientSecret] has 256 random bits that nobody can guess; a
/// password hash would cost every token request what it costs an attacker. People's passwords are
/// another matter. Immutable.
public final class SecretHash {
  private static final String PREFIX = "sha256:";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final byte[] salt;
  private final byte[] hash;

  private SecretHash(byte[] salt, byte[] hash) {
    this.salt = salt;
    this.hash = hash;
  }

  static SecretHash of(Secret secret, SecureRandom random) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new SecretHash(salt, digest(salt, secret));
  }

  /// Reads the text form.
  ///
  /// @throws IllegalArgumentException if it has another form; for configuration
  public static SecretHash parse(String text) {
    var parts = text.split(":", -1);
    if (parts.length != 3 || !text.startsWith(PREFIX)) {
      throw notAHash();
    }
    try {
      var salt = Base64.getUrlDecoder().decode(parts[1]);
      var hash = Base64.getUrlDecoder().decode(parts[2]);
      if (salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
        throw notAHash();
      }
      return new SecretHash(salt, hash);
    } catch (IllegalArgumentException e) {
      // The decoder's message would repeat characters of what may be a secret put here by mistake.
      throw notAHash();
    }
  }

  private static IllegalArgumentException notAHash() {
    return new IllegalArgumentException(
        "not sha256:<salt>:<hash>; make one with 'lanyard client secret'");
  }

  /// Whether this is the hash of the secret; takes the same time wherever they differ.
  public boolean isOf(Secret secret) {
    return MessageDigest.isEqual(hash, digest(salt, secret));
  }

  private static byte[] digest(byte[] salt, Secret secret) {
    var digest = Sha256.digest();
    digest.update(salt);
    return digest.digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  /// The text form, as it is kept in the clients file.
  public String text() {
    return PREFIX + ENCODER.encodeToString(salt) + ":" + ENCODER.encodeToString(hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretHash that
        && MessageDigest.isEqual(salt, that.salt)
        && MessageDigest.isEqual(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Objects.hash(salt[0], hash[0]);
  }

  @Override
  public String toString() {
    return "SecretHash[hidden]";
  }
}
