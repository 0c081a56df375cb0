package dev.lanyard.server.app.command.installation;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Files that belong together: made beside their places, and moved there when all are made. Until
/// they are placed, closing removes what was begun, and folders that were made for it. Never
/// replaces a file. One thread.
final class NewFiles implements AutoCloseable {
  private final Path folder;
  private final Path making;
  private final List<Path> begun = new ArrayList<>();
  private boolean complete;

  private NewFiles(Path folder, Path making) {
    this.folder = folder;
    this.making = making;
  }

  /// @param folder where they will be; it is made if it is not there
  static NewFiles in(Path folder) throws IOException {
    boolean isNew = !Files.isDirectory(folder);
    Files.createDirectories(folder);
    var files = new NewFiles(folder, Files.createTempDirectory(folder, ".lanyard-init-"));
    if (isNew) {
      files.begun.add(folder);
    }
    return files;
  }

  /// Where to make a file or a folder that is going to be named so; its parent is there.
  Path at(String name) throws IOException {
    var place = making.resolve(name);
    Files.createDirectories(place.getParent());
    return place;
  }

  /// Gives the files their names, in this order.
  ///
  /// @throws FileAlreadyExistsException if somebody else has made one meanwhile
  void place(List<String> names) throws IOException {
    for (var name : names) {
      var place = folder.resolve(name);
      makeFolder(Objects.requireNonNull(place.getParent(), "it is in the folder"));
      if (Files.exists(place, NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(place.toString());
      }
      Files.move(making.resolve(name), place);
      begun.add(place);
    }
    complete = true;
  }

  /// Makes a folder of ours that stays empty.
  void makeFolder(String name) throws IOException {
    makeFolder(folder.resolve(name));
  }

  /// Makes a folder that only its owner can look into. One that is there stays as it is.
  void makePrivateFolder(String name) throws IOException {
    var place = folder.resolve(name);
    if (!Files.isDirectory(place)) {
      Files.createDirectories(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      begun.add(place);
    }
  }

  private void makeFolder(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      Files.createDirectories(place);
      begun.add(place);
    }
  }

  @Override
  public void close() throws IOException {
    List<Path> left;
    try (var inside = Files.walk(making)) {
      left = inside.sorted(Comparator.reverseOrder()).toList();
    }
    remove(left);
    if (!complete) {
      remove(begun.reversed());
    }
  }

  private static void remove(List<Path> places) throws IOException {
    for (var place : places) {
      try {
        Files.deleteIfExists(place);
      } catch (DirectoryNotEmptyException _) {
        // Somebody else has put something there.
      }
    }
  }
}
