package dev.lanyard.server.app.node;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.AccessTokens;
import dev.lanyard.server.administration.AdminBearers;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Cursors;
import dev.lanyard.server.administration.OpenApi;
import dev.lanyard.server.administration.Repeats;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.app.configuration.DpopNonceMode;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.WriteWatch;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.Rulebook;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.console.Backstage;
import dev.lanyard.server.console.ClientDesk;
import dev.lanyard.server.console.ConsoleClient;
import dev.lanyard.server.console.Ledgers;
import dev.lanyard.server.console.governance.ForecastApi;
import dev.lanyard.server.console.governance.ReviewApi;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.keys.Resealing;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.publication.Consequences;
import dev.lanyard.server.publication.ExceptionEnds;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.LibraryInForce;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.administration.OrganisationRoutes;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.scim.Scim;
import dev.lanyard.server.signals.SecurityEvents;
import dev.lanyard.server.signals.Signals;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.signals.UpstreamLogouts;
import dev.lanyard.server.telemetry.Telemetry;
import dev.lanyard.server.token.DpopNonces;
import dev.lanyard.server.token.JdbcDpopReplay;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.transparency.Holds;
import dev.lanyard.server.transparency.TransparencyLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A running installation: the composition root. Everything is made here, by constructors, in the
/// order in which it needs each other.
public final class Lanyard implements AutoCloseable {
  /// The names of the listeners.
  public static final String BROKER = "broker";

  public static final String RAS = "ras";

  public static final String GATEWAY = "gateway";

  public static final String CONSOLE = "console";

  /// At a gateway each stream of a client is a connection.
  static final HttpLimits GATEWAY_LIMITS = HttpLimits.defaults().withConnections(50_000);

  private final Running running = new Running();
  private final Database database;
  private final Directory directory;
  private final PasswordStore passwords;
  private final Revocation revocation;
  private final LibraryOffice office;
  private final LibraryInForce library;
  private final Consequences consequences;
  private final ExceptionEnds exceptionEnds;
  private final Upkeep upkeep;
  private final Reception reception;
  private final Optional<KnownClients> brokerClients;
  private final Optional<EnteredClients> entered;
  private final Optional<Signals> signals;
  private Optional<SecurityEvents> eventsAtRas = Optional.empty();
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
  private final Map<String, List<Route>> routes = new LinkedHashMap<>();
  private final Map<String, List<ApiRoute>> api = new LinkedHashMap<>();
  private final Metrics metrics = new Metrics();
  private final Optional<Telemetry> telemetry;
  private Optional<Gateway> gateway = Optional.empty();
  private final HttpServer http;

  private Lanyard(Configuration config, InstantSource clock) {
    this.database = running.add(Database.open(config.database(), clock));
    try {
      this.telemetry = Collector.start(config, metrics, clock);
      telemetry.ifPresent(running::add);
      this.directory = Directory.open(database, clock);
      this.passwords = PasswordStore.open(database, clock);
      this.office = LibraryOffice.open(config, database, clock);
      this.library = office.inForce();
      var enforcement = Enforcement.of(config, database, directory, library::current, clock);
      this.revocation = enforcement.revocation();
      this.reconciliation = enforcement.reconciliation();
      this.reconciler = running.add(new Reconciler(reconciliation, new Alarms(database)));
      this.upkeep =
          running.addDoor(
              new Upkeep(
                  new AuditLog(database),
                  revocation.denied(),
                  new Expired(database, Enforcement.longestLife(config)),
                  clock));
      this.reception =
          running.add(Reception.open(config.limits(), new AuditLog(database), upkeep, clock));
      this.http =
          running.addDoor(
              HttpServer.bind(
                  listeners(config),
                  config.gateway().isPresent() ? GATEWAY_LIMITS : HttpLimits.defaults(),
                  reception.strangers().proxies(),
                  Collector.tracer(telemetry)));
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
              reception.strangers(),
              new Tally(metrics),
              clock,
              config.outside().revision(),
              config.outside().dpopNonces() == DpopNonceMode.REQUIRED
                  ? Optional.of(new DpopNonces(safe.masterKey(), clock))
                  : Optional.empty());
      this.cursors = new Cursors(safe.masterKey());
      this.rotation = new KeyRotation(database, safe, config.keys(), new KeyAudit(), clock);
      upkeep.everyMinute("the record", new WriteWatch(database)::look);
      upkeep.everyMinute("the signing keys", () -> rotation.step("upkeep"));
      config
          .broker()
          .flatMap(served -> served.config().exchange().quota())
          .map(quota -> new QuotaWatch(quota, database, clock))
          .ifPresent(watch -> {
            watch.figures(metrics);
            upkeep.everyMinute("the quota", watch::look);
          });
      this.entered =
          config.broker().map(served -> EnteredClients.open(database, served.config().issuer()));
      this.brokerClients =
          config
              .broker()
              .map(served -> clients(BROKER, served, served.config().issuer(), platform))
              .map(known -> known.and(entered.orElseThrow()))
              .map(known -> withConsole(config, known));
      Supplier<Collection<Client>> registered =
          () ->
              brokerClients.map(KnownClients::registry).map(ClientRegistry::all).orElse(List.of());
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
      upkeep.everyMinute("accounts upstream", () -> credentials.sweep("upkeep"));
      this.consequences =
          running.add(office.consequences(directory, revocation, registered, clock));
      this.exceptionEnds =
          running.add(office.exceptionEnds(library, directory, revocation, registered, clock));
      this.signals =
          config
              .broker()
              .map(served -> running.add(signals(config, served.config(), platform, safe)));
      this.fanOut =
          running.add(new FanOut(config, database, enforcement, safe, library::current, clock));
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
      this.governance =
          running.add(
              GovernanceNode.start(config, database, library::current, directory, upkeep, clock));
      this.planning = governance.planning(config, database, library::current);
      planning.keepUp(upkeep);
      figures();
      ToolLooks.start(config, database, revocation.denied(), clock).ifPresent(running::addDoor);
      offer(config, platform, safe);
      http.serve(routes, platform.journal());
      transparency.start(config.transparency(), platform.egress());
      signals.ifPresent(Signals::start);
      eventsAtRas.ifPresent(SecurityEvents::start);
      var _ = consequences.start();
      var _ = exceptionEnds.start();
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private void figures() {
    Figures.ofProcess(metrics);
    Figures.ofDatabase(metrics, database);
    Figures.ofRevocation(metrics, revocation);
    Figures.ofDeliveries(metrics, deliveries, reconciler);
    Figures.ofExports(metrics, exports);
    Figures.ofAudit(metrics, transparency);
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

  /// Whose signals the broker gives and takes.
  static Signals.Identity identity(BrokerConfig broker) {
    var providers =
        broker.signIn().upstreams().stream()
            .map(one -> SignalsConfig.Provider.of(one, broker.organisation()))
            .collect(Collectors.toSet());
    return new Signals.Identity(broker.issuer(), broker.organisation(), BROKER, providers);
  }

  private Signals signals(
      Configuration config, BrokerConfig broker, Platform platform, KeySafe safe) {
    return new Signals(
        identity(broker),
        config.signals(),
        new Signals.Parts(
            directory,
            brokerClients.orElseThrow().registry(),
            revocation,
            new Outbox(database, new DeliveryAudit(), platform.clock()),
            safe),
        platform);
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

  private void offer(Configuration config, Platform platform, KeySafe safe) {
    config.broker().ifPresent(served -> broker(config, served, platform, safe));
    config.ras().ifPresent(served -> ras(config, served, platform, safe));
    gateway.ifPresent(one -> offer(GATEWAY, config, offered(programs(config)), one.routes()));
  }

  private void ras(
      Configuration config, Served<RasConfig> served, Platform platform, KeySafe safe) {
    var keys = keys(platform, safe, RAS, Ras.PURPOSES);
    var known = clients(RAS, served, served.config().issuer(), platform);
    gateway =
        gateway(config, platform, keys.of(Purpose.ACCESS_TOKEN), known.registry())
            .map(running::addDoor);
    var all = new ArrayList<>(ras(served, platform, keys, known.registry()));
    all.addAll(events(config, served.config(), platform));
    all.addAll(known.routes());
    var enrolment = enrolment(config, served.config(), platform);
    all.addAll(enrolment.pages());
    var api = new ArrayList<>(offered(programs(config)));
    api.addAll(enrolment.api());
    offer(RAS, config, api, all);
  }

  private void broker(
      Configuration config, Served<BrokerConfig> served, Platform platform, KeySafe safe) {
    var known = brokerClients.orElseThrow();
    var clients = known.registry();
    var broker =
        new Broker(
            served.config(),
            platform,
            clients,
            keys(platform, safe, BROKER, Broker.PURPOSES),
            new Broker.People(directory, passwords, neighbours.callerTokens()),
            new Rulebook(new Policy(library::current), new Catalog(library::current)),
            revocation);
    neighbours.joins(broker.innerExchange());
    var console =
        config
            .console()
            .map(one ->
                console(config, platform)
                    .of(one.config(), served.config(), broker, rooms(platform).all()));
    console.ifPresent(
        one -> offer(CONSOLE, config, offered(programs(config)), one.pages().routes()));
    var routes = new ArrayList<>(broker.routes());
    routes.addAll(known.routes());
    routes.addAll(
        SetupRoutes.of(served.config(), broker, clients, library::current, platform.clock()));
    routes.addAll(Accounts.routes(credentials, served.config(), broker));
    routes.addAll(scim(config, served.config(), platform));
    signals.ifPresent(one -> routes.addAll(one.routes()));
    var people = administrators(config, broker);
    people.ifPresent(one -> routes.add(one.description()));
    var api = people.map(one -> new Api(one, cursors, new Repeats(database, platform.clock())));
    var offers = new ArrayList<>(offered(api.or(() -> programs(config))));
    api.ifPresent(one -> {
      offers.addAll(console.orElseThrow().api().routes(one));
      offers.addAll(new ReviewApi(planning.desk()).routes(one));
      offers.addAll(new ForecastApi(planning.forecastDesk(), platform.clock()).routes(one));
    });
    offer(BROKER, config, offers, routes);
  }

  private GovernanceRooms rooms(Platform platform) {
    return new GovernanceRooms(
        governance, planning, database, library::current, upkeep, platform.clock());
  }

  private ConsoleRoutes console(Configuration config, Platform platform) {
    var clock = platform.clock();
    var ledgers =
        new Ledgers(
            new Alarms(database),
            new History(database),
            ToolRegister.open(database, clock),
            rotation,
            new Receipts(database),
            transparency,
            () -> database.read(connection -> new OrganisationTables(connection).all()),
            () ->
                Enforcement.exposure(config, database, revocation.denied(), library::current, clock)
                    .of(Optional.empty()),
            deliveries::backlog,
            office.drafting(directory, brokerClients.orElseThrow().registry()::all, clock),
            new ExceptionRequests(database),
            new ConnectedProviders(config, config.broker().orElseThrow().config(), database, clock),
            new ClientDesk(entered.orElseThrow(), brokerClients.flatMap(KnownClients::registered)),
            config
                .masterKey()
                .former()
                .map(_ -> new Resealing(database, config.masterKey().open(), Sealed.columns())),
            new Backstage(
                new Holds(database, clock),
                FanOut.retrying(database, clock),
                reconciliation,
                credentials,
                Known.parties(config, database, directory, revocation.denied(), clock)));
    return new ConsoleRoutes(
        platform,
        directory,
        revocation,
        brokerClients.orElseThrow().registry(),
        library::current,
        audit(),
        passwords,
        ledgers);
  }

  private List<Route> scim(Configuration config, BrokerConfig broker, Platform platform) {
    return new Scim(
            config.scim(),
            broker.issuer(),
            platform,
            brokerClients.orElseThrow().registry(),
            directory,
            revocation)
        .routes();
  }

  /// Of the keys of the resource authorization server it is given the public ones.
  private Optional<Gateway> gateway(
      Configuration config, Platform platform, KeySource keys, ClientRegistry clients) {
    return config
        .gateway()
        .map(served ->
            Fronts.open(
                served.config(),
                new Gateway.Ground(
                    database,
                    keys,
                    directory,
                    revocation.denied(),
                    new JdbcDpopReplay(database.groupCommit()),
                    platform.strangers(),
                    metrics,
                    platform.clock()),
                library::current,
                () -> brokerClients.map(known -> known.registry().all()).orElse(List.of()),
                clients,
                Fronts.Behind.of(config, database, credentials, platform.clock())));
  }

  private List<Route> ras(
      Served<RasConfig> served, Platform platform, KeyRing keys, ClientRegistry clients) {
    var ras =
        new Ras(
            served.config(),
            platform,
            clients,
            keys,
            new AuthorizationFlow.People(directory, passwords),
            revocation,
            new Policy(library::current));
    fanOut.reaches(ras);
    neighbours.joins(ras);
    ras.ordinaryFlow()
        .ifPresent(
            flow -> upkeep.everyMinute("what people consented to", () -> flow.reconcile("upkeep")));
    var routes = new ArrayList<>(ras.routes());
    routes.addAll(logouts(served.config(), platform));
    routes.addAll(CustomersCalls.routes(ras, served.config().issuer(), revocation, platform));
    return routes;
  }

  /// Who signs people in here tells here of their logouts.
  private List<Route> logouts(RasConfig ras, Platform platform) {
    var providers =
        ras.flow().stream()
            .flatMap(flow -> flow.ways().providers().stream())
            .map(way -> SignalsConfig.Provider.of(way.config(), way.organisation()))
            .collect(Collectors.toSet());
    if (providers.isEmpty()) {
      return List.of();
    }
    var logouts = new UpstreamLogouts(ras.issuer(), providers, revocation, platform);
    logouts.keepKeys();
    upkeep.everyMinute("the keys of providers", logouts::keepKeys);
    return logouts.routes();
  }

  /// And of what else happens to them.
  private List<Route> events(Configuration config, RasConfig ras, Platform platform) {
    var events =
        new SecurityEvents(
            ras.issuer(), config.signalsAtRas().sources(), directory, revocation, platform);
    eventsAtRas = Optional.of(running.add(events));
    return events.routes();
  }

  private Enrolment enrolment(Configuration config, RasConfig ras, Platform platform) {
    var office = Enrolments.office(config, ras, database, revocation, platform.clock());
    upkeep.everyMinute("enrolments", () -> Enrolments.expire(office));
    return new Enrolment(
        OrganisationRoutes.pages(
            ras.issuer(),
            ras.enrolment(),
            ras.flow().isPresent() ? Flows.BOTH : Flows.EMA_ONLY,
            office,
            new PreFlight(directory),
            platform.strangers(),
            platform.clock()),
        OrganisationRoutes.api(
            ras.issuer(),
            ras.enrolment(),
            ras.organisations(),
            office,
            new PreFlight(directory),
            bearers -> new Api(bearers, cursors, new Repeats(database, platform.clock())),
            platform.clock()));
  }

  private record Enrolment(List<Route> pages, List<ApiRoute> api) {}

  /// Who carries which kind of message.
  private Map<String, Courier> couriers() {
    var couriers = new LinkedHashMap<>(fanOut.couriers());
    signals.map(Signals::couriers).ifPresent(couriers::putAll);
    couriers.putAll(credentials.couriers());
    return couriers;
  }

  private KnownClients clients(String listener, Served<?> served, Issuer self, Platform platform) {
    var file = ClientRegistry.open(served.clients());
    upkeep.watch("clients", file::poll, () -> served.clients().getFileName().toString());
    var known = KnownClients.of(file, served.doors(), self, platform);
    upkeep.everyMinute(
        "registered clients of the " + listener, () -> known.forget(platform.clock()));
    return known;
  }

  private static KnownClients withConsole(Configuration config, KnownClients known) {
    return config
        .console()
        .map(served -> known.and(new ConsoleClient(served.config())))
        .orElse(known);
  }

  private KeyRing keys(Platform platform, KeySafe safe, String name, Set<Purpose> purposes) {
    return KeyRing.open(database, safe, platform.clock(), name, purposes, SigningAlgorithm.ES256);
  }

  /// With what whoever operates this asks for.
  ///
  /// @param api what the JSON API offers there; nothing if there is none
  private void offer(
      String listener, Configuration config, List<ApiRoute> api, List<Route> routes) {
    var own = new ArrayList<>(routes);
    if (!api.isEmpty()) {
      own.addAll(Api.routes(api));
      own.add(OpenApi.route(api));
    }
    this.api.put(listener, api);
    var all = new ArrayList<>(reception.bounded(own));
    all.addAll(
        new Health(database, upkeep, consequences, reconciler, deliveries, exports).routes());
    all.addAll(new MetricsEndpoint(metrics, config.metrics()).routes());
    all.addAll(new AuditLogEndpoint(transparency, config.transparency().readers()).routes());
    this.routes.put(listener, List.copyOf(all));
  }

  /// What the JSON API offers to whom one lets in.
  private List<ApiRoute> offered(Optional<Api> api) {
    var administration = new Administration(governance, planning, new Diagnostics(audit()));
    return api.map(administration::routes).orElse(List.of());
  }

  /// The API for programs of administrators; none, if the configuration names none.
  private Optional<Api> programs(Configuration config) {
    var administrators = config.outside().administrators();
    return administrators.isEmpty()
        ? Optional.empty()
        : Optional.of(new Api(AdminBearers.reading(administrators), cursors));
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
    return Map.copyOf(routes);
  }

  /// What the JSON API offers, by listener, with what it says of itself.
  public Map<String, List<ApiRoute>> api() {
    return Map.copyOf(api);
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
