package dev.lanyard.server.tlog;

import dev.lanyard.protocol.json.MalformedException;

/// What a log says of itself at one moment: how many leaves it has, and their root.
///
/// @param origin names the log
/// @spec https://c2sp.org/tlog-checkpoint#note-text tlog-checkpoint, Note text
public record Checkpoint(String origin, long size, Hash root) {

  public Checkpoint {
    if (origin.isEmpty() || size < 0) {
      throw new IllegalArgumentException("not a checkpoint: " + origin + ", " + size);
    }
  }

  /// The text to be signed.
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /// Reads the text of a note, whose signatures somebody else verifies. Extension lines are passed
  /// over: nothing is decided on them.
  ///
  /// @throws MalformedException if it is not a checkpoint
  public static Checkpoint parse(String text) throws MalformedException {
    var lines = text.split("\n", -1);
    if (lines.length < 4 || !lines[lines.length - 1].isEmpty() || lines[0].isEmpty()) {
      throw new MalformedException("a checkpoint has at least three lines");
    }
    if (!lines[1].matches("0|[1-9][0-9]{0,17}")) {
      throw new MalformedException("the size of a checkpoint is not a number");
    }
    return new Checkpoint(lines[0], Long.parseLong(lines[1]), Hash.parse(lines[2]));
  }
}
