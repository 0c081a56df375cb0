package dev.lanyard.server.stdio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The place below the work folder where one run of a node keeps the folders of its processes, and
/// the name by which these processes are known. Thread-safe.
///
/// A run holds a lock on a file as long as it lives; the kernel gives it up however the run ends.
/// Whoever comes next finds that file free, ends what is left of its run, and removes it. So
/// several nodes may have one work folder, as long as they see each other's processes and locks: on
/// one machine, in one container.
final class WorkFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final FileAttribute<?> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /// This Java process. It never opens a lock file of its own again: closing any descriptor of a
  /// file gives up all locks that the process has on it (fcntl(2)).
  private static final String HERE = random(16);

  private static final Pattern LOCK = Pattern.compile("([0-9a-f]{32}-[0-9a-f]{16})\\.lock");

  private final Path all;
  private final String run;
  private final Path lock;
  private final FileChannel channel;

  private WorkFolder(Path all, String run, Path lock, FileChannel channel) {
    this.all = all;
    this.run = run;
    this.lock = lock;
    this.channel = channel;
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /// Begins a run, once what is left of earlier ones has been ended and removed.
  ///
  /// @param all the work folder, which is made if it is not there
  /// @throws IOException if nothing can be written or locked there
  static WorkFolder open(Path all) throws IOException {
    Files.createDirectories(all);
    clear(all);
    return taken(all);
  }

  private static WorkFolder taken(Path all) throws IOException {
    while (true) {
      var run = HERE + "-" + random(8);
      var lock = all.resolve(run + ".lock");
      var channel = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        // Between the two another node may have found it free, and removed it.
        if (channel.tryLock() != null && Files.exists(lock)) {
          Files.createDirectory(all.resolve(run), OURS);
          return new WorkFolder(all, run, lock, channel);
        }
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      channel.close();
    }
  }

  /// Ends and removes what is left of runs that are over.
  private static void clear(Path all) throws IOException {
    try (var files = Files.newDirectoryStream(all, "*.lock")) {
      for (var file : files) {
        var name = LOCK.matcher(file.getFileName().toString());
        if (name.matches()
            && !name.group(1).startsWith(HERE)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          clear(all, name.group(1), file);
        }
      }
    }
  }

  private static void clear(Path all, String run, Path lock) {
    try (var channel =
        FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.tryLock() == null) {
        return; // It lives.
      }
      var ending = MarkedProcesses.end(markOf(run, ""));
      if (ending.found() > 0) {
        LOG.warn("{} processes of a node that was killed were left and are ended", ending.found());
      }
      // The lock last: whatever is left is left to the next one.
      if (ending.complete() && remove(all.resolve(run))) {
        Files.deleteIfExists(lock);
      }
    } catch (NoSuchFileException e) {
      // Another node was faster.
    } catch (IOException e) {
      // Whoever can write there must not be able to keep us from starting.
      LOG.warn("what a node has left that was killed is not looked at: {}", lock, e);
    }
  }

  private static String markOf(String run, String name) {
    return run + "." + name;
  }

  /// What a process of this run has in its environment.
  ///
  /// @param name that no other process of the run has
  String mark(String name) {
    return markOf(run, name);
  }

  /// Makes a folder for one process.
  Path create() throws IOException {
    return Files.createTempDirectory(all.resolve(run), "p", OURS);
  }

  /// Removes a folder with all that is in it, and follows no links.
  ///
  /// @return whether nothing is left
  static boolean remove(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
      return true;
    } catch (IOException e) {
      LOG.warn("the folder of a process is left: {}", folder, e);
      return false;
    }
  }

  /// Ends the run, whose processes have ended.
  @Override
  public void close() throws IOException {
    try (channel) {
      if (remove(all.resolve(run))) {
        Files.deleteIfExists(lock);
      }
    }
  }
}
