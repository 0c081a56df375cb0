package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.PublishedKeys;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.publication.LibraryInForce;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.token.JdbcDpopReplay;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Tally;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.transparency.GrowthWatch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A process that plays the gateway and nothing else: it opens no master key and sees no signing
/// key. It fetches the public ones where every resource server does, shares the record with the
/// other nodes, and learns of a kill like them: its word stands in the receipts.
public final class GatewayNode implements AutoCloseable {
  private final Running running = new Running();
  private final Database database;
  private final Upkeep upkeep;
  private final Reception reception;
  private final Metrics metrics = new Metrics();
  private final Optional<BearerSecret> secret;
  private final HttpServer http;

  private GatewayNode(Configuration config, InstantSource clock) {
    this.secret = config.metrics().map(one -> new BearerSecret(one, "health"));
    this.database = running.add(Database.open(config.database(), clock));
    try {
      var directory = Directory.open(database, clock);
      var library = LibraryOffice.open(config, database, clock).inForce();
      LibraryPeople.keep(config, database, clock);
      var denied = DenySet.following(database);
      var served = config.gateway().orElseThrow();
      var doors =
          NodeDoors.open(
              config,
              List.of(new Listener(Lanyard.GATEWAY, served.address(), served.tls())),
              database,
              denied,
              metrics,
              running,
              clock);
      this.upkeep = doors.upkeep();
      this.reception = doors.reception();
      this.http = doors.http();
      Figures.ofThreads(metrics, database::endedThreads);
      upkeep.everyMinute("the audit log", new GrowthWatch(database, clock)::look);
      upkeep.watch("policy", library::poll, () -> library.current().version());
      var _ = running.add(FanOut.node(config, database, clock));
      var tools = ToolRegister.open(database, clock);
      var gateway =
          running.addDoor(open(config, ground(config, directory, denied, clock), library, tools));
      ToolLooks.start(config, database, () -> tools, denied, running.jobs(), clock)
          .ifPresent(running::addDoor);
      http.serve(
          Map.of(Lanyard.GATEWAY, routes(gateway, config)),
          new Journal(database.groupCommit(), reception.strangers(), new Tally(metrics), clock));
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /// Starts the gateway of a configuration. When this returns, it is served.
  ///
  /// @throws RuntimeException with a message for the administrator, if something is missing or
  ///   wrong; nothing is left running then
  public static GatewayNode start(Configuration config, InstantSource clock) {
    return new GatewayNode(config, clock);
  }

  private Gateway.Ground ground(
      Configuration config, Directory directory, DenySet denied, InstantSource clock) {
    var issuer = config.gateway().orElseThrow().config().issuer();
    var egress = new EgressClient(config.outbound()).withHeaders(Span::headers);
    return new Gateway.Ground(
        database,
        PublishedKeys.following(
            database,
            Lanyard.RAS,
            Purpose.ACCESS_TOKEN,
            new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock).keys()),
        directory,
        denied,
        new JdbcDpopReplay(database.groupCommit()),
        reception.strangers(),
        metrics,
        running.jobs(),
        clock);
  }

  private Gateway open(
      Configuration config, Gateway.Ground ground, LibraryInForce library, ToolRegister tools) {
    // As the broker itself knows them: also those that were entered in its console.
    var clients =
        config
            .broker()
            .map(served ->
                ClientRegistry.open(served.clients())
                    .and(EnteredClients.open(database, served.config().issuer())));
    clients.ifPresent(file ->
        upkeep.watch("clients", "clients of the broker", file::poll, () -> "of the broker"));
    Supplier<Collection<Client>> known = () -> clients.map(ClientRegistry::all).orElse(List.of());
    var credentials =
        Accounts.open(
            config,
            database,
            ground.directory(),
            ground.denied(),
            Optional.empty(),
            library::current,
            known,
            ground.clock());
    var atRas = ClientRegistry.open(config.ras().orElseThrow().clients());
    upkeep.watch("clients", "clients of the ras", atRas::poll, () -> "of the ras");
    return Fronts.open(
        config.gateway().orElseThrow().config(),
        ground,
        library::current,
        known,
        atRas,
        Fronts.Behind.of(config, database, tools, credentials));
  }

  private List<Route> routes(Gateway gateway, Configuration config) {
    var routes = new ArrayList<>(reception.bounded(gateway.routes()));
    routes.add(Route.get("/health/live", Access.PUBLIC, Health::live).nonBlocking());
    routes.add(Route.get("/health/ready", Access.PUBLIC, this::ready).nonBlocking());
    routes.addAll(new MetricsEndpoint(metrics, config.metrics()).routes());
    return routes;
  }

  private Response ready(Request request) {
    boolean fresh = database.changes().freshness() instanceof Freshness.Fresh;
    var body = JsonObject.builder().put("status", fresh ? "ready" : "stale");
    Health.record(database, body);
    if (secret.filter(one -> one.isBorneBy(request)).isPresent()) {
      Health.broken(body, upkeep, database.endedThreads());
    }
    return Response.json(fresh ? 200 : 503, body.build()).noStore();
  }

  /// Where it listens.
  int port() {
    return http.port(Lanyard.GATEWAY);
  }

  @Override
  public void close() {
    running.close();
  }
}
