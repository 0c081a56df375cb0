package dev.lanyard.server.app.node;

import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Cursors;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.administration.OrganisationRoutes;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.signals.inbound.LogoutProvider;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.UpstreamLogouts;
import dev.lanyard.server.token.KnownClients;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The resource authorization server of a node, with its customers' administration and what
/// providers tell it.
final class RasNode {
  private final Ground ground;
  private final RasConfig config;
  private final KeyRing keys;
  private final KnownClients clients;
  private final Ras ras;
  private final SecurityEvents events;
  private final List<Route> routes = new ArrayList<>();
  private final List<ApiRoute> api;

  RasNode(Ground ground, Served<RasConfig> served, Cursors cursors) {
    this.ground = ground;
    this.config = served.config();
    this.keys = ground.keys(Lanyard.RAS, Ras.PURPOSES);
    this.clients = ground.clients(Lanyard.RAS, served, config.issuer());
    this.ras =
        new Ras(
            config,
            ground.platform(),
            clients.registry(),
            keys,
            new AuthorizationFlow.People(ground.directory(), ground.passwords()),
            ground.revocation(),
            new Policy(ground.library()::current));
    ras.ordinaryFlow()
        .ifPresent(flow ->
            ground
                .upkeep()
                .everyMinuteUnhurried("what people consented to", () -> flow.reconcile("upkeep")));
    this.events =
        ground
            .running()
            .add(
                new SecurityEvents(
                    config.issuer(),
                    ground.config().signalsAtRas().sources(),
                    ground.directory(),
                    ground.revocation(),
                    ground.platform()));
    routes.addAll(ras.routes());
    routes.addAll(logouts());
    routes.addAll(
        CustomersCalls.routes(ras, config.issuer(), ground.revocation(), ground.platform()));
    routes.addAll(events.routes());
    routes.addAll(clients.routes());
    this.api = enrolment(cursors);
  }

  /// Who signs people in here tells here of their logouts.
  private List<Route> logouts() {
    var providers =
        config.flow().stream()
            .flatMap(flow -> flow.ways().providers().stream())
            .map(way -> LogoutProvider.of(way.config(), way.organisation()))
            .collect(Collectors.toSet());
    if (providers.isEmpty()) {
      return List.of();
    }
    var logouts =
        new UpstreamLogouts(config.issuer(), providers, ground.revocation(), ground.platform());
    logouts.keepKeys();
    ground.upkeep().everyMinute("the keys of providers", logouts::keepKeys);
    return logouts.routes();
  }

  /// Adds the pages, and returns the calls.
  private List<ApiRoute> enrolment(Cursors cursors) {
    var clock = ground.clock();
    var office =
        Enrolments.office(ground.config(), config, ground.database(), ground.revocation(), clock);
    ground.upkeep().everyMinute("enrolments", () -> Enrolments.expire(office));
    routes.addAll(
        OrganisationRoutes.pages(
            config.issuer(),
            config.enrolment(),
            config.flow().isPresent() ? Flows.BOTH : Flows.EMA_ONLY,
            office,
            new PreFlight(ground.directory()),
            ground.platform().strangers(),
            clock));
    return OrganisationRoutes.api(
        config.issuer(),
        config.enrolment(),
        config.organisations(),
        office,
        new PreFlight(ground.directory()),
        bearers -> new Api(bearers, cursors, ground.database(), clock),
        clock);
  }

  Ras ras() {
    return ras;
  }

  /// With which access tokens are checked.
  KeySource tokenKeys() {
    return keys.of(Purpose.ACCESS_TOKEN);
  }

  ClientRegistry clients() {
    return clients.registry();
  }

  List<Route> routes() {
    return routes;
  }

  List<ApiRoute> api() {
    return api;
  }

  /// Begins to ask providers what happened.
  void start() {
    events.start();
  }
}
