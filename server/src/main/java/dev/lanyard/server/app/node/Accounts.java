package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.credentials.GatewayClient;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.tracing.Span;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The upstream credentials of this process's gateway, and where people connect their accounts.
public final class Accounts {
  private Accounts() {}

  /// @param denied what is dead
  /// @param neighbours of this process; empty if the broker is in another
  /// @param library answers the library in force
  /// @param clients answers the clients that the broker knows
  public static Credentials open(
      Configuration config,
      Database database,
      Directory directory,
      DenySet denied,
      Optional<Neighbours> neighbours,
      Supplier<Library> library,
      Supplier<Collection<Client>> clients,
      InstantSource clock) {
    var broker = config.broker().map(Configuration.Served::config).map(BrokerConfig::issuer);
    var egress = new EgressClient(config.outbound()).withHeaders(Span::headers);
    var gateway = config.gateway().flatMap(Configuration.ServedGateway::client);
    return new Credentials(
        config.upstreamCredentials(),
        broker,
        gateway.map(GatewayClient::id),
        gateway
            .flatMap(self ->
                neighbours
                    .map(one -> one.idJags(self.id()))
                    .or(() ->
                        broker.map(issuer -> Credentials.overHttp(issuer, self, egress, clock))))
            .orElse(IdJagSource.NONE),
        new Credentials.Parts(
            database,
            directory,
            denied,
            new Outbox(database, new DeliveryAudit(), clock),
            // Not before it is needed: a process that only forwards needs none.
            Enforcement.lazily(config.masterKey()::open),
            new Entitlements(
                new Policy(library), LibraryPeople.of(config, database), clients, clock),
            egress,
            clock));
  }

  /// The pages, for whoever is signed in at the broker; others sign in first.
  static List<Route> routes(Credentials credentials, BrokerConfig config, Broker broker) {
    var visitors = broker.visitors();
    return credentials.routes(
        config.issuer(),
        request ->
            visitors
                .of(request)
                .map(one -> new Credentials.SignedIn(one.person(), one.session().id())),
        visitors::signIn);
  }
}
