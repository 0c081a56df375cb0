package dev.lanyard.server.app.configuration;

import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.LibraryConfig;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.function.Function;

/// The `library` section of the configuration: a folder, or a folder with how it is governed.
final class LibrarySection {
  private LibrarySection() {}

  /// @param people whose people it means, as other sections say it
  static LibraryConfig read(YamlMap top, Function<String, Path> paths, WhosePeople people) {
    if (!top.isMapping("library")) {
      return new LibraryConfig(top.value("library", paths), new Mode.FromFiles(), people);
    }
    var map = top.map("library");
    var folder = map.value("folder", paths);
    return switch (map.text("publication", "files")) {
      case "files" -> new LibraryConfig(folder, new Mode.FromFiles(), people);
      case "approved" ->
          new LibraryConfig(
              folder,
              new Mode.Approved(
                  map.value("approvers", paths),
                  map.duration("review_within", Mode.Approved.DEFAULT_REVIEW_WITHIN)),
              people);
      default ->
          throw new IllegalArgumentException("library.publication must be files or approved");
    };
  }
}
