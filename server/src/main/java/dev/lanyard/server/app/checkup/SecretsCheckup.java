package dev.lanyard.server.app.checkup;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import dev.lanyard.server.keys.MasterKeyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Looks at the folder of the master key: whoever may write into it can put another key there, and
/// whoever may look into it learns what secrets there are. Where the sticky bit is set nobody can
/// replace what is another's: Kubernetes mounts secrets so, for everybody to write.
public final class SecretsCheckup {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private static final int STICKY = 01000;

  private SecretsCheckup() {}

  /// What is wrong or worth knowing about its rights. One outside of the set-up is made by others,
  /// such as the runtime of a container, and may be open to look into.
  ///
  /// @param configuration the file of the configuration
  public static Optional<Finding> examine(MasterKeyConfig config, Path configuration) {
    return config.key() instanceof MasterKeyConfig.InFile(var key)
        ? examine(folder(key), folder(configuration))
        : Optional.empty();
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(
        file.toAbsolutePath().normalize().getParent(), "a file is in a folder");
  }

  private static Optional<Finding> examine(Path folder, Path home) {
    try {
      var rights = Files.getPosixFilePermissions(folder);
      if (!Collections.disjoint(rights, EnumSet.of(GROUP_WRITE, OTHERS_WRITE))
          && !isSticky(folder)) {
        return Optional.of(
            Finding.bad(
                "secrets",
                "others than its owner may put files into %1$s; run 'chmod go-w %1$s'"
                    .formatted(folder)));
      }
      boolean isOurs = folder.startsWith(home) && !folder.equals(home);
      return isOurs && !Collections.disjoint(rights, OTHERS)
          ? Optional.of(
              Finding.note(
                  "secrets",
                  "others than its owner may look into %1$s; run 'chmod 700 %1$s'"
                      .formatted(folder)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(Finding.bad("secrets", "cannot look at " + folder + ": " + e));
    }
  }

  private static boolean isSticky(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:mode") instanceof Integer mode && (mode & STICKY) != 0;
  }
}
