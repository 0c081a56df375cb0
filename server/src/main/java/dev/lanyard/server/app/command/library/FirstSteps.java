package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.GovernanceNode;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.Fact;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.catalog.Statements.Status;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.library.Connector;
import java.time.LocalDate;
import java.util.Optional;

/// What somebody must do at a connector before it works, although policy gives it.
record FirstSteps(Installation installation, KnownWorld known, LocalDate day) {
  /// @param config of the installation; without one, only the built-in catalogue is asked
  static FirstSteps of(Optional<Configuration> config, LocalDate day) {
    return new FirstSteps(
        config.map(GovernanceNode::installation).orElse(Installation.UNKNOWN),
        config.map(one -> one.governance().known()).orElseGet(KnownWorld::builtIn),
        day);
  }

  /// For people; empty if nothing is known that they must do.
  Optional<String> at(Connector connector) {
    if (installation.bridged().contains(connector.id())) {
      return Optional.of("connect an account there once, in the browser");
    }
    return installation.ours().equals(Optional.of(connector.authorizationServer()))
        ? Optional.empty()
        : known.of(connector).flatMap(this::said);
  }

  private Optional<String> said(KnownConnector connector) {
    var seen = connector.seen();
    if (seen.status(day) instanceof Status.Known(var bucket, var by) && bucket != Bucket.LIVE) {
      return Optional.of("agree to the vendor's consent screen (%s)".formatted(by));
    }
    return seen.fact(Fact.JUST_IN_TIME, day)
        .filter(one -> one.value().equals("false"))
        .map(one -> "have an account there (%s)".formatted(one.by()));
  }
}
