package dev.lanyard.server.console.desk;

import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.tools.Suspicion;
import dev.lanyard.server.tools.ToolDifference;
import dev.lanyard.server.tools.ToolVersion;
import dev.lanyard.server.tools.Visible;
import java.util.List;
import java.util.Optional;

/// What somebody has to know of a tool before they judge it, on a page or by a program.
public final class ToolFacts {
  private ToolFacts() {}

  /// A place in which a definition has changed.
  public record Change(String where, String before, String after) {}

  /// Its grade in the role library; empty if it has none.
  public static Optional<String> grade(Connector connector, String tool) {
    return connector.tools().find(tool).flatMap(Tool::grade).map(DataClass::name);
  }

  /// The version with this hash.
  public static Optional<ToolVersion> version(List<ToolVersion> versions, Optional<String> hash) {
    return hash.flatMap(
        one -> versions.stream().filter(version -> version.hash().equals(one)).findFirst());
  }

  /// What a server says otherwise than before, with every character to be seen.
  public static List<Change> changes(ToolVersion old, ToolVersion young) {
    return ToolDifference.between(old.definition(), young.definition()).places().stream()
        .map(place ->
            new Change(
                Visible.line(place.pointer()),
                place.before().map(Visible::line).orElse(""),
                place.after().map(Visible::line).orElse("")))
        .toList();
  }

  /// What looks like an attack, in words.
  public static List<String> suspicions(ToolVersion version, String tool) {
    return version.suspicions(tool).stream().map(ToolFacts::told).toList();
  }

  private static String told(Suspicion suspicion) {
    return suspicion.kind().meaning() + ", at " + suspicion.pointer() + ": " + suspicion.excerpt();
  }
}
