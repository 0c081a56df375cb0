package dev.lanyard.server.tlog;

import java.util.ArrayList;
import java.util.List;

/// Appends leaves to a tree. All that is held is its right edge: of each level the tile that is not
/// full yet. Not thread-safe.
public final class Growth {
  private final List<Edge> edges = new ArrayList<>();
  private final List<Tile> full = new ArrayList<>();
  private long size;

  private Growth(long size) {
    this.size = size;
  }

  /// The last tile of a level.
  private static final class Edge {
    private final List<Hash> hashes;
    private long number;
    private boolean changed;

    Edge(long number, List<Hash> hashes) {
      this.number = number;
      this.hashes = hashes;
    }
  }

  /// Goes on where a tree ends.
  ///
  /// @throws Tree.MissingTileException if a tile of its right edge is not there
  public static Growth of(long size, Tiles tiles) {
    var growth = new Growth(size);
    long hashes = size;
    for (int level = 0; hashes > 0; level++, hashes /= Tile.WIDTH) {
      long number = hashes / Tile.WIDTH;
      int width = (int) (hashes % Tile.WIDTH);
      growth.edges.add(
          new Edge(number, width == 0 ? new ArrayList<>() : edge(level, number, width, tiles)));
    }
    return growth;
  }

  private static List<Hash> edge(int level, long number, int width, Tiles tiles) {
    return tiles
        .find(level, number)
        .filter(tile -> tile.width() >= width)
        .map(tile -> new ArrayList<>(tile.hashes().subList(0, width)))
        .orElseThrow(() -> new Tree.MissingTileException(Tile.path(level, number)));
  }

  public long size() {
    return size;
  }

  /// Adds a leaf behind the last one.
  public void append(Hash leaf) {
    append(0, leaf);
    size++;
  }

  private void append(int level, Hash hash) {
    if (level == edges.size()) {
      edges.add(new Edge(0, new ArrayList<>()));
    }
    var edge = edges.get(level);
    edge.hashes.add(hash);
    edge.changed = true;
    if (edge.hashes.size() == Tile.WIDTH) {
      var tile = new Tile(level, edge.number, edge.hashes);
      full.add(tile);
      edge.hashes.clear();
      edge.number++;
      edge.changed = false;
      append(level + 1, tile.root());
    }
  }

  public Hash root() {
    var peaks = new ArrayList<Hash>();
    for (int level = edges.size() - 1; level >= 0; level--) {
      peaks.addAll(peaks(level));
    }
    if (peaks.isEmpty()) {
      return Hash.EMPTY;
    }
    var root = peaks.removeLast();
    while (!peaks.isEmpty()) {
      root = Hash.node(peaks.removeLast(), root);
    }
    return root;
  }

  /// The complete subtrees of a tile that is not full, the largest first.
  private List<Hash> peaks(int level) {
    var edge = edges.get(level);
    if (edge.hashes.isEmpty()) {
      return List.of();
    }
    var tile = new Tile(level, edge.number, edge.hashes);
    var peaks = new ArrayList<Hash>();
    int from = 0;
    while (from < tile.width()) {
      int count = Integer.highestOneBit(tile.width() - from);
      peaks.add(tile.over(from, count));
      from += count;
    }
    return peaks;
  }

  /// Every tile that has more hashes than before: the full ones, and of each level the last.
  public List<Tile> changed() {
    var changed = new ArrayList<>(full);
    for (int level = 0; level < edges.size(); level++) {
      var edge = edges.get(level);
      if (edge.changed) {
        changed.add(new Tile(level, edge.number, edge.hashes));
      }
    }
    return changed;
  }
}
