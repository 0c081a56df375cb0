package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.HashList;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A log with its records, wherever it is kept. Nothing that it says is trusted.
interface Evidence {
  /// How many leaves are looked at together: those below one tile of level 1.
  int CHUNK = Tile.WIDTH * Tile.WIDTH;

  /// How many chunks may be looked at at once, in the memory that there is.
  int atOnce();

  /// The newest checkpoint; empty if there is none yet.
  Optional<Note> checkpoint();

  /// What witnesses and places outside have got, by their place: signed notes, if nobody has
  /// changed them.
  SortedMap<String, String> copies();

  Tiles tiles();

  /// The tiles of level 0 of a chunk that are there and can be read, by their number.
  Map<Long, Tile> tiles(long chunk);

  /// What stands at the leaves of a chunk.
  Leaves leaves(long chunk);

  /// The records that stand where the leaves of a chunk belong; empty if they are not part of this.
  /// For naming what differs: takes longer than [#leaves].
  Optional<Lines> records(long chunk);

  /// The records that the checkpoint does not cover yet.
  Uncovered uncovered();

  /// The records of a type with which the log speaks about itself. To be asked when the leaves of
  /// every chunk were looked at.
  ///
  /// @param type [Removal#TYPE] or [LogKeys#ROTATED]
  Stream<Own> own(String type);

  /// What only this kind of evidence can tell, when every chunk was looked at.
  List<Finding> others();

  /// A record of the log about itself.
  ///
  /// @param leaf finds its place; empty if no leaf is this record
  record Own(JsonObject evidence, Supplier<Optional<Long>> leaf) {
    /// The places of records among the leaves of some tiles of level 0, of those that are there.
    /// Each leaf is looked at once, however many records are looked for.
    static Map<Hash, Long> places(Set<Hash> records, Collection<Tile> tiles) {
      var places = new HashMap<Hash, Long>();
      for (var tile : tiles) {
        for (int i = 0; i < tile.width(); i++) {
          var hash = tile.hashes().get(i);
          if (records.contains(hash)) {
            places.merge(hash, tile.number() * Tile.WIDTH + i, Math::min);
          }
        }
      }
      return places;
    }
  }

  /// What stands at the leaves of a chunk.
  ///
  /// @param tiles as [#tiles(long)] has them
  /// @param records the hashes of the records in the order of the leaves, of those that are there;
  ///   empty if they are not part of this
  record Leaves(Map<Long, Tile> tiles, Optional<HashList> records) {}
}
