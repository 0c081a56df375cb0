package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file about people that a command writes where somebody has asked for it. One that is not there
/// is made for its owner alone, whatever the umask is; one that is there keeps its rights.
public final class ReportFile {
  private static final Set<StandardOpenOption> ANEW =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);

  private ReportFile() {}

  /// Writes it.
  ///
  /// @throws CommandFailure if it cannot be written
  public static void write(Path file, byte[] octets) {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = Files.newByteChannel(file, ANEW, owner)) {
      var rest = ByteBuffer.wrap(octets);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
