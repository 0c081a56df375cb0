package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.tools.ToolRegister;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of this process.
final class Fronts {
  private static final Logger LOG = LoggerFactory.getLogger(Fronts.class);

  private Fronts() {}

  /// What is known of the servers behind it, and of those who call them.
  ///
  /// @param people whose people the role library means
  /// @param outbound where the servers may be
  record Behind(
      Supplier<WhosePeople> people,
      ToolLock lock,
      UpstreamCredentials credentials,
      TaskSeal seal,
      EgressPolicy outbound) {
    static Behind of(
        Configuration config, Database database, ToolRegister tools, Credentials credentials) {
      var people = LibraryPeople.of(config, database);
      if (people.get().organisation().isEmpty()) {
        LOG.warn(
            "whose people the role library means is not said ('gateway.organisation'): nobody has a"
                + " role but by 'gateway.groups_of_others', or by id");
      }
      return new Behind(
          people,
          new DriftLock(tools, config.driftLock()),
          new ShownUpstream(credentials),
          new MasterTaskSeal(config.masterKey()::open),
          config.outbound());
    }
  }

  /// @param library answers the library in force
  /// @param clients answers the clients that the broker knows
  /// @param atRas the clients of the resource authorization server
  static Gateway open(
      GatewayConfig config,
      Gateway.Ground ground,
      Supplier<Library> library,
      Supplier<Collection<Client>> clients,
      ClientRegistry atRas,
      Behind behind) {
    var catalog = new Catalog(library);
    config
        .allFronts()
        .forEach(front -> compare(front.connector(), front.metadata().resource().value(), catalog));
    var rules =
        new Gateway.Rules(
            new Policy(library),
            catalog,
            behind.lock(),
            behind.credentials(),
            behind.seal(),
            new LibraryNames(
                client -> namesAtBroker(client, config.issuer(), clients.get()), behind.people()),
            client -> atRas.find(client).filter(Client::mayActForItself).isPresent());
    return new Gateway(config, ground, rules, Gateway.client(behind.outbound()));
  }

  /// Not a reason not to start: the library may become right while we run, and everything is
  /// refused until it does.
  private static void compare(String connector, String address, Catalog catalog) {
    var known = catalog.byId(connector).map(one -> one.resource().value());
    if (!known.filter(address::equals).isPresent()) {
      LOG.warn(
          "the library has connector '{}' {}, the gateway serves it at {}: nobody may use a tool",
          connector,
          known.map(resource -> "at " + resource).orElse("nowhere"),
          address);
    }
  }

  /// What the library knows a client as that has this id at the resource authorization server.
  private static List<ClientId> namesAtBroker(
      ClientId client, Issuer ras, Collection<Client> clients) {
    var names =
        clients.stream().filter(one -> one.idsAt(ras).contains(client)).map(Client::id).toList();
    // One that the broker does not know is known by the only name that it has.
    return names.isEmpty() ? List.of(client) : names;
  }
}
