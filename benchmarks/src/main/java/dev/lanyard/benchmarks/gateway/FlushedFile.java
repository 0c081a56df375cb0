package dev.lanyard.benchmarks.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file on the disk of the gateway's database, which is made durable after each write: one writer
/// after the other, as in a database.
final class FlushedFile implements AutoCloseable {
  /// As many pages as a record of a call changes.
  private static final int RECORD = 3 * 4096;

  private static final int RECORDS = 1_000;

  private final Path file;
  private final FileChannel channel;
  private int written;

  FlushedFile() throws IOException {
    file = Files.createTempFile("lanyard-disk", ".tmp");
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(RECORD * RECORDS));
    channel.force(true);
  }

  private synchronized void write() throws IOException {
    channel.write(ByteBuffer.allocate(RECORD), (long) (written % RECORDS) * RECORD);
    channel.force(false);
    written++;
  }

  GatewayBenchmark.Repeated writer() {
    return new GatewayBenchmark.Repeated() {
      @Override
      public void call() throws IOException {
        write();
      }

      @Override
      public void close() {
        // The file is everybody's.
      }
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.delete(file);
  }
}
