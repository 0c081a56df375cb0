package dev.lanyard.server.app.checkup;

import dev.lanyard.server.database.DatabaseConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Looks at the files of an embedded database. It makes them for its owner alone, but one that
/// comes back from a backup has the rights that whoever copied it gave it.
public final class DatabaseFileCheckup {
  /// The file itself, its log, and the index of that.
  private static final List<String> ENDS = List.of("", "-wal", "-shm");

  private DatabaseFileCheckup() {}

  /// What is wrong or worth knowing about the rights of each file that exists; nothing if it is for
  /// its owner alone, or another process has the database.
  public static List<Finding> examine(DatabaseConfig config) {
    return config.file().stream()
        .flatMap(file -> ENDS.stream().map(end -> file.resolveSibling(file.getFileName() + end)))
        .flatMap(DatabaseFileCheckup::examine)
        .toList();
  }

  private static Stream<Finding> examine(Path file) {
    return ExportCheckup.examine("database file", file).stream()
        .filter(finding -> finding.level() != Finding.Level.GOOD);
  }
}
