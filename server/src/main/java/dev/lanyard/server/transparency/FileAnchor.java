package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Appends checkpoints to a file, each a note of its own, and looks first whether the log extends
/// the last one in it. A note that was written in part only, by a crash or on a full disk, is taken
/// away before the next one.
final class FileAnchor implements Keeper {
  private static final String DASH = "\u2014 ";
  private static final byte[] DASH_OCTETS = DASH.getBytes(StandardCharsets.UTF_8);
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
      var end = Ending.of(anchor.file(), signed.checkpoint().origin());
      if (end.last().isPresent()) {
        var last = end.last().get();
        if (last.size() > signed.checkpoint().size() || !isBeginning(last, signed)) {
          return new Told.Forked("it ends with another log of " + last.size() + " records");
        }
        if (last.size() == signed.checkpoint().size() && end.torn() == 0) {
          return new Told.Kept(signed.note());
        }
      }
      if (end.torn() > 0) {
        cut(end.whole());
      }
      Files.writeString(
          anchor.file(),
          signed.note().print(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
      return end.torn() > 0 ? mended(signed, end) : new Told.Kept(signed.note());
    } catch (IOException e) {
      return new Told.Failed(e.toString());
    } catch (MalformedException e) {
      return new Told.Failed("it does not end with a checkpoint: " + e.getMessage());
    }
  }

  private static Told mended(Signed signed, Ending end) {
    return new Told.Mended(
        signed.note(),
        ("a checkpoint was written in part only, by a crash or on a full disk: its %d octets were"
                + " taken away, and the file goes on behind the last whole checkpoint")
            .formatted(end.torn()));
  }

  /// What was half written would make the next note unreadable for an auditor.
  private void cut(long whole) throws IOException {
    try (var file = FileChannel.open(anchor.file(), StandardOpenOption.WRITE)) {
      file.truncate(whole);
      file.force(true);
    }
  }

  /// How a file ends, which may have grown for years.
  ///
  /// @param last its last whole note
  /// @param whole so many octets it has up to the end of that
  /// @param torn so many octets follow, of a note that was not written to its end
  private record Ending(Optional<Checkpoint> last, long whole, long torn) {
    static Ending of(Path file, String origin) throws IOException, MalformedException {
      if (!Files.exists(file)) {
        return new Ending(Optional.empty(), 0, 0);
      }
      try (var channel = Files.newByteChannel(file)) {
        long from = Math.max(0, channel.size() - LONGEST_NOTE);
        var octets = ByteBuffer.allocate((int) (channel.size() - from));
        channel.position(from);
        while (octets.hasRemaining() && channel.read(octets) >= 0) {
          // All that is there.
        }
        return of(from, Arrays.copyOf(octets.array(), octets.position()), origin);
      }
    }

    private static Ending of(long from, byte[] octets, String origin) throws MalformedException {
      int whole = whole(octets);
      if (whole > 0) {
        var last = last(new String(octets, 0, whole, StandardCharsets.UTF_8));
        return new Ending(Optional.of(last), from + whole, octets.length - whole);
      }
      var first = new String(octets, StandardCharsets.UTF_8);
      if (from > 0 || !(first.startsWith(origin) || origin.startsWith(first))) {
        // Not a file of ours.
        throw new MalformedException("there is none in it");
      }
      return new Ending(Optional.empty(), 0, octets.length);
    }

    /// Where the last line of a signature ends, with its line feed; 0 if there is none.
    private static int whole(byte[] octets) {
      int end = octets.length;
      while (end > 0) {
        if (octets[end - 1] == '\n') {
          int start = end - 1;
          while (start > 0 && octets[start - 1] != '\n') {
            start--;
          }
          if (Arrays.mismatch(octets, start, end, DASH_OCTETS, 0, DASH_OCTETS.length)
              == DASH_OCTETS.length) {
            return end;
          }
        }
        end--;
      }
      return 0;
    }

    private static Checkpoint last(String notes) throws MalformedException {
      var lines = List.of(notes.split("\n", -1));
      int signatures = lines.size() - 1;
      while (signatures > 0 && lines.get(signatures - 1).startsWith(DASH)) {
        signatures--;
      }
      int text = Math.max(0, signatures - 1 - CHECKPOINT_LINES);
      var note = Note.parse(String.join("\n", lines.subList(text, lines.size())));
      return Checkpoint.parse(note.text());
    }
  }

  private static boolean isBeginning(Checkpoint last, Signed signed) {
    return Tree.of(last.size(), signed.tiles()).root().equals(last.root());
  }
}
