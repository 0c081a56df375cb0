package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Looks at where an installation that others reach may go itself: what a trial on one machine
/// needs lays open the machine of a real one.
public final class OutboundCheckup {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private OutboundCheckup() {}

  /// What is worth knowing; empty if nothing is open, or all names are this machine's own.
  public static Optional<Finding> examine(Configuration config) {
    if (!config.outbound().exposesLoopback()) {
      return Optional.empty();
    }
    return Stream.concat(
            config.broker().map(one -> one.config().issuer()).stream(),
            config.ras().map(one -> one.config().issuer()).stream())
        .filter(issuer -> !THIS_MACHINE.contains(issuer.uri().getHost()))
        .findFirst()
        .map(OutboundCheckup::open);
  }

  private static Finding open(Issuer others) {
    return Finding.note(
        "outbound.loopback",
        "%s is for others than this machine, and whoever can choose an address that is called here reaches every service on it; take 'loopback: true' away, unless a name of the installation, an MCP server or a collector is on this machine"
            .formatted(others));
  }
}
