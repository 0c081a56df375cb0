package dev.lanyard.server.transparency;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.tlog.Tile;

/// Writes a log with its records into a folder. What is there and can change no more is left alone,
/// so that an export that was cut off goes on where it was, and a later one adds only what is new.
final class LogExport {
  private final DatabaseEvidence evidence;
  private final ExportFolder folder;

  LogExport(Database database, ExportFolder folder) {
    this.evidence = DatabaseEvidence.of(database);
    this.folder = folder;
  }

  /// @param from the first leaf whose record is wanted
  /// @param to the first one whose record is not wanted any more; the hashes are all exported
  /// @return how many records were written
  long write(long from, long to) {
    long written = 0;
    long size = evidence.size();
    for (long chunk = 0; chunk * Evidence.CHUNK < size; chunk++) {
      long first = chunk * Evidence.CHUNK;
      if (folder.has(chunk)) {
        folder.removeParts(chunk);
      } else if (first < to && first + Evidence.CHUNK > from) {
        var octets = evidence.lines(chunk);
        folder.writeRecords(chunk, first + Evidence.CHUNK <= size, octets);
        written += Lines.of(octets).count();
      }
    }
    for (int level = 0; size >> (8 * level) > 0; level++) {
      tiles(level, size);
    }
    int copy = 0;
    for (var text : evidence.copies().values()) {
      folder.writeCopy(copy++, text);
    }
    folder.writeUncovered(evidence::writeUncovered);
    evidence.checkpoint().ifPresent(note -> folder.writeCheckpoint(note.print()));
    return written;
  }

  private void tiles(int level, long size) {
    for (long number = 0; Tile.width(level, number, size) > 0; number++) {
      int width = Tile.width(level, number, size);
      if (!folder.has(level, number)) {
        evidence
            .tiles()
            .find(level, number)
            .ifPresent(tile -> folder.writeTile(tile.first(Math.min(width, tile.width()))));
      }
    }
  }
}
