package dev.lanyard.server.tlog;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.MalformedException;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/// A hash in a Merkle tree: SHA-256, with leaves and nodes told apart by their first octet, so that
/// no node can pass for a record. Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1 RFC 6962 §2.1
public final class Hash {
  public static final int BYTES = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /// Making one for each of millions of hashes would take longer than the hash.
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Sha256::digest);

  /// Of the tree without leaves.
  public static final Hash EMPTY = new Hash(Sha256.digest().digest());

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Of a leaf.
  public static Hash leaf(byte[] data) {
    return leaf(data, 0, data.length);
  }

  /// Of a leaf that is a part of an array.
  public static Hash leaf(byte[] data, int from, int length) {
    var digest = SHA_256.get();
    digest.update(LEAF);
    digest.update(data, from, length);
    return new Hash(digest.digest());
  }

  /// The same, written into an array.
  static void leaf(byte[] data, int from, int length, byte[] all, int at) {
    var digest = SHA_256.get();
    digest.update(LEAF);
    digest.update(data, from, length);
    try {
      digest.digest(all, at, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("there is no room for a hash at " + at, e);
    }
  }

  /// Of the node over two others.
  public static Hash node(Hash left, Hash right) {
    var digest = SHA_256.get();
    digest.update(NODE);
    digest.update(left.bytes);
    digest.update(right.bytes);
    return new Hash(digest.digest());
  }

  /// The hash that begins there.
  ///
  /// @throws IndexOutOfBoundsException if there are not so many octets
  public static Hash at(byte[] all, int from) {
    if (from + BYTES > all.length) {
      throw new IndexOutOfBoundsException("no hash at " + from + " of " + all.length);
    }
    return new Hash(Arrays.copyOfRange(all, from, from + BYTES));
  }

  /// @throws MalformedException if it is not 32 octets in base64
  public static Hash parse(String base64) throws MalformedException {
    var bytes = Base64s.decode(base64);
    if (bytes.length != BYTES) {
      throw new MalformedException("a hash has 32 octets, not " + bytes.length);
    }
    return new Hash(bytes);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// A copy.
  public byte[] bytes() {
    return bytes.clone();
  }

  void copyTo(byte[] all, int at) {
    System.arraycopy(bytes, 0, all, at, BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return base64();
  }
}
