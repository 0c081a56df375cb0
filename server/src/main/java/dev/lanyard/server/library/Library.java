package dev.lanyard.server.library;

import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFolder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// One state of the role library: names are unique, every connector that a role gives exists, and a
/// role gives no scope that its connector does not know. Immutable.
///
/// @param version names the content of its files
/// @param connectors in the order of their ids
/// @param roles in the order of their names
public record Library(String version, List<Connector> connectors, List<Role> roles) {
  /// The library without a connector and a role, which allows nothing.
  public static final Library EMPTY = new Library("empty", List.of(), List.of());

  public Library {
    connectors = connectors.stream().sorted(Comparator.comparing(Connector::id)).toList();
    roles = roles.stream().sorted(Comparator.comparing(Role::name)).toList();
  }

  /// Reads every YAML file of a folder.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in them
  public static Library read(Path folder) {
    return read(folder, YamlFolder.version(folder));
  }

  /// Reads a folder and goes on watching it.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in its files
  ///   now
  public static Reloading<Library> watch(Path folder) {
    return Reloading.open(folder, Library::read);
  }

  private static Library read(Path folder, String version) {
    return new LibraryReader(YamlFolder.files(folder)).read(version);
  }

  /// Where two audiences that are taken for the same meet: one slash more or less at the end is
  /// what somebody typed, anything else is another server.
  public static String audienceKey(String audience) {
    return audience.endsWith("/") ? audience.substring(0, audience.length() - 1) : audience;
  }
}
