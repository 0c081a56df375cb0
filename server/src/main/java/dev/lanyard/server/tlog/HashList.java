package dev.lanyard.server.tlog;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/// Hashes as octets, one after the other: as objects, millions of them would give the garbage
/// collector more to do than hashing does, and to compare. Immutable.
public final class HashList extends AbstractList<Hash> implements RandomAccess {
  private final byte[] octets;

  private HashList(byte[] octets) {
    this.octets = octets;
  }

  /// @param octets are not copied, and must not change any more
  static HashList over(byte[] octets) {
    if (octets.length % Hash.BYTES != 0) {
      throw new IllegalArgumentException("no number of hashes: " + octets.length + " octets");
    }
    return new HashList(octets);
  }

  static HashList copyOf(List<Hash> hashes) {
    if (hashes instanceof HashList list) {
      return list;
    }
    var octets = new byte[hashes.size() * Hash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(octets, i * Hash.BYTES);
    }
    return new HashList(octets);
  }

  @Override
  public Hash get(int index) {
    return Hash.at(octets, Objects.checkIndex(index, size()) * Hash.BYTES);
  }

  @Override
  public int size() {
    return octets.length / Hash.BYTES;
  }

  /// A copy.
  byte[] octets() {
    return octets.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashList list
        ? Arrays.equals(octets, list.octets)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /// Takes hashes in any order, each with its place. Not thread-safe.
  public static final class Places {
    private final byte[] octets;
    private final BitSet taken;

    /// @param most how many places there are
    public Places(int most) {
      this.octets = new byte[most * Hash.BYTES];
      this.taken = new BitSet(most);
    }

    /// Puts the hash of a leaf into a place.
    public void leaf(int place, byte[] data, int from, int length) {
      Hash.leaf(data, from, length, octets, place * Hash.BYTES);
      taken.set(place);
    }

    /// Puts the first hashes of others into the places from one on.
    public void all(int place, HashList others, int count) {
      System.arraycopy(others.octets, 0, octets, place * Hash.BYTES, count * Hash.BYTES);
      taken.set(place, place + count);
    }

    /// Those that were put there, in the order of their places. Nothing is put there any more.
    public HashList hashes() {
      int count = taken.cardinality();
      if (count * Hash.BYTES == octets.length) {
        return new HashList(octets);
      }
      var some = new byte[count * Hash.BYTES];
      int at = 0;
      for (int place = taken.nextSetBit(0); place >= 0; place = taken.nextSetBit(place + 1)) {
        System.arraycopy(octets, place * Hash.BYTES, some, at, Hash.BYTES);
        at += Hash.BYTES;
      }
      return new HashList(some);
    }
  }
}
