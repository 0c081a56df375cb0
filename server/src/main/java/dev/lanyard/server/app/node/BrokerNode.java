package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.Rulebook;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.console.desk.ClientDesk;
import dev.lanyard.server.console.gate.ConsoleClient;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.scim.Scim;
import dev.lanyard.server.signals.Signals;
import dev.lanyard.server.signals.inbound.LogoutProvider;
import dev.lanyard.server.token.KnownClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The identity broker of a node, with what tells it of people and what it tells others.
final class BrokerNode {
  private final Ground ground;
  private final BrokerConfig config;
  private final EnteredClients entered;
  private final KnownClients clients;
  private final Signals signals;

  BrokerNode(Ground ground, Served<BrokerConfig> served) {
    this.ground = ground;
    this.config = served.config();
    this.entered = EnteredClients.open(ground.database(), config.issuer());
    this.clients =
        withConsole(
            ground.config(), ground.clients(Lanyard.BROKER, served, config.issuer()).and(entered));
    this.signals =
        ground
            .running()
            .add(
                new Signals(
                    identity(config),
                    ground.config().signals(),
                    new Signals.Parts(
                        ground.directory(),
                        clients.registry(),
                        ground.revocation(),
                        new Outbox(ground.database(), new DeliveryAudit(), ground.clock()),
                        ground.safe()),
                    ground.platform()));
  }

  private static KnownClients withConsole(Configuration config, KnownClients known) {
    return config
        .console()
        .map(served -> known.and(new ConsoleClient(served.config())))
        .orElse(known);
  }

  /// Whose signals the broker gives and takes.
  static Signals.Identity identity(BrokerConfig broker) {
    var providers =
        broker.signIn().upstreams().stream()
            .map(one -> LogoutProvider.of(one, broker.organisation()))
            .collect(Collectors.toSet());
    return new Signals.Identity(broker.issuer(), broker.organisation(), Lanyard.BROKER, providers);
  }

  BrokerConfig config() {
    return config;
  }

  ClientRegistry clients() {
    return clients.registry();
  }

  /// What administrators enter, and what registers itself.
  ClientDesk clientDesk() {
    return new ClientDesk(entered, clients.registered());
  }

  /// Who carries its messages.
  Map<String, Courier> couriers() {
    return signals.couriers();
  }

  /// The broker itself.
  Broker open(Neighbours neighbours) {
    var broker =
        new Broker(
            config,
            ground.platform(),
            clients.registry(),
            ground.keys(Lanyard.BROKER, Broker.PURPOSES),
            new Broker.People(ground.directory(), ground.passwords(), neighbours.callerTokens()),
            new Rulebook(
                new Policy(ground.library()::current), new Catalog(ground.library()::current)),
            ground.revocation());
    neighbours.joins(broker.innerExchange());
    return broker;
  }

  List<Route> routes(Broker broker, Credentials credentials) {
    var scim = scim();
    var routes = new ArrayList<>(broker.routes(List.of(scim.tokens(), signals.tokens())));
    routes.addAll(clients.routes());
    routes.addAll(
        SetupRoutes.of(
            config, broker, clients.registry(), ground.library()::current, ground.clock()));
    routes.addAll(Accounts.routes(credentials, config, broker));
    routes.addAll(scim.routes());
    routes.addAll(signals.routes());
    return routes;
  }

  private Scim scim() {
    return new Scim(
        ground.config().scim(),
        config.issuer(),
        ground.platform(),
        clients.registry(),
        ground.directory(),
        ground.revocation());
  }

  /// Begins to give and take signals.
  void start() {
    signals.start();
  }
}
