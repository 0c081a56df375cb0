package dev.lanyard.client;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Keeps credentials in a folder that only its owner can enter, each in a file that only its owner
/// can read. **Not encrypted**: whoever is the owner, or root, reads them; where a platform has a
/// keychain, that is the better [CredentialStore]. Thread-safe, and safe between processes.
public final class FileCredentialStore implements CredentialStore {
  private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String FRESH = "new";
  private static final String FRESH_END = ".tmp";

  /// What is older than that is no longer being written by another process.
  private static final Duration SURELY_LEFT = Duration.ofMinutes(10);

  private final Path folder;

  private FileCredentialStore(Path folder) {
    this.folder = folder;
  }

  /// Opens a folder, and makes it if it is not there.
  ///
  /// @throws IOException if it cannot be made, others than its owner may enter it, or the file
  ///   system knows no owners' permissions
  public static FileCredentialStore in(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      throw new IOException(
          folder + " is on a file system without permissions of owners; use a keychain instead");
    }
    Files.createDirectories(
        folder.toAbsolutePath(), PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
    var others = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
    others.removeAll(OWNER_ONLY_FOLDER);
    if (!others.isEmpty()) {
      throw new IOException(
          folder
              + " can be entered by others than its owner; make it private: chmod 700 "
              + folder);
    }
    var store = new FileCredentialStore(folder);
    store.sweep();
    return store;
  }

  @Override
  public Optional<Secret> find(String name) {
    try {
      return Optional.of(new Secret(Files.readString(file(name), StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void keep(String name, Secret value) {
    try {
      var fresh = Files.createTempFile(folder, FRESH, FRESH_END, OWNER_ONLY_FILE);
      try {
        write(fresh, value);
        Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        // Gone if all went well; else nobody would ever forget it.
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path fresh, Secret value) throws IOException {
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(value.reveal().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      // Before it gets its name, so that a crash never leaves half a value under it.
      channel.force(true);
    }
  }

  /// A process that died while it kept something has left it without its name. If that cannot be
  /// removed now, such as where nothing can be written, the next process tries again.
  private void sweep() {
    try {
      // By the clock of the file system, which is the one that the files were dated with.
      var newest = Files.createTempFile(folder, FRESH, FRESH_END, OWNER_ONLY_FILE);
      var before = Files.getLastModifiedTime(newest).toInstant().minus(SURELY_LEFT);
      Files.deleteIfExists(newest);
      try (var left = Files.newDirectoryStream(folder, FRESH + "*" + FRESH_END)) {
        for (var file : left) {
          removeIfOlder(file, before);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Nobody is kept from what they have for that.
    }
  }

  private static void removeIfOlder(Path file, Instant before) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Another process has given it its name, or has swept too.
    }
  }

  @Override
  public void forget(String name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A hash: names hold URLs, and what a server has chosen must not choose a path.
  private Path file(String name) {
    var hash = Sha256.of(name);
    return folder.resolve(HexFormat.of().formatHex(hash) + ".credential");
  }
}
