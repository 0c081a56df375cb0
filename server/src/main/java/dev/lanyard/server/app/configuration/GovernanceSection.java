package dev.lanyard.server.app.configuration;

import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.governance.probe.ProbeConfig;
import dev.lanyard.server.governance.routing.Workloads;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// The sections of the configuration about what is known of the world and what is made of it.
///
/// @param catalog the folder of what the organisation knows; empty if it adds nothing
/// @param probes how often connectors are looked at without anybody asking
/// @param workloads the file of the declared workloads; empty if none are
public record GovernanceSection(
    Optional<Path> catalog, ProbeConfig probes, Optional<Path> workloads) {
  static GovernanceSection read(YamlMap top, Function<String, Path> paths) {
    return new GovernanceSection(
        top.optionalMap("catalog").map(map -> map.value("folder", paths)),
        top.optionalMap("probes").map(GovernanceSection::probes).orElse(ProbeConfig.NONE),
        top.optionalMap("routing").map(map -> map.value("workloads", paths)));
  }

  private static ProbeConfig probes(YamlMap map) {
    return new ProbeConfig(map.optionalDuration("every"), map.bool("catalog", false));
  }

  /// The catalogue as its files are now.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in them
  public KnownWorld known() {
    return catalog.map(KnownWorld::read).orElseGet(KnownWorld::builtIn);
  }

  /// The declared workloads as their file is now.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public Workloads declared() {
    return workloads.map(Workloads::read).orElse(Workloads.NONE);
  }
}
