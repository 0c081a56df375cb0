package dev.lanyard.server.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A file with a key, which only its owner can read from the first octet on.
public final class KeyFile {
  private KeyFile() {}

  /// Makes a new one. It is on the disk afterwards: nothing that was sealed or signed with the key
  /// outlives it in a crash.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is one; it stays as it is
  /// @throws IOException if it cannot be written; then none is there, so that it can be tried again
  public static void create(Path file, String text) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, owner);
    try {
      Files.writeString(file, text, StandardOpenOption.SYNC);
    } catch (IOException e) {
      Files.delete(file);
      throw e;
    }
  }
}
