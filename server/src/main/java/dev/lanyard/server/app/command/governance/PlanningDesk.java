package dev.lanyard.server.app.command.governance;

import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.Enforcement;
import dev.lanyard.server.app.node.GovernanceNode;
import dev.lanyard.server.app.node.Planning;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.library.Library;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// The coverage map, forecasts, reviews, contracts and the value report for commands, beside a
/// server that may be running on the same record.
final class PlanningDesk {
  private PlanningDesk() {}

  static Planning of(Configuration config, Database database, InstantSource clock) {
    Supplier<Library> library = Enforcement.lazily(library(config, database));
    Supplier<KnownWorld> known = Enforcement.lazily(config.governance()::known);
    Supplier<Directory> directory = Enforcement.lazily(() -> Directory.open(database, clock));
    var map = GovernanceNode.map(config, database, library, known, directory, clock);
    return new Planning(config, database, library, known, map, directory, clock);
  }

  static CoverageMap map(Configuration config, Database database, InstantSource clock) {
    return GovernanceNode.map(
        config,
        database,
        library(config, database),
        config.governance()::known,
        () -> Directory.open(database, clock),
        clock);
  }

  static Supplier<Library> library(Configuration config, Database database) {
    return () -> LibraryDesk.decisive(database, config, Optional.empty());
  }
}
