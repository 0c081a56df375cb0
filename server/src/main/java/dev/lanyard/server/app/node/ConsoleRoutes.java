package dev.lanyard.server.app.node;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.QuotaConfig;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.api.ConsoleApi;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.ConsoleConfig;
import dev.lanyard.server.console.governance.ExposurePages;
import dev.lanyard.server.console.governance.Prepared;
import dev.lanyard.server.console.governance.QuotaPages;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.IdJagUses;
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
            new Offer(
                brokerConfig.issuer(),
                WhosePeople.of(brokerConfig.organisation()),
                library,
                brokerConfig.exchange()::tenantAt),
            audit,
            Optional.of(passwords).filter(_ -> brokerConfig.signIn().localPeople()));
    var desks = Desks.of(parts, ledgers);
    return new Wired(
        new Console(
            config,
            parts,
            ledgers,
            desks,
            withRooms(rooms, parts, brokerConfig.exchange().quota())),
        new ConsoleApi(parts, ledgers, desks));
  }

  private List<Console.Room> withRooms(
      List<Console.Room> rooms, Parts parts, Optional<QuotaConfig> limit) {
    var all = new ArrayList<>(rooms);
    all.add(gate -> new ExposurePages(gate, ledgers.exposure(), platform.clock()).routes());
    var uses = new IdJagUses(platform.database());
    var quota =
        new QuotaPages.Parts(
            limit,
            new Prepared<>(month -> uses.counts(month, 1), platform.clock()),
            library,
            id -> directory.person(new PersonId(id)).filter(parts::isOurs));
    all.add(gate -> new QuotaPages(gate, quota).routes());
    return all;
  }
}
