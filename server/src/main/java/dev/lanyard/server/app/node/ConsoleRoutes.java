package dev.lanyard.server.app.node;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.api.ConsoleApi;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.ConsoleConfig;
import dev.lanyard.server.console.governance.ExposurePages;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.token.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pages of the console, for whoever signs in at the broker, and the calls that do the same.
record ConsoleRoutes(
    Platform platform,
    Directory directory,
    Revocation revocation,
    ClientRegistry clients,
    Supplier<Library> library,
    AuditLog audit,
    PasswordStore passwords,
    Ledgers ledgers) {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleRoutes.class);

  /// Both act by the same parts.
  record Wired(Console pages, ConsoleApi api) {}

  Wired of(
      ConsoleConfig config, BrokerConfig brokerConfig, Broker broker, List<Console.Room> rooms) {
    if (!config.secondFactor().demanded()) {
      LOG.warn(
          "THE CONSOLE LETS ADMINISTRATORS IN WITH A PASSWORD ALONE: console.second_factor.demanded"
              + " is false. Whoever phishes one of them can switch people on and off");
    }
    var parts =
        new Parts(
            config.duties(),
            brokerConfig.issuer(),
            brokerConfig.organisation(),
            platform,
            broker.liveness(),
            directory,
            revocation,
            clients,
            library,
            new Offer(brokerConfig.issuer(), library, brokerConfig.exchange()::tenantAt),
            audit,
            Optional.of(passwords).filter(_ -> brokerConfig.signIn().localPeople()));
    var desks = Desks.of(parts, ledgers);
    return new Wired(
        new Console(config, parts, ledgers, desks, withExposure(rooms)),
        new ConsoleApi(parts, ledgers, desks));
  }

  private List<Console.Room> withExposure(List<Console.Room> rooms) {
    var all = new ArrayList<>(rooms);
    all.add(gate -> new ExposurePages(gate, ledgers.exposure(), platform.clock()).routes());
    return all;
  }
}
