package dev.lanyard.server.tlog;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Signs notes as a log, or cosigns them as a witness. Thread-safe.
public final class NoteSigner {
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final int KEY_BYTES = 32;

  private final NoteKey publicKey;
  private final PrivateKey key;

  private NoteSigner(NoteKey publicKey, PrivateKey key) {
    this.publicKey = publicKey;
    this.key = key;
  }

  /// A new key in the form in which it is kept: private and public part, in base64.
  public static Secret generate() {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      var both =
          ByteBuffer.allocate(2 * KEY_BYTES)
              .put(last(pair.getPrivate().getEncoded()))
              .put(last(pair.getPublic().getEncoded()));
      return new Secret(Base64.getEncoder().encodeToString(both.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }

  /// The key itself stands at the end of either encoding.
  private static byte[] last(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  /// Signs as the log of this name.
  ///
  /// @param kept as [#generate] made it
  /// @throws MalformedException if it is not a key, or the name cannot be one of a key
  public static NoteSigner log(String name, Secret kept) throws MalformedException {
    return of(name, NoteKey.LOG, kept);
  }

  /// Cosigns as the witness of this name.
  ///
  /// @throws MalformedException as [#log]
  public static NoteSigner witness(String name, Secret kept) throws MalformedException {
    return of(name, NoteKey.WITNESS, kept);
  }

  private static NoteSigner of(String name, byte type, Secret kept) throws MalformedException {
    var both = Base64s.decode(kept.reveal());
    if (both.length != 2 * KEY_BYTES) {
      throw new MalformedException("not the key of a log");
    }
    try {
      var encoded =
          ByteBuffer.allocate(PKCS8_PREFIX.length + KEY_BYTES)
              .put(PKCS8_PREFIX)
              .put(both, 0, KEY_BYTES);
      var key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(encoded.array()));
      return new NoteSigner(NoteKey.of(name, type, last(both)), key);
    } catch (GeneralSecurityException e) {
      throw new MalformedException("not the key of a log");
    }
  }

  /// With which others verify.
  public NoteKey publicKey() {
    return publicKey;
  }

  /// The signature on a text.
  ///
  /// @param at when, which only a witness says
  public Note.Signature sign(String text, Instant at) {
    if (!publicKey.isWitness()) {
      return new Note.Signature(publicKey.name(), publicKey.keyId(), signed(text));
    }
    long seconds = at.getEpochSecond();
    var signed = signed(NoteKey.cosigned(seconds, text));
    var octets = ByteBuffer.allocate(Long.BYTES + signed.length).putLong(seconds).put(signed);
    return new Note.Signature(publicKey.name(), publicKey.keyId(), octets.array());
  }

  private byte[] signed(String text) {
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a note cannot be signed", e);
    }
  }

  @Override
  public String toString() {
    return "NoteSigner[" + publicKey.name() + "]";
  }
}
