package dev.lanyard.server.app.node;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.AccessTokens;
import dev.lanyard.server.administration.AdminBearers;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Cursors;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.app.configuration.DpopNonceMode;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.governance.ForecastApi;
import dev.lanyard.server.console.governance.ReviewApi;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.Resealing;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.publication.Consequences;
import dev.lanyard.server.publication.ExceptionEnds;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.token.DpopNonces;
import dev.lanyard.server.token.JdbcDpopReplay;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.transparency.TransparencyLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A running installation: the composition root. Everything is made here, by constructors, in the
/// order in which it needs each other.
public final class Lanyard implements AutoCloseable {
  /// The names of the listeners.
  public static final String BROKER = "broker";

  public static final String RAS = "ras";

  public static final String GATEWAY = "gateway";

  public static final String CONSOLE = "console";

  private final Running running = new Running();
  private final Database database;
  private final Directory directory;
  private final PasswordStore passwords;
  private final Revocation revocation;
  private final LibraryOffice office;
  private final Ground ground;
  private final Supplier<ToolRegister> tools;
  private final Consequences consequences;
  private final ExceptionEnds exceptionEnds;
  private final Upkeep upkeep;
  private final Optional<BrokerNode> broker;
  private final Credentials credentials;
  private final Neighbours neighbours = new Neighbours();
  private final Reconciliation reconciliation;
  private final Reconciler reconciler;
  private final FanOut fanOut;
  private final Dispatcher deliveries;
  private final Exports exports;
  private final TransparencyLog transparency;
  private final GovernanceNode governance;
  private final Planning planning;
  private final Cursors cursors;
  private final KeyRotation rotation;
  private final Offers offers;
  private final Metrics metrics = new Metrics();
  private final HttpServer http;

  private Lanyard(Configuration config, InstantSource clock) {
    this.database = running.add(Database.open(config.database(), clock));
    try {
      this.tools = Enforcement.lazily(() -> ToolRegister.open(database, clock));
      this.directory = Directory.open(database, clock);
      this.passwords = PasswordStore.open(database, clock);
      this.office = LibraryOffice.open(config, database, clock);
      var library = office.inForce();
      var enforcement = Enforcement.of(config, database, directory, library::current, clock);
      this.revocation = enforcement.revocation();
      this.reconciliation = enforcement.begun(config, database);
      LibraryPeople.keep(config, database, clock);
      this.reconciler =
          running.add(new Reconciler(reconciliation, new Alarms(database), running.jobs()));
      var doors =
          NodeDoors.open(
              config, listeners(config), database, revocation.denied(), metrics, running, clock);
      this.upkeep = doors.upkeep();
      this.http = doors.http();
      upkeep.watch("policy", library::poll, () -> library.current().version());
      office
          .approvers()
          .ifPresent(file -> upkeep.watch("approvers", file::poll, office::approversVersion));
      var safe = config.keySafe(clock);
      var platform =
          new Platform(
              database,
              new EgressClient(config.outbound()).withHeaders(Span::headers),
              ClockSkew.DEFAULT,
              doors.reception().strangers(),
              new Tally(metrics),
              clock,
              config.outside().revision(),
              running.jobs(),
              config.outside().dpopNonces() == DpopNonceMode.REQUIRED
                  ? Optional.of(new DpopNonces(safe.masterKey(), clock))
                  : Optional.empty());
      this.cursors = new Cursors(safe.masterKey());
      this.rotation = new KeyRotation(database, safe, config.keys(), new KeyAudit(), clock);
      upkeep.everyMinute("the signing keys", () -> rotation.step("upkeep"));
      QuotaWatch.start(config, database, metrics, upkeep, clock);
      this.ground =
          new Ground(
              config, platform, safe, directory, passwords, revocation, library, upkeep, running);
      this.broker = config.broker().map(served -> new BrokerNode(ground, served));
      Supplier<Collection<Client>> registered =
          () -> broker.map(BrokerNode::clients).map(ClientRegistry::all).orElse(List.of());
      this.credentials =
          Accounts.open(
              config,
              database,
              directory,
              revocation.denied(),
              Optional.of(neighbours),
              library::current,
              registered,
              clock);
      upkeep.everyMinuteUnhurried("accounts upstream", () -> credentials.sweep("upkeep"));
      this.consequences =
          running.add(office.consequences(directory, revocation, registered, clock));
      this.exceptionEnds =
          running.add(office.exceptionEnds(library, directory, revocation, registered, clock));
      this.governance =
          running.add(
              GovernanceNode.start(
                  config, database, library::current, directory, upkeep, running.jobs(), clock));
      this.fanOut = running.add(new FanOut(ground, enforcement, governance.known()));
      this.deliveries =
          running.add(
              Dispatcher.start(
                  database, couriers(), new DeliveryAudit(), config.delivery(), clock));
      this.transparency =
          running.add(
              TransparencyLog.open(database, safe.masterKey(), AuditOffice.origin(config), clock));
      this.exports =
          running.add(
              Exports.start(
                  config.outside().exports(),
                  issuer(config),
                  database,
                  transparency.revealing(),
                  config.outbound(),
                  clock));
      this.planning = governance.planning(config, database, library::current);
      planning.keepUp(upkeep);
      figures();
      ToolLooks.start(config, database, tools, revocation.denied(), running.jobs(), clock)
          .ifPresent(running::addDoor);
      this.offers =
          new Offers(
              ground,
              doors.reception(),
              new Administration(governance, planning, new Diagnostics(audit())),
              cursors,
              everywhere(config));
      var ras = config.ras().map(served -> new RasNode(ground, served, cursors));
      broker.ifPresent(one -> offer(one, ras.map(RasNode::clients)));
      ras.ifPresent(this::offer);
      ras.flatMap(one -> gateway(config, one))
          .map(running::addDoor)
          .ifPresent(gateway -> offers.offer(GATEWAY, gateway.routes()));
      http.serve(offers.routes(), platform.journal());
      transparency.start(config.transparency(), platform.egress(), running.jobs());
      broker.ifPresent(BrokerNode::start);
      ras.ifPresent(RasNode::start);
      var _ = consequences.start(running.jobs());
      var _ = exceptionEnds.start(running.jobs());
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private void figures() {
    Figures.ofRevocation(metrics, revocation);
    Figures.ofDeliveries(metrics, deliveries, reconciler);
    Figures.ofExports(metrics, exports);
    Figures.ofAudit(metrics, transparency);
    Figures.ofThreads(metrics, () -> Health.endedThreads(database, deliveries, exports));
  }

  /// Starts everything that the configuration names. When this returns, it is served.
  ///
  /// @throws RuntimeException with a message for the administrator, if something is missing or
  ///   wrong; nothing is left running then
  public static Lanyard start(Configuration config, InstantSource clock) {
    return new Lanyard(config, clock);
  }

  /// By this name the installation is told from others: the broker's issuer, or the other one.
  static Issuer issuer(Configuration config) {
    return config
        .broker()
        .map(Served::config)
        .map(BrokerConfig::issuer)
        .or(() -> config.ras().map(Served::config).map(RasConfig::issuer))
        .orElseThrow();
  }

  private static List<Listener> listeners(Configuration config) {
    var listeners = new ArrayList<Listener>();
    config.broker().ifPresent(one -> listeners.add(new Listener(BROKER, one.address(), one.tls())));
    config
        .console()
        .ifPresent(one -> listeners.add(new Listener(CONSOLE, one.address(), one.tls())));
    config.ras().ifPresent(one -> listeners.add(new Listener(RAS, one.address(), one.tls())));
    config
        .gateway()
        .ifPresent(one -> listeners.add(new Listener(GATEWAY, one.address(), one.tls())));
    return listeners;
  }

  /// @param atRas the clients of our resource authorization server, if it is here
  private void offer(BrokerNode node, Optional<ClientRegistry> atRas) {
    var config = ground.config();
    var broker = node.open(neighbours);
    var console =
        config
            .console()
            .map(
                one -> console(node, atRas).of(one.config(), node.config(), broker, rooms().all()));
    console.ifPresent(one -> offers.offer(CONSOLE, one.pages().routes()));
    var routes = new ArrayList<>(node.routes(broker, credentials));
    var people = administrators(config, broker);
    people.ifPresent(one -> routes.add(one.description()));
    var api = people.map(one -> new Api(one, cursors, database, ground.clock()));
    var calls = new ArrayList<ApiRoute>();
    api.ifPresent(one -> {
      calls.addAll(console.orElseThrow().api().routes(one));
      calls.addAll(new ReviewApi(planning.desk()).routes(one));
      calls.addAll(new ForecastApi(planning.forecastDesk()).routes(one));
    });
    offers.offer(BROKER, routes, api.or(offers::programs), calls);
  }

  private void offer(RasNode node) {
    fanOut.reaches(node.ras());
    neighbours.joins(node.ras());
    offers.offer(RAS, node.routes(), offers.programs(), node.api());
  }

  private List<Route> everywhere(Configuration config) {
    var routes = new ArrayList<Route>();
    routes.addAll(
        new Health(
                database, upkeep, consequences, reconciler, deliveries, exports, config.metrics())
            .routes());
    routes.addAll(new MetricsEndpoint(metrics, config.metrics()).routes());
    routes.addAll(new AuditLogEndpoint(transparency, config.transparency().readers()).routes());
    return routes;
  }

  private GovernanceRooms rooms() {
    return new GovernanceRooms(
        governance, planning, database, ground.library()::current, upkeep, ground.clock());
  }

  private ConsoleRoutes console(BrokerNode node, Optional<ClientRegistry> atRas) {
    var config = ground.config();
    var library = ground.library();
    var clock = ground.clock();
    var ledgers =
        new Ledgers(
            new Alarms(database),
            new History(database),
            tools.get(),
            rotation,
            new Receipts(database),
            transparency,
            () -> database.read(connection -> new OrganisationTables(connection).all()),
            () -> ground.exposure(governance.known()).of(Optional.empty()),
            deliveries::backlog,
            office.drafting(directory, node.clients()::all, clock),
            new ExceptionRequests(database),
            new ConnectedProviders(config, node.config(), database, clock),
            node.clientDesk(),
            config
                .masterKey()
                .former()
                .map(_ -> new Resealing(database, config.masterKey().open(), Sealed.columns())),
            new Backroom(ground, node.config().issuer(), atRas, reconciliation, credentials)
                .backstage());
    return new ConsoleRoutes(
        ground.platform(),
        directory,
        revocation,
        node.clients(),
        library::current,
        audit(),
        passwords,
        ledgers);
  }

  /// Of the keys of the resource authorization server it is given the public ones.
  private Optional<Gateway> gateway(Configuration config, RasNode ras) {
    return config
        .gateway()
        .map(served ->
            Fronts.open(
                served.config(),
                new Gateway.Ground(
                    database,
                    ras.tokenKeys(),
                    directory,
                    revocation.denied(),
                    new JdbcDpopReplay(database.groupCommit()),
                    ground.platform().strangers(),
                    metrics,
                    running.jobs(),
                    ground.clock()),
                ground.library()::current,
                () -> broker.map(BrokerNode::clients).map(ClientRegistry::all).orElse(List.of()),
                ras.clients(),
                Fronts.Behind.of(config, database, tools.get(), credentials)));
  }

  /// Who carries which kind of message.
  private Map<String, Courier> couriers() {
    var couriers = new LinkedHashMap<>(fanOut.couriers());
    broker.map(BrokerNode::couriers).ifPresent(couriers::putAll);
    couriers.putAll(credentials.couriers());
    return couriers;
  }

  /// The API also for people: at the broker, whose tokens they come with, and where duties are
  /// given.
  private static Optional<AccessTokens> administrators(Configuration config, Broker broker) {
    var programs = AdminBearers.reading(config.outside().administrators());
    return config.console().map(one -> broker.administrators(one.config().duties(), programs));
  }

  /// Where a listener listens.
  ///
  /// @param listener [#BROKER], [#RAS] or [#GATEWAY]
  public int port(String listener) {
    return http.port(listener);
  }

  /// Every route, by listener: the table that a reviewer reads.
  public Map<String, List<Route>> routes() {
    return offers.routes();
  }

  /// What the JSON API offers, by listener, with what it says of itself.
  public Map<String, List<ApiRoute>> api() {
    return offers.api();
  }

  /// The people of this installation.
  public Directory directory() {
    return directory;
  }

  /// The passwords of local people.
  public PasswordStore passwords() {
    return passwords;
  }

  /// The kill.
  public Revocation revocation() {
    return revocation;
  }

  /// What happened.
  public AuditLog audit() {
    return new AuditLog(database, transparency.revealing());
  }

  /// Finishes the requests that are running, makes what they wrote durable, and ends.
  @Override
  public void close() {
    running.close();
  }
}
