package dev.lanyard.server.app.configuration;

import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// The sections of the configuration about what is known of the world and what is made of it.
///
/// @param catalog the folder of what the organisation knows; empty if it adds nothing
public record GovernanceSection(Optional<Path> catalog) {
  static GovernanceSection read(YamlMap top, Function<String, Path> paths) {
    return new GovernanceSection(top.optionalMap("catalog").map(map -> map.value("folder", paths)));
  }

  /// The catalogue as its files are now.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in them
  public KnownWorld known() {
    return catalog.map(KnownWorld::read).orElseGet(KnownWorld::builtIn);
  }
}
