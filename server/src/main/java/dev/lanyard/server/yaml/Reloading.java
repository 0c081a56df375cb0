package dev.lanyard.server.yaml;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// A value made from files, made anew when they change. Broken files leave the last good value in
/// force. Thread-safe; [#current()] never blocks.
///
/// @param <T> an immutable value
public final class Reloading<T> {
  private static final Reload UNCHANGED = new Reload.Unchanged();
  // No content has this name.
  private static final String UNJUDGED = "";

  private final Path path;
  private final Loader<T> loader;
  private volatile T current;
  // The content that `current` was made of or that was refused: neither is judged again.
  private String judged;
  private String seen;

  private Reloading(Path path, Loader<T> loader, T current, String version) {
    this.path = path;
    this.loader = loader;
    this.current = current;
    this.judged = version;
    this.seen = version;
  }

  /// Makes the value from the files.
  public interface Loader<T> {
    /// @param version names the content of the files
    /// @throws FaultyFileException with everything that is wrong in them
    T load(Path path, String version);
  }

  /// Makes the first value.
  ///
  /// @param path a file or a folder
  /// @throws FaultyFileException if the files are broken: nothing may start with them
  public static <T> Reloading<T> open(Path path, Loader<T> loader) {
    var version = YamlFolder.version(path);
    return new Reloading<>(path, loader, loader.load(path, version), version);
  }

  /// Makes the first value, or takes the last good one if the files are broken now; then the next
  /// looks tell the faults.
  ///
  /// @param lastGood a value that was made of an earlier content, if one was kept
  /// @throws FaultyFileException if the files are broken and nothing was kept
  public static <T> Reloading<T> open(Path path, Loader<T> loader, Supplier<Optional<T>> lastGood) {
    try {
      return open(path, loader);
    } catch (FaultyFileException e) {
      var kept = lastGood.get().orElseThrow(() -> e);
      return new Reloading<>(path, loader, kept, UNJUDGED);
    }
  }

  /// The value in force.
  public T current() {
    return current;
  }

  /// Looks whether the files changed. A change counts when two looks in a row find the same
  /// content, so that a file that is just being written is not taken half. Each content is judged
  /// once.
  public synchronized Reload poll() {
    String version;
    try {
      version = YamlFolder.version(path);
    } catch (FaultyFileException e) {
      return isNews(e.faults().toString()) ? new Reload.Refused(e.faults()) : UNCHANGED;
    }
    return isNews(version) ? load(version) : UNCHANGED;
  }

  private Reload load(String version) {
    try {
      var loaded = loader.load(path, version);
      if (!version.equals(YamlFolder.version(path))) {
        // Written while we read: the next looks will find it settled.
        judged = UNJUDGED;
        return UNCHANGED;
      }
      current = loaded;
      return new Reload.Loaded(version);
    } catch (FaultyFileException e) {
      return new Reload.Refused(e.faults());
    }
  }

  private boolean isNews(String found) {
    boolean settled = found.equals(seen);
    seen = found;
    if (!settled || found.equals(judged)) {
      return false;
    }
    judged = found;
    return true;
  }
}
