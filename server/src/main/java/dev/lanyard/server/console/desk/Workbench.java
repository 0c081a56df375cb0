package dev.lanyard.server.console.desk;

import dev.lanyard.server.library.LibraryFinding;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.publication.TextDifference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The files in force, and what an administrator has written over them in their draft.
///
/// @param inForce the files that decide now
public record Workbench(Draft draft, LibrarySource inForce, Drafting with) {
  /// More lines of a difference tell nobody anything; `lanyard library diff` has them all.
  private static final int MOST_LINES = 2_000;

  /// @param author the id of the person whose draft it is
  /// @param parts knows what is in force
  /// @return empty for the moment in which a new version is in force but not yet kept
  static Optional<Workbench> of(String author, Parts parts, Drafting with) {
    var version = parts.library().get().version();
    return with.history()
        .files(version)
        .map(files -> new Workbench(with.drafts().of(author), files, with));
  }

  /// The files as the draft would have them.
  public LibrarySource files() {
    return draft.over(inForce);
  }

  /// The text of a file as its author has it; empty if there is none.
  public String text(String name) {
    return Optional.ofNullable(draft.edits().get(name))
        .map(Draft.Edit::text)
        .orElseGet(() -> inForce.files().getOrDefault(name, ""));
  }

  /// The files that somebody else has changed in force since the draft changed them.
  public List<String> overtaken() {
    return draft.overtaken(inForce, this::files);
  }

  private LibrarySource files(String version) {
    return with.history()
        .files(version)
        .orElseGet(() -> new LibrarySource(inForce.origin(), new TreeMap<>()));
  }

  /// What is wrong or doubtful in the library of this draft.
  public List<LibraryFinding> findings(Instant at) {
    return with.readings().check(files(), at);
  }

  /// How a file in force has changed since the draft changed it.
  public List<Difference> others(String name) {
    var base = Optional.ofNullable(draft.edits().get(name)).map(Draft.Edit::base);
    return base.map(version -> difference(one(name, files(version)), one(name, inForce)))
        .orElse(List.of());
  }

  /// How the draft changes a file.
  public List<Difference> own(String name) {
    return difference(one(name, inForce), one(name, files()));
  }

  private static LibrarySource one(String name, LibrarySource all) {
    var files = new TreeMap<String, String>();
    Optional.ofNullable(all.files().get(name)).ifPresent(text -> files.put(name, text));
    return new LibrarySource(all.origin(), files);
  }

  /// How one version differs from another.
  public static List<Difference> difference(LibrarySource before, LibrarySource after) {
    return TextDifference.between(before, after).stream()
        .limit(MOST_LINES)
        .map(Difference::of)
        .toList();
  }

  /// How one text differs from another.
  public static List<Difference> difference(String name, String before, String after) {
    return difference(source(name, before), source(name, after));
  }

  private static LibrarySource source(String name, String text) {
    var files = new TreeMap<String, String>();
    files.put(name, text);
    return new LibrarySource(Path.of("."), files);
  }

  /// One line of a difference.
  public record Difference(Kind kind, String text) {
    public enum Kind {
      COMES,
      GOES,
      STAYS
    }

    static Difference of(String line) {
      var kind =
          line.startsWith("+")
              ? Kind.COMES
              : line.startsWith("-") && !line.startsWith("--- ") ? Kind.GOES : Kind.STAYS;
      return new Difference(kind, line);
    }
  }
}
