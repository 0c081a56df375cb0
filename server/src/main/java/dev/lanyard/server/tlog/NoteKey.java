package dev.lanyard.server.tlog;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/// The public key of whoever signs notes: a log (Ed25519), or a witness that says when it saw a
/// checkpoint (Ed25519 cosignature).
///
/// @spec https://c2sp.org/signed-note#verifier-keys signed-note, Verifier keys
/// @spec https://c2sp.org/tlog-cosignature#format tlog-cosignature, Format
public final class NoteKey {
  static final byte LOG = 1;
  static final byte WITNESS = 4;

  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int KEY_BYTES = 32;
  private static final int TIMESTAMPED_BYTES = Long.BYTES + 64;

  private final String name;
  private final byte type;
  private final byte[] raw;
  private final PublicKey key;

  private NoteKey(String name, byte type, byte[] raw, PublicKey key) {
    this.name = name;
    this.type = type;
    this.raw = raw;
    this.key = key;
  }

  /// What a note says to this key.
  public sealed interface Judgement {
    /// The key has not signed it.
    record Absent() implements Judgement {}

    /// Somebody has put the key's name on it.
    record Forged() implements Judgement {}

    /// The log has signed it.
    record Signed() implements Judgement {}

    /// The witness has seen it.
    record Witnessed(Instant at) implements Judgement {}
  }

  static NoteKey of(String name, byte type, byte[] raw) throws MalformedException {
    if (!isName(name) || raw.length != KEY_BYTES || (type != LOG && type != WITNESS)) {
      throw new MalformedException("not a key for Ed25519 signatures or cosignatures of notes");
    }
    try {
      var encoded = ByteBuffer.allocate(X509_PREFIX.length + KEY_BYTES).put(X509_PREFIX).put(raw);
      var key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.array()));
      return new NoteKey(name, type, raw.clone(), key);
    } catch (GeneralSecurityException e) {
      throw new MalformedException("not a key for Ed25519: " + e.getMessage());
    }
  }

  /// Reads `<name>+<id>+<key>`.
  ///
  /// @throws MalformedException if it is anything else
  public static NoteKey parse(String written) throws MalformedException {
    var parts = written.split("\\+", 3);
    if (parts.length != 3) {
      throw new MalformedException("a key of notes is <name>+<id>+<key>");
    }
    var typed = Base64s.decode(parts[2]);
    if (typed.length == 0) {
      throw new MalformedException("a key of notes is empty");
    }
    var key = of(parts[0], typed[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.id().equals(parts[1])) {
      throw new MalformedException("the id of the key " + parts[0] + " is not that of this key");
    }
    return key;
  }

  static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars().noneMatch(c -> c == '+' || Character.isWhitespace(c) || c < ' ')
        && name.chars().noneMatch(Character::isSpaceChar);
  }

  public String name() {
    return name;
  }

  /// Whether it is the key of a witness.
  public boolean isWitness() {
    return type == WITNESS;
  }

  private String id() {
    return HexFormat.of().toHexDigits(keyId());
  }

  int keyId() {
    var digest = Sha256.digest();
    digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
    digest.update(type);
    return ByteBuffer.wrap(digest.digest(raw)).getInt();
  }

  /// Judges the signature of this key on a note. One good signature beside a forged one is forged.
  public Judgement judge(Note note) {
    Judgement judgement = new Judgement.Absent();
    for (var signature : note.signatures()) {
      if (signature.name().equals(name) && signature.keyId() == keyId()) {
        judgement = judge(note.text(), signature.octets());
        if (judgement instanceof Judgement.Forged) {
          return judgement;
        }
      }
    }
    return judgement;
  }

  private Judgement judge(String text, byte[] octets) {
    if (type == LOG) {
      return verifies(text, octets) ? new Judgement.Signed() : new Judgement.Forged();
    }
    if (octets.length != TIMESTAMPED_BYTES) {
      return new Judgement.Forged();
    }
    long seconds = ByteBuffer.wrap(octets).getLong();
    return seconds > 0
            && seconds <= Instant.MAX.getEpochSecond()
            && verifies(
                cosigned(seconds, text), Arrays.copyOfRange(octets, Long.BYTES, octets.length))
        ? new Judgement.Witnessed(Instant.ofEpochSecond(seconds))
        : new Judgement.Forged();
  }

  /// What a witness signs of a checkpoint.
  static String cosigned(long seconds, String text) {
    return "cosignature/v1\ntime " + seconds + "\n" + text;
  }

  private boolean verifies(String text, byte[] octets) {
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(octets);
    } catch (GeneralSecurityException e) {
      // Octets that cannot be a signature.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteKey that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, keyId());
  }

  /// As it is written down, for whoever verifies.
  @Override
  public String toString() {
    var typed = ByteBuffer.allocate(1 + KEY_BYTES).put(type).put(raw).array();
    return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
