package dev.lanyard.server.transparency;

import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tiles;

/// Somebody outside who keeps what the log has signed.
interface Keeper {
  /// As alarms call it.
  String name();

  /// Tells it of a checkpoint. It may take as long as it likes.
  ///
  /// @param has the size of the newest one that it was told of before, as the record has it
  Told tell(Signed signed, long has);

  /// What is told.
  ///
  /// @param tiles for the proof that one checkpoint extends another
  record Signed(Note note, Checkpoint checkpoint, Tiles tiles) {}

  /// What became of it.
  sealed interface Told {
    /// It has it.
    ///
    /// @param note with what it has added
    record Kept(Note note) implements Told {}

    /// It has it, and something half that was in front of it is gone.
    record Mended(Note note, String lost) implements Told {}

    /// It does not have it; it is told again.
    record Failed(String why) implements Told {}

    /// It knows a log that this one does not extend.
    record Forked(String why) implements Told {}
  }
}
