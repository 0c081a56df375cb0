package dev.lanyard.server.app.configuration;

import dev.lanyard.server.yaml.YamlEdit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A change of `lanyard.yaml` that keeps what people wrote there, and is seen before it is made.
public final class ConfigurationChange {
  private static final int CONTEXT = 3;
  private static final List<String> UPSTREAMS = List.of("broker", "sign_in", "upstreams");

  private final Path file;
  private final String before;
  private final String after;

  private ConfigurationChange(Path file, String before, String after) {
    this.file = file;
    this.before = before;
    this.after = after;
  }

  /// The file with an upstream provider, in the place of the one with the same id.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if it cannot be put there
  public static ConfigurationChange upstream(Path file, String id, List<String> entry) {
    try {
      var before = Files.readString(file);
      var after = YamlEdit.of(file, before).withEntry(UPSTREAMS, "id", id, entry);
      return new ConfigurationChange(file, before, after);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  public boolean isNothing() {
    return before.equals(after);
  }

  /// Both, line by line, with a few lines around: `-` goes, `+` comes.
  public List<String> difference() {
    var one = before.split("\n", -1);
    var other = after.split("\n", -1);
    int head = 0;
    while (head < Math.min(one.length, other.length) && one[head].equals(other[head])) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(one.length, other.length) - head
        && one[one.length - 1 - tail].equals(other[other.length - 1 - tail])) {
      tail++;
    }
    var lines = new ArrayList<String>();
    add(lines, "  ", one, Math.max(0, head - CONTEXT), head);
    add(lines, "- ", one, head, one.length - tail);
    add(lines, "+ ", other, head, other.length - tail);
    add(lines, "  ", one, one.length - tail, Math.min(one.length, one.length - tail + CONTEXT));
    return lines;
  }

  private static void add(List<String> lines, String mark, String[] from, int start, int end) {
    for (int i = start; i < end; i++) {
      lines.add(mark + from[i]);
    }
  }

  /// Makes the change, whole or not at all, and only if the result is a configuration.
  ///
  /// @param environment the variables of the process
  /// @throws dev.lanyard.server.yaml.FaultyFileException with what would be wrong; nothing changed
  public void write(Map<String, String> environment) {
    write(environment, () -> {});
  }

  /// The same, with a secret that the result names. It may be in force for another provider, so it
  /// is replaced only once the result has been found to be a configuration.
  public void write(Map<String, String> environment, Path secretFile, String secret) {
    boolean isThere = Files.exists(secretFile);
    if (!isThere) {
      // The result is read with it.
      writeSecret(secretFile, secret);
    }
    try {
      write(
          environment,
          () -> {
            if (isThere) {
              writeSecret(secretFile, secret);
            }
          });
    } catch (RuntimeException e) {
      if (!isThere) {
        remove(secretFile);
      }
      throw e;
    }
  }

  /// @param found what is done as soon as the result is known to be a configuration
  private void write(Map<String, String> environment, Runnable found) {
    var draft = draft(file);
    try {
      // Whoever has a link there has the file elsewhere, and wants it changed there.
      var target = file.toRealPath();
      var placed = draft(target);
      Files.copy(
          file, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(draft, after);
      var _ = ConfigurationFile.read(draft, environment);
      if (!Files.readString(file).equals(before)) {
        throw new CommandFailure(file + " was changed meanwhile; nothing was done. Try again.");
      }
      // Where both are on different disks this is what may fail; what is left then is done at once.
      Files.move(draft, placed, StandardCopyOption.REPLACE_EXISTING);
      try {
        found.run();
        Files.move(placed, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        remove(placed);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
    } finally {
      remove(draft);
    }
  }

  private static Path draft(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".draft");
  }

  private static void remove(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new CommandFailure("cannot remove " + draft + ": " + e.getMessage(), e);
    }
  }

  /// Writes a secret that only its owner can read, whole or not at all.
  public static void writeSecret(Path file, String secret) {
    var draft = draft(file);
    try {
      Files.createDirectories(
          file.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, secret + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
