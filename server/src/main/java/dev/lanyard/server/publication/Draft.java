package dev.lanyard.server.publication;

import dev.lanyard.server.library.LibrarySource;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// What somebody is writing: the files in which it differs from what is in force. Files that they
/// have not touched are always those in force, so that another publication does not undo anybody's
/// work, and is not undone by it. Immutable.
///
/// @param revision counts the changes: a form that was made from another one changes nothing
/// @param edits by the names of files
public record Draft(long revision, SortedMap<String, Edit> edits) {
  /// The longest text of one file, in bytes.
  public static final int LONGEST_FILE = 256 * 1024;

  /// The longest texts of all files together.
  public static final int LONGEST = 1024 * 1024;

  /// The files that one draft may change.
  public static final int MOST_FILES = 100;

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,80}\\.ya?ml";

  public Draft {
    edits = Collections.unmodifiableSortedMap(new TreeMap<>(edits));
  }

  /// One file.
  ///
  /// @param base the version from which it was made
  /// @param text empty if the file shall go
  public record Edit(String base, String text) {}

  /// Nothing yet.
  static Draft none() {
    return new Draft(0, new TreeMap<>());
  }

  public boolean isNothing() {
    return edits.isEmpty();
  }

  /// What the library would be.
  public LibrarySource over(LibrarySource inForce) {
    var files = new TreeMap<>(inForce.files());
    edits.forEach((name, edit) -> {
      if (edit.text().isEmpty()) {
        files.remove(name);
      } else {
        files.put(name, edit.text());
      }
    });
    return new LibrarySource(inForce.origin(), files);
  }

  /// The same with one file as it was typed. What is as in force already is no edit.
  ///
  /// @param edit with line ends of whatever kind, as browsers send them
  public Draft with(String name, Edit edit, LibrarySource inForce) {
    var text = edit.text().replace("\r\n", "\n").replace('\r', '\n');
    var next = new TreeMap<>(edits);
    if (text.equals(inForce.files().getOrDefault(name, ""))) {
      next.remove(name);
    } else {
      next.put(name, new Edit(edit.base(), text));
    }
    return new Draft(revision, next);
  }

  /// What makes the library again what it was in this version, byte for byte; whatever was written
  /// before is gone.
  public Draft back(LibrarySource version, LibrarySource inForce) {
    var names = new TreeSet<>(inForce.files().keySet());
    names.addAll(version.files().keySet());
    var next = new TreeMap<String, Edit>();
    for (var name : names) {
      var then = version.files().getOrDefault(name, "");
      if (!then.equals(inForce.files().getOrDefault(name, ""))) {
        next.put(name, new Edit(inForce.version(), then));
      }
    }
    return new Draft(revision, next);
  }

  /// The same without anything.
  public Draft emptied() {
    return new Draft(revision, new TreeMap<>());
  }

  /// The files that somebody else has changed since they were begun here: what they are to be is
  /// for their author to say, who has to see the other change first.
  ///
  /// @param files the files of a version that was in force once
  public List<String> overtaken(LibrarySource inForce, Function<String, LibrarySource> files) {
    return edits.entrySet().stream()
        .filter(edit -> !edit.getValue().base().equals(inForce.version()))
        .filter(edit -> {
          var then = files.apply(edit.getValue().base()).files().get(edit.getKey());
          return !Objects.equals(then, inForce.files().get(edit.getKey()));
        })
        .map(Map.Entry::getKey)
        .toList();
  }

  /// What is too much or cannot be a file of a library; empty if nothing is.
  public Optional<String> fault() {
    int all = 0;
    for (var edit : edits.entrySet()) {
      int bytes = edit.getValue().text().getBytes(StandardCharsets.UTF_8).length;
      all += bytes;
      if (!edit.getKey().matches(NAME)) {
        return Optional.of(
            "a file of the library is called like roles.yaml: letters, digits, '.', '_' and '-'");
      }
      if (bytes > LONGEST_FILE) {
        return Optional.of(
            edit.getKey() + " has more than " + LONGEST_FILE / 1024 + " KiB; split it");
      }
    }
    return all > LONGEST || edits.size() > MOST_FILES
        ? Optional.of(
            "a draft has at most "
                + MOST_FILES
                + " files and "
                + LONGEST / 1024
                + " KiB; hand in what is there first")
        : Optional.empty();
  }
}
