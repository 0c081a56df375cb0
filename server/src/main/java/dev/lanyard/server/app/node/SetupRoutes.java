package dev.lanyard.server.app.node;

import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.setup.SetupEndpoint;
import dev.lanyard.server.token.ServerMetadata;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The configuration of clients, for whoever is signed in at the broker.
final class SetupRoutes {
  private SetupRoutes() {}

  static List<Route> of(
      BrokerConfig config,
      Broker broker,
      ClientRegistry clients,
      Supplier<Library> library,
      InstantSource clock) {
    var visitors = broker.visitors();
    var admission = broker.admission();
    var setup =
        new SetupEndpoint(
            (request, client) ->
                visitors
                    .of(request, client)
                    .map(one ->
                        new SetupEndpoint.Visitor(one.person(), one.session().authentication())),
            clients,
            new Offer(
                config.issuer(),
                WhosePeople.of(config.organisation()),
                library,
                config.exchange()::tenantAt),
            (request, person, client) -> admission.refusal(request, person, client, "setup"),
            clock);
    var path = ServerMetadata.path(config.issuer());
    return setup.routes().stream().map(route -> route.under(path)).toList();
  }
}
