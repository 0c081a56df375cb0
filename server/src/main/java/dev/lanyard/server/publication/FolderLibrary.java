package dev.lanyard.server.publication;

import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import dev.lanyard.server.yaml.Reloading;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder is the truth: what its files say acts at once, and every change is kept as a version
/// of the history, also one that was made while nothing ran. Whoever lost something by it loses
/// their tokens. Files that are broken never replace what was in force, at the start neither: the
/// version that was recorded last stands in, and the next looks tell the faults.
public final class FolderLibrary implements LibraryInForce {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLibrary.class);

  private final Path folder;
  private final Publications publications;
  private final Reloading<Library> files;
  private volatile boolean isRecorded;

  private FolderLibrary(Path folder, Publications publications) {
    this.folder = folder;
    this.publications = publications;
    this.files = Library.watch(folder, publications::lastInForce);
    record();
  }

  /// Reads the folder and records its content.
  ///
  /// @throws FaultyFileException with everything that is wrong in its files, if nothing was in
  ///   force before
  public static FolderLibrary open(Path folder, Publications publications) {
    return new FolderLibrary(folder, publications);
  }

  @Override
  public Library current() {
    return files.current();
  }

  @Override
  public Reload poll() {
    var reload = files.poll();
    if (reload instanceof Reload.Loaded || !isRecorded) {
      record();
    }
    return reload;
  }

  /// What acts is what was read; a record that fails is tried again at the next look.
  private void record() {
    isRecorded = false;
    try {
      var content = LibrarySource.of(folder);
      if (content.version().equals(files.current().version())) {
        var _ = publications.folderChanged(content);
        isRecorded = true;
      }
    } catch (FaultyFileException e) {
      LOG.debug("the folder is being changed; its content is recorded once it stands still", e);
    } catch (DatabaseException e) {
      LOG.warn("a change of the role library could not be recorded; it is tried again", e);
    }
  }
}
