package dev.lanyard.server.governance.routing;

import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The declared workloads with the ways that there are. Immutable.
///
/// @param all in the order of their names
/// @param offers direct APIs and knowledge bases; a way that is not here does not exist
/// @param connectors what connectors cost and bear
/// @param residualAtMost by data class, how long somebody who was cut off may still have it
public record Workloads(
    List<Workload> all,
    List<Offer> offers,
    Offer.Terms connectors,
    Map<String, Duration> residualAtMost) {
  /// No workload and no way.
  public static final Workloads NONE =
      new Workloads(List.of(), List.of(), Offer.Terms.UNKNOWN, Map.of());

  public Workloads {
    all = List.copyOf(all);
    offers = List.copyOf(offers);
    residualAtMost = Map.copyOf(residualAtMost);
  }

  /// Reads a file.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static Workloads read(Path file) {
    return YamlFile.read(file, WorkloadsReader::read);
  }

  /// Reads a file and goes on watching it.
  public static Reloading<Workloads> watch(Path file) {
    return Reloading.open(file, (path, _) -> read(path));
  }

  /// The workload with this name.
  public Optional<Workload> find(String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
