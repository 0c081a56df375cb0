package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Appends lines to a file. It is opened anew for each batch, so that whoever rotates it may rename
/// it at any time; a batch is on the disk when it counts. A file that is not there is made for its
/// owner alone, for records name people; one that is there keeps its rights.
final class FileSink implements Sink {
  private static final Set<StandardOpenOption> APPENDING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final Format format;

  FileSink(Path path, Format format) {
    this.path = path;
    this.format = format;
  }

  @Override
  public void send(List<AuditRecord> records) throws IOException {
    var text = new StringBuilder();
    records.forEach(record -> text.append(format.line(record)).append('\n'));
    var folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try (var file = FileChannel.open(path, APPENDING, OWNER)) {
      long end = file.size();
      var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      file.position(end);
      if (isTorn(file, end)) {
        file.write(ByteBuffer.wrap(new byte[] {'\n'}));
      }
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
  }

  /// Whether somebody died in the middle of a line; it is not a record then, and comes again whole.
  private static boolean isTorn(FileChannel file, long end) throws IOException {
    if (end == 0) {
      return false;
    }
    var last = ByteBuffer.allocate(1);
    return file.read(last, end - 1) == 1 && last.get(0) != '\n';
  }
}
