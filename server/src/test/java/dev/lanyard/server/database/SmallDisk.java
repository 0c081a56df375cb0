package dev.lanyard.server.database;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file system of a test's own with little room, which can be filled to the last octet and
/// emptied again: what a database meets there is what it meets on a full disk.
public final class SmallDisk implements AutoCloseable {
  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /// Mounts one.
  ///
  /// @param folder made anew
  /// @throws IllegalStateException if this machine does not let the test
  public static SmallDisk mount(Path folder, int mebibytes) {
    try {
      Files.createDirectories(folder);
      var options = "size=" + mebibytes + "m,mode=700";
      if (run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString())) {
        return new SmallDisk(folder);
      }
      throw new IllegalStateException(
          "mounting takes an administrator; leave it out: -Dtest.excluded.tags=mount");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) throws IOException {
    try {
      var process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// An empty folder in it.
  public Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Leaves no room at all.
  public void fill() {
    var some = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      // As many as there was room for.
    }
  }

  public void makeRoom() {
    try {
      Files.delete(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      // Whatever still has a file open there keeps nobody else.
      if (!run("umount", "-l", folder.toString())) {
        throw new IllegalStateException(folder + " is still mounted");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
