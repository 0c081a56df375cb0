package dev.lanyard.server.app;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.Enforcement;
import dev.lanyard.server.app.node.Planning;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import java.time.InstantSource;
import java.util.Optional;

/// Forecasts, reviews, contracts and the value report for commands, beside a server that may be
/// running on the same record.
final class PlanningDesk {
  private PlanningDesk() {}

  static Planning of(Configuration config, Database database, InstantSource clock) {
    return new Planning(
        config,
        database,
        Enforcement.lazily(() -> LibraryDesk.decisive(database, config, Optional.empty())),
        () -> Directory.open(database, clock),
        clock);
  }
}
