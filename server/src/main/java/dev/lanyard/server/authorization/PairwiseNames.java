package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.PersonId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The names by which people, and their sessions, are known in one sector and nowhere else: the
/// same for ever, nothing that two sectors could compare, and only we can undo them (decision 42).
///
/// Deterministic authenticated encryption in the manner of SIV: an HMAC of sector and value is the
/// initialisation vector and the proof at once. Thread-safe.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg OpenID Connect Core §8.1
public final class PairwiseNames {
  /// What the salt is called among the secrets of the installation.
  public static final String SALT = "pairwise-salt";

  private static final String HMAC = "HmacSHA256";
  private static final int PROOF_BYTES = 16;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKey proving;
  private final SecretKey hiding;

  /// @param salt of this installation; with another one everybody would be somebody new
  public PairwiseNames(Secret salt) {
    var root = new SecretKeySpec(salt.reveal().getBytes(StandardCharsets.UTF_8), HMAC);
    this.proving = new SecretKeySpec(hmac(root, "pairwise names: prove"), HMAC);
    this.hiding = new SecretKeySpec(hmac(root, "pairwise names: hide"), "AES");
  }

  /// What a name names, so that none passes for one of another kind.
  private enum Kind {
    PERSON,
    SESSION
  }

  /// What a person is called in a sector.
  public String person(String sector, PersonId person) {
    return named(Kind.PERSON, sector, person.value());
  }

  /// Who is called so in a sector; empty if nobody ever was.
  ///
  /// @param name untrusted
  public Optional<String> personOf(String sector, String name) {
    return undone(Kind.PERSON, sector, name);
  }

  /// What a session is called in a sector.
  String session(String sector, String session) {
    return named(Kind.SESSION, sector, session);
  }

  /// Which session is called so in a sector; empty if none ever was.
  ///
  /// @param name untrusted
  Optional<String> sessionOf(String sector, String name) {
    return undone(Kind.SESSION, sector, name);
  }

  private String named(Kind kind, String sector, String value) {
    var proof = proof(kind, sector, value);
    var hidden = crypted(Cipher.ENCRYPT_MODE, proof, value.getBytes(StandardCharsets.UTF_8));
    var name = Arrays.copyOf(proof, PROOF_BYTES + hidden.length);
    System.arraycopy(hidden, 0, name, PROOF_BYTES, hidden.length);
    return ENCODER.encodeToString(name);
  }

  private Optional<String> undone(Kind kind, String sector, String name) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(name);
    } catch (IllegalArgumentException e) {
      // The decoder has no other way to say that something is no base64url.
      return Optional.empty();
    }
    if (bytes.length <= PROOF_BYTES) {
      return Optional.empty();
    }
    var proof = Arrays.copyOf(bytes, PROOF_BYTES);
    var hidden = Arrays.copyOfRange(bytes, PROOF_BYTES, bytes.length);
    var value = new String(crypted(Cipher.DECRYPT_MODE, proof, hidden), StandardCharsets.UTF_8);
    return MessageDigest.isEqual(proof, proof(kind, sector, value))
        ? Optional.of(value)
        : Optional.empty();
  }

  /// No sector and no id has a line break, so no two inputs read alike.
  private byte[] proof(Kind kind, String sector, String value) {
    return Arrays.copyOf(hmac(proving, kind + "\n" + sector + "\n" + value), PROOF_BYTES);
  }

  private byte[] crypted(int mode, byte[] proof, byte[] bytes) {
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(mode, hiding, new IvParameterSpec(proof));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES in counter mode", e);
    }
  }

  private static byte[] hmac(SecretKey key, String input) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(input.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }
}
