package dev.lanyard.server.app.checkup;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;

import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Looks at the files that get the audit record: it names people and says what they did.
///
/// A file that exists keeps its rights when it is written, for whatever rotates it may have made it
/// so, and an export that stops would be worse. Of the group that is a choice; of everybody it is
/// hardly meant.
public final class ExportCheckup {
  private static final Set<PosixFilePermission> EVERYBODY =
      PosixFilePermissions.fromString("------rwx");

  private ExportCheckup() {}

  /// What is wrong or worth knowing about the rights of each file that exists.
  public static List<Finding> examine(ExportConfig exports) {
    return exports.places().stream()
        .flatMap(place ->
            place.target() instanceof Target.File(var path)
                ? examine("export " + place.name(), path).stream()
                : Stream.empty())
        .toList();
  }

  /// The same of any file about people.
  static Optional<Finding> examine(String name, Path file) {
    try {
      var rights = Files.getPosixFilePermissions(file);
      if (!Collections.disjoint(rights, EVERYBODY)) {
        return Optional.of(
            Finding.bad(
                name,
                "everybody on this machine may use %1$s, which names people; run 'chmod o= %1$s'"
                    .formatted(file)));
      }
      return Optional.of(
          Collections.disjoint(rights, EnumSet.of(GROUP_READ, GROUP_WRITE))
              ? Finding.good(name, "only its owner may use " + file)
              : Finding.note(name, "its group may use " + file + ": is that meant?"));
    } catch (NoSuchFileException e) {
      // Made by the first record, for its owner alone.
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Finding.bad(name, "cannot look at " + file + ": " + e));
    }
  }
}
