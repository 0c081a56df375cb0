package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Appends checkpoints to a file, each a note of its own, and looks first whether the log extends
/// the last one in it.
final class FileAnchor implements Keeper {
  private static final String DASH = "\u2014 ";
  private static final int CHECKPOINT_LINES = 3;
  private static final int LONGEST_NOTE = 16 * 1024;

  private final TransparencyConfig.Anchor.InFile anchor;

  FileAnchor(TransparencyConfig.Anchor.InFile anchor) {
    this.anchor = anchor;
  }

  @Override
  public String name() {
    return anchor.name();
  }

  @Override
  public Told tell(Signed signed, long has) {
    try {
      var last = last(anchor.file());
      if (last.isPresent()) {
        var size = last.get().size();
        if (size > signed.checkpoint().size() || !isBeginning(last.get(), signed)) {
          return new Told.Forked("it ends with another log of " + size + " records");
        }
        if (size == signed.checkpoint().size()) {
          return new Told.Kept(signed.note());
        }
      }
      Files.writeString(
          anchor.file(),
          signed.note().print(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
      return new Told.Kept(signed.note());
    } catch (IOException e) {
      return new Told.Failed(e.toString());
    } catch (MalformedException e) {
      return new Told.Failed("it does not end with a checkpoint: " + e.getMessage());
    }
  }

  /// The last note in the file, which may have grown for years.
  private static Optional<Checkpoint> last(Path file) throws IOException, MalformedException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var end = end(file);
    if (end.isEmpty()) {
      return Optional.empty();
    }
    var lines = List.of(end.split("\n", -1));
    int signatures = lines.size() - 1;
    while (signatures > 0 && lines.get(signatures - 1).startsWith(DASH)) {
      signatures--;
    }
    int text = Math.max(0, signatures - 1 - CHECKPOINT_LINES);
    var note = Note.parse(String.join("\n", lines.subList(text, lines.size())));
    return Optional.of(Checkpoint.parse(note.text()));
  }

  private static String end(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      long from = Math.max(0, channel.size() - LONGEST_NOTE);
      var octets = ByteBuffer.allocate((int) (channel.size() - from));
      channel.position(from);
      while (octets.hasRemaining() && channel.read(octets) >= 0) {
        // All that is there.
      }
      return new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8);
    }
  }

  private static boolean isBeginning(Checkpoint last, Signed signed) {
    return Tree.of(last.size(), signed.tiles()).root().equals(last.root());
  }
}
