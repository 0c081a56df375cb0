package dev.lanyard.server.transparency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// Reads a file of lines that may be larger than memory, some of them at a time.
final class LineBlocks {
  private static final int BLOCK = 4 * 1024 * 1024;

  /// No record is as long.
  private static final int LONGEST = 16 * 1024 * 1024;

  private LineBlocks() {}

  /// @throws UnreadableException if the file cannot be read, or has a line that is no record's
  static void read(Path file, Consumer<Lines> reader) {
    read(file, BLOCK, LONGEST, reader);
  }

  /// @param block about how many octets at a time; a line that is longer is read whole
  /// @param longest of how many octets a line may be, within a block
  static void read(Path file, int block, int longest, Consumer<Lines> reader) {
    try (var in = Files.newInputStream(file)) {
      var rest = new byte[0];
      for (var next = in.readNBytes(block); next.length > 0; next = in.readNBytes(block)) {
        var all = Arrays.copyOf(rest, rest.length + next.length);
        System.arraycopy(next, 0, all, rest.length, next.length);
        int end = end(all);
        if (end > 0) {
          reader.accept(Lines.of(Arrays.copyOf(all, end)));
        }
        rest = Arrays.copyOfRange(all, end, all.length);
        if (rest.length > longest) {
          throw new UnreadableException(
              "%s has a line of more than %d octets: none is as long".formatted(file, longest));
        }
      }
      if (rest.length > 0) {
        reader.accept(Lines.of(rest));
      }
    } catch (IOException e) {
      throw new UnreadableException("cannot read " + file + ": " + e);
    }
  }

  /// Where the last line ends that ends.
  private static int end(byte[] all) {
    int end = all.length;
    while (end > 0 && all[end - 1] != '\n') {
      end--;
    }
    return end;
  }
}
