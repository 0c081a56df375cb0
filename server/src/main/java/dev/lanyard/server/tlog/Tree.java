package dev.lanyard.server.tlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tree of a certain size over the tiles of the same or a larger one: its root, and the proofs
/// for others. Tiles are looked up once. Not thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1 RFC 6962 §2.1
public final class Tree {
  private final long size;
  private final Subtrees subtrees;

  Tree(long size, Subtrees subtrees) {
    this.size = size;
    this.subtrees = subtrees;
  }

  /// The tree of the first leaves of these tiles.
  public static Tree of(long size, Tiles tiles) {
    return new Tree(size, new Tiled(size, tiles));
  }

  /// A tile that the tree needs is not there, or has not as many hashes as it must have.
  public static final class MissingTileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingTileException(String path) {
      super("the tile " + path + " is missing or too short");
    }
  }

  /// @throws MissingTileException if a tile is not there
  public Hash root() {
    return size == 0 ? Hash.EMPTY : over(0, size);
  }

  /// The hashes that, with a leaf, make the root: the leaf's neighbour first.
  ///
  /// @param leaf from 0
  /// @throws IllegalArgumentException if the tree has no such leaf
  /// @throws MissingTileException if a tile is not there
  /// @spec https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1.1 RFC 6962 §2.1.1
  public List<Hash> inclusion(long leaf) {
    if (leaf < 0 || leaf >= size) {
      throw new IllegalArgumentException("a tree of " + size + " leaves has no leaf " + leaf);
    }
    var path = new ArrayList<Hash>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + split(to - from);
      if (leaf < middle) {
        path.addFirst(over(middle, to));
        to = middle;
      } else {
        path.addFirst(over(from, middle));
        from = middle;
      }
    }
    return path;
  }

  /// The hashes that show that a smaller tree is the beginning of this one.
  ///
  /// @param smaller its size, from 1
  /// @throws IllegalArgumentException if that is larger than this tree, or none
  /// @throws MissingTileException if a tile is not there
  /// @spec https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1.2 RFC 6962 §2.1.2
  public List<Hash> consistency(long smaller) {
    if (smaller < 1 || smaller > size) {
      throw new IllegalArgumentException(
          "a tree of " + smaller + " leaves is not the beginning of one of " + size);
    }
    var path = new ArrayList<Hash>();
    long from = 0;
    long to = size;
    while (smaller != to) {
      long middle = from + split(to - from);
      if (smaller <= middle) {
        path.addFirst(over(middle, to));
        to = middle;
      } else {
        path.addFirst(over(from, middle));
        from = middle;
      }
    }
    if (from > 0) {
      path.addFirst(over(from, to));
    }
    return path;
  }

  /// The largest power of two that is smaller.
  private static long split(long leaves) {
    return Long.highestOneBit(leaves - 1);
  }

  /// Parts begin at multiples of a power of two that is not smaller than they are, so one that is a
  /// power of two itself is a complete subtree.
  private Hash over(long from, long to) {
    long leaves = to - from;
    if (Long.bitCount(leaves) == 1) {
      int height = Long.numberOfTrailingZeros(leaves);
      return subtrees.complete(height, from >> height);
    }
    long middle = from + split(leaves);
    return Hash.node(over(from, middle), over(middle, to));
  }

  private record Spot(int level, long number) {}

  private static final class Tiled implements Subtrees {
    private final long size;
    private final Tiles tiles;
    private final Map<Spot, Tile> known = new HashMap<>();

    Tiled(long size, Tiles tiles) {
      this.size = size;
      this.tiles = tiles;
    }

    @Override
    public Hash complete(int height, long index) {
      int level = height / Tile.HEIGHT;
      int inTile = height % Tile.HEIGHT;
      long first = index << inTile;
      var tile = known.computeIfAbsent(new Spot(level, first / Tile.WIDTH), this::find);
      return tile.over((int) (first % Tile.WIDTH), 1 << inTile);
    }

    private Tile find(Spot spot) {
      return tiles
          .find(spot.level, spot.number)
          .filter(tile -> tile.width() >= Tile.width(spot.level, spot.number, size))
          .orElseThrow(() -> new MissingTileException(Tile.path(spot.level, spot.number)));
    }
  }
}
