package dev.lanyard.server.library;

import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// Reads the files of a role library: all connectors first, because a role in any file may give
/// them.
final class LibraryReader {
  private static final List<String> SECTIONS = List.of("connectors", "roles");

  private final List<Path> files;
  // A set, since a file that is no YAML at all says so at each of the two readings.
  private final Set<Fault> faults = new LinkedHashSet<>();

  LibraryReader(List<Path> files) {
    this.files = files;
  }

  Library read(String version) {
    var connectors = new ConnectorReader();
    eachFile(connectors::read);
    var roles = new RoleReader(connectors.declared());
    eachFile(roles::read);
    if (!faults.isEmpty()) {
      throw new FaultyFileException(
          faults.stream()
              .sorted(Comparator.comparing(Fault::file).thenComparingInt(Fault::line))
              .toList());
    }
    return new Library(version, connectors.connectors(), roles.roles());
  }

  private void eachFile(BiConsumer<Path, YamlMap> reader) {
    for (var file : files) {
      try {
        YamlFile.read(
            file,
            top -> {
              reader.accept(file, top);
              // The section of the other reading is no unknown key.
              return SECTIONS.stream().filter(top::has).count();
            });
      } catch (FaultyFileException e) {
        faults.addAll(e.faults());
      }
    }
  }
}
