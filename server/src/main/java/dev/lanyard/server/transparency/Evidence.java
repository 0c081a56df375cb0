package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import java.util.List;
import java.util.Optional;

/// A log with its records, wherever it is kept. Nothing that it says is trusted.
interface Evidence {
  /// How many leaves are looked at together: those below one tile of level 1.
  int CHUNK = Tile.WIDTH * Tile.WIDTH;

  /// The newest checkpoint; empty if there is none yet.
  Optional<Note> checkpoint();

  /// What witnesses and places outside have got: checkpoints too.
  List<Note> copies();

  Tiles tiles();

  /// The records that stand where the leaves of a chunk belong; empty if they are not part of this.
  Optional<Lines> records(long chunk);

  /// The records that the checkpoint does not cover yet.
  Lines uncovered();

  /// What only this kind of evidence can tell; and what in it cannot be read, and decides nothing.
  List<Finding> others();

  /// A note, if it is one.
  static Optional<Note> readable(String text) {
    try {
      return Optional.of(Note.parse(text));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
