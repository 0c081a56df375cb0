package dev.lanyard.server.transparency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The folder `records/` of an export: one file for each chunk.
final class RecordFiles {
  /// More strange files tell nothing more.
  private static final int MOST_STRANGE = 1_000;

  /// With no more digits than a number has.
  private static final Pattern NAME = Pattern.compile("([0-9]{6,15})(\\.part)?\\.jsonl");

  private final Path folder;

  RecordFiles(Path folder) {
    this.folder = folder;
  }

  /// How the file of a chunk is called in every export.
  ///
  /// @param full whether the chunk grows no more
  static String name(long chunk, boolean full) {
    return String.format(Locale.ROOT, "%06d%s.jsonl", chunk, full ? "" : ".part");
  }

  Path file(long chunk, boolean full) {
    return folder.resolve(name(chunk, full));
  }

  /// Whether a chunk is there that will not change any more.
  boolean has(long chunk) {
    return Files.exists(file(chunk, true));
  }

  /// The file that is read of a chunk.
  Path read(long chunk) {
    return file(chunk, has(chunk));
  }

  /// What is in the folder and never read: whoever reads all of its files takes that for verified.
  ///
  /// @param chunks how many the checkpoint covers, in whole or in part
  /// @throws UnreadableException if the folder cannot be read
  List<Finding> strange(long chunks) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> !isRead(file, chunks))
          .limit(MOST_STRANGE)
          .map(RecordFiles::inserted)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableException("cannot read " + folder + ": " + e);
    }
  }

  private static Finding inserted(Path file) {
    return new Finding(
        Finding.Kind.INSERTED,
        Finding.LOG,
        "records/%s is no file of this log: nothing in it is verified"
            .formatted(file.getFileName().toString().replaceAll("\\p{Cc}", "?")));
  }

  /// Whether it is read, and lies here itself: what is behind a link can be another thing tomorrow.
  private boolean isRead(Path file, long chunks) {
    var parts = NAME.matcher(file.getFileName().toString());
    if (!parts.matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    long chunk = Long.parseLong(parts.group(1));
    return chunk < chunks && file.equals(read(chunk));
  }
}
