package dev.lanyard.server.tlog;

import java.util.List;
import java.util.Locale;

/// A piece of the tree: up to 256 neighbouring hashes of one level. Each hash of a level covers a
/// full tile of the level below; those of level 0 are the leaves.
///
/// @param level from 0
/// @param number its place in the level, from 0
/// @spec https://c2sp.org/tlog-tiles#merkle-tree tlog-tiles, Merkle Tree
public record Tile(int level, long number, HashList hashes) {
  /// How many hashes a full tile has.
  public static final int WIDTH = 256;

  /// The height of a tile's subtree.
  static final int HEIGHT = 8;

  private static final long PATH_ELEMENT = 1_000;

  public Tile {
    if (hashes.isEmpty() || hashes.size() > WIDTH) {
      throw new IllegalArgumentException("a tile has 1 to 256 hashes, not " + hashes.size());
    }
  }

  public Tile(int level, long number, List<Hash> hashes) {
    this(level, number, HashList.copyOf(hashes));
  }

  /// A tile from its octets.
  ///
  /// @throws IllegalArgumentException if they are not a number of hashes that a tile can have
  public static Tile of(int level, long number, byte[] octets) {
    return new Tile(level, number, HashList.over(octets.clone()));
  }

  public int width() {
    return hashes.size();
  }

  public boolean isFull() {
    return width() == WIDTH;
  }

  /// How many hashes this tile has in a tree of this size.
  public static int width(int level, long number, long size) {
    return Math.clamp((size >> (HEIGHT * level)) - number * WIDTH, 0, WIDTH);
  }

  /// As it was when it had fewer hashes.
  public Tile first(int width) {
    return new Tile(level, number, hashes.subList(0, width));
  }

  /// The hash of the node over it.
  ///
  /// @throws IllegalStateException if it is not full
  public Hash root() {
    if (!isFull()) {
      throw new IllegalStateException("no node is over a tile of " + width() + " hashes");
    }
    return over(0, WIDTH);
  }

  /// The hash over a power of two of neighbouring hashes.
  Hash over(int from, int count) {
    return count == 1
        ? hashes.get(from)
        : Hash.node(over(from, count / 2), over(from + count / 2, count / 2));
  }

  /// The octets of its hashes, one after the other.
  public byte[] octets() {
    return hashes.octets();
  }

  /// Where a log serves it, relative to the log, e.g. `tile/0/x001/067.p/12`.
  public String path() {
    var path = path(level, number);
    return isFull() ? path : path + ".p/" + width();
  }

  /// Where a log serves the full tile.
  public static String path(int level, long number) {
    var path = new StringBuilder(element(number % PATH_ELEMENT));
    for (long rest = number / PATH_ELEMENT; rest > 0; rest /= PATH_ELEMENT) {
      path.insert(0, "x" + element(rest % PATH_ELEMENT) + "/");
    }
    return "tile/" + level + "/" + path;
  }

  private static String element(long number) {
    return String.format(Locale.ROOT, "%03d", number);
  }
}
