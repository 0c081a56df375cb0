package dev.lanyard.server.tlog;

import java.util.Optional;

/// Where the tiles of a tree are kept.
@FunctionalInterface
public interface Tiles {

  /// A tile, which may have more hashes than the tree that is asked about.
  Optional<Tile> find(int level, long number);
}
