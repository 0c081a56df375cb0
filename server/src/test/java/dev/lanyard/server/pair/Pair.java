package dev.lanyard.server.pair;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.app.node.CustomersCalls;
import dev.lanyard.server.app.node.Enforcement;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.authorization.SectorNames;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.Contact;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.InnerExchange;
import dev.lanyard.server.broker.Rulebook;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.directory.PasswordCost;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.PolicyKill;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import dev.lanyard.server.ras.administration.OrganisationRoutes;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.Reserved;
import dev.lanyard.server.ras.enrolment.SecondKills;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.EndedVisits;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.receipts.Probe;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Losers;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Stragglers;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.scim.Scim;
import dev.lanyard.server.scim.ScimTokens;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.signals.inbound.LogoutProvider;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.inbound.UpstreamLogouts;
import dev.lanyard.server.token.DpopNonces;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import dev.lanyard.server.tracing.Step;
import dev.lanyard.server.tracing.Tracer;
import dev.lanyard.server.yaml.Reloading;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A broker and a resource authorization server that trusts it, on loopback, with a clock that
/// stands still. Good by default: what a test spoils it names in its [Setup].
public final class Pair implements AutoCloseable, Probe {
  /// A test sends more that is wrong than anybody may.
  private static final StrangerLimits UNBOUNDED =
      new StrangerLimits(1_000_000, 1_000_000, 1_000_000, TrustedProxies.NONE);

  /// A third of the time of all tests was for hashes as dear as they should be elsewhere.
  private static final PasswordCost CHEAP = new PasswordCost(64, 1, 1);

  public final TestClock clock;
  public final Database database;
  public final Directory directory;
  public final PasswordStore passwords;
  public final Revocation revocation;
  public final Reconciliation reconciliation;
  private final Stragglers stragglers;
  public final Reloading<Library> library;
  private final Strangers strangers;
  public final KeyRing brokerKeys;
  public final KeyRing rasKeys;
  private final Rulebook rulebook;
  private final HttpServer http;
  private final ClientRegistry rasClients;
  private final Ras ras;
  private final Broker broker;
  private final Setup setup;

  private final Function<Issuer, ExchangeConfig> exchange;
  private final Clientele clientele;
  private final KnownClients brokerClients;
  private volatile boolean brokerIsElsewhere;
  private final Supplier<PairwiseNames> pairwise = Enforcement.lazily(this::pairwise);

  /// What happened in the requests, step by step.
  public final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  /// Records every request.
  public final Tracer tracer = new Tracer(1, steps::add, InstantSource.system());

  private Pair(
      Setup setup, Path folder, Function<Issuer, ExchangeConfig> exchange, Clientele clientele) {
    this.setup = setup;
    this.exchange = exchange;
    this.clientele = clientele;
    this.clock = setup.clock();
    this.database = Database.open(setup.database(), clock);
    this.strangers = new Strangers(UNBOUNDED, clock);
    this.http =
        HttpServer.bind(
            List.of(listener("broker"), listener("ras")),
            TestLimits.USUAL,
            TrustedProxies.NONE,
            tracer);
    this.directory = Directory.open(database, clock);
    var record = BrokerRecord.followed(database);
    directory
        .own()
        .of(() ->
            brokerIsElsewhere
                ? Optional.empty()
                : record
                    .get()
                    .map(one ->
                        new OwnBroker(
                            one.issuer(),
                            one.organisation(),
                            one.tenants(),
                            new SectorNames(pairwise, one.sectors()))));
    this.passwords = PasswordStore.open(database, clock, CHEAP);
    this.library = Library.watch(World.library(folder, ras()));
    var policy = new Policy(library::current);
    var catalog = new Catalog(library::current);
    this.rulebook = new Rulebook(policy, catalog);
    var grants = new LiveGrants(database);
    var losers =
        new Losers(
            grants,
            directory,
            () -> policy,
            () -> catalog,
            WhosePeople.of(World.ORGANISATION),
            broker());
    this.revocation =
        new Revocation(
            database,
            directory,
            new SessionStore(database, broker()),
            DenySet.following(database),
            Optional.of(losers),
            Duration.ofDays(30),
            clock);
    revocation.tells(new EndedVisits());
    this.reconciliation =
        new Reconciliation(database, directory, grants, revocation, Optional.of(losers), clock);
    this.stragglers = new Stragglers(database, directory, revocation, Optional.of(losers), clock);
    recordsBroker();
    var masterKey = masterKey(setup.shared());
    this.brokerKeys = keys(masterKey, "broker", Broker.PURPOSES);
    this.rasKeys = keys(masterKey, "ras", Ras.PURPOSES);
    var knownAtRas = known(World.rasClients(folder, setup.clientKeys()), ras());
    this.rasClients = knownAtRas.registry();
    this.ras = rasServer();
    this.brokerClients = known(World.brokerClients(folder, ras(), setup.clientKeys()), broker());
    var clients = brokerClients.registry();
    this.broker = brokerServer(clients);
    var scim = scim(clients);
    var atBroker = new ArrayList<>(broker.routes(List.of(scim.tokens())));
    atBroker.addAll(brokerClients.routes());
    atBroker.addAll(scim.routes());
    var atRas = new ArrayList<>(ras.routes());
    atRas.addAll(knownAtRas.routes());
    atRas.addAll(enrolment());
    atRas.addAll(told());
    atRas.addAll(CustomersCalls.routes(ras, ras(), revocation, platform()));
    http.serve(Map.of("broker", atBroker, "ras", atRas), platform().journal());
  }

  public static Pair start(Setup setup, Path folder) {
    return start(setup, folder, _ -> ExchangeConfig.DEFAULT);
  }

  /// Starts one whose broker is told something about token exchange.
  ///
  /// @param exchange what, when the issuer of the resource authorization server is known
  public static Pair start(Setup setup, Path folder, Function<Issuer, ExchangeConfig> exchange) {
    return new Pair(setup, folder, exchange, Clientele.USUAL);
  }

  /// Starts one whose clients become known in another way, or ask in another way.
  public static Pair start(Setup setup, Path folder, Clientele clientele) {
    return new Pair(setup, folder, _ -> ExchangeConfig.DEFAULT, clientele);
  }

  private void recordsBroker() {
    var audiences = exchange.apply(ras()).audiences();
    // A kill asks for it in a transaction.
    var _ = pairwise.get();
    new BrokerRecord(
            broker(),
            World.ORGANISATION,
            audiences.stream().flatMap(one -> one.sector().stream()).collect(Collectors.toSet()),
            audiences.stream()
                .flatMap(one -> one.tenants().ours().stream())
                .collect(Collectors.toSet()))
        .keep(database);
    awaitChanges();
  }

  private static Listener listener(String name) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Listener(name, address, Optional.empty());
  }

  private static MasterKey masterKey(Path shared) {
    var file = shared.resolve("master.key");
    if (!Files.exists(file)) {
      MasterKey.create(file);
    }
    return MasterKey.load(file);
  }

  private KeyRing keys(MasterKey masterKey, String server, Set<Purpose> purposes) {
    return KeyRing.open(
        database, KeySafe.of(masterKey), clock, server, purposes, SigningAlgorithm.ES256);
  }

  private KnownClients known(Path file, Issuer self) {
    return KnownClients.of(ClientRegistry.open(file), clientele.doors(), self, platform());
  }

  /// Removes the registered clients that nobody uses.
  public void forgetClients() {
    brokerClients.forget(clock);
  }

  private static EgressClient egress() {
    return new EgressClient(
        EgressPolicy.strict().exposingLoopback().trusting(DocumentServer.authorities()));
  }

  /// What its servers stand on.
  public Platform platform() {
    return new Platform(
        database,
        egress(),
        ClockSkew.DEFAULT,
        strangers,
        new Tally(new Metrics()),
        clock,
        setup.revision(),
        new Jobs(),
        setup.nonces()
            ? Optional.of(new DpopNonces(masterKey(setup.shared()), clock))
            : Optional.empty());
  }

  private Broker brokerServer(ClientRegistry clients) {
    var config =
        new BrokerConfig(
            broker(),
            World.ORGANISATION,
            BrokerConfig.Lives.DEFAULT,
            setup.signIn(),
            Contact.DEFAULT,
            exchange.apply(ras()),
            clientele.pushedRequestsOnly());
    return new Broker(
        config,
        platform(),
        clients,
        brokerKeys,
        new Broker.People(directory, passwords, ras::living),
        rulebook,
        revocation);
  }

  private Scim scim(ClientRegistry clients) {
    return new Scim(
        World.scim(broker(), setup), broker(), platform(), clients, directory, revocation);
  }

  /// A new token of a SCIM connection; a connection has two at most.
  public Secret scimToken(String connection) {
    var named = World.scim(broker(), setup).connection(connection).orElseThrow();
    if (!(new ScimTokens(database, clock).create(named, Optional.empty(), "test")
        instanceof ScimTokens.Creation.Created(_, var secret))) {
      throw new AssertionError("too many tokens of " + connection);
    }
    return secret;
  }

  private Ras rasServer() {
    var config =
        new RasConfig(
            ras(),
            RasConfig.DEFAULT_ACCESS_TOKEN_LIFE,
            World.resources(),
            organisations(),
            EnrolmentConfig.OFF,
            setup.flow());
    return new Ras(
        config,
        platform(),
        rasClients,
        rasKeys,
        new AuthorizationFlow.People(directory, passwords),
        revocation,
        rulebook.policy());
  }

  /// What providers that sign people in at the resource authorization server tell it: logouts, and
  /// as `events-of-` and its id what else happens to them.
  private List<Route> told() {
    var ways = setup.providersAtRas();
    if (ways.isEmpty()) {
      return List.of();
    }
    var providers =
        ways.stream()
            .map(way -> LogoutProvider.of(way.config(), way.organisation()))
            .collect(Collectors.toSet());
    var routes = new ArrayList<Route>();
    routes.addAll(new UpstreamLogouts(ras(), providers, revocation, platform()).routes());
    var sources = ways.stream().map(this::source).toList();
    routes.addAll(new SecurityEvents(ras(), sources, directory, revocation, platform()).routes());
    return routes;
  }

  private SourceConfig source(SignInWays.Provider way) {
    var issuer = way.config().issuer();
    return new SourceConfig(
        "events-of-" + way.config().id(),
        new Signer(issuer, Optional.of(URI.create(issuer + "/jwks")), way.config().algorithms()),
        ras().value(),
        new Trust(way.organisation(), Set.of(issuer), Set.of(), Optional.of(way.config().id())),
        false,
        Optional.empty(),
        Optional.empty(),
        SourceConfig.SILENCE);
  }

  /// What ends once more what a rule of an organisation has taken away; two seconds later, that
  /// nobody waits for long.
  public SecondKills secondKills() {
    var outbox = new Outbox(database, (_, _, _) -> {}, clock);
    return new SecondKills(database, revocation, outbox, Duration.ofSeconds(2), clock);
  }

  /// Organisations may enrol, and the clients' secret is also the operator's token.
  private List<Route> enrolment() {
    var office =
        EnrolmentOffice.of(
            ras(),
            Reserved.of(ras(), organisations(), Set.of()),
            new EnrolmentOffice.Ground(
                database,
                revocation,
                secondKills(),
                new EgressClient(EgressPolicy.strict().exposingLoopback()),
                ClockSkew.DEFAULT,
                clock));
    var config = new EnrolmentConfig(true, List.of(World.adminToken()));
    var offered = setup.flow().isPresent() ? Flows.BOTH : Flows.EMA_ONLY;
    var pages =
        OrganisationRoutes.pages(
            ras(), config, offered, office, new PreFlight(directory), strangers, clock);
    var routes = new ArrayList<>(pages);
    routes.addAll(
        Api.routes(
            OrganisationRoutes.api(
                ras(),
                config,
                organisations(),
                office,
                new PreFlight(directory),
                bearers -> new Api(bearers, TestCursors.of(), database, clock),
                clock)));
    return routes;
  }

  private List<Organisation> organisations() {
    var own = World.organisation(broker(), setup);
    return setup
        .neighbour()
        .map(other -> List.of(own, World.neighbour(other)))
        .orElseGet(() -> List.of(own));
  }

  /// The keys that sign receipts.
  public KeyRing receiptKeys() {
    return KeyRing.open(
        database,
        KeySafe.of(masterKey(setup.shared())),
        clock,
        "receipts",
        Set.of(Purpose.RECEIPT),
        SigningAlgorithm.ES256);
  }

  /// Calls connectors with tokens that must be dead.
  @Override
  public List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt) {
    return ras.probe(dead, killedAt, issuedAt);
  }

  @Override
  public List<Held> held(List<Denied> dead, Instant killedAt) {
    return ras.held(dead, killedAt);
  }

  /// Finds what was granted while a kill was on its way.
  public Stragglers stragglers() {
    return stragglers;
  }

  /// How it was set up.
  public Setup setup() {
    return setup;
  }

  /// Where this node listens.
  ///
  /// @param listener `broker` or `ras`
  public int port(String listener) {
    return http.port(listener);
  }

  public Issuer broker() {
    return setup.sharedBroker().orElseGet(() -> issuer("broker"));
  }

  public Issuer ras() {
    return setup.sharedRas().orElseGet(() -> issuer("ras"));
  }

  private Issuer issuer(String listener) {
    return new Issuer("http://127.0.0.1:" + http.port(listener) + setup.issuerPath());
  }

  /// An endpoint of this node's broker.
  public URI brokerUrl(String path) {
    return URI.create(issuer("broker") + path);
  }

  /// An endpoint of this node's resource authorization server.
  public URI rasUrl(String path) {
    return URI.create(issuer("ras") + path);
  }

  /// A person of the organisation, made if there is none yet.
  public Person person(String userName, String... groups) {
    return personOf(World.ORGANISATION, userName, userName + "@" + World.DOMAIN, groups);
  }

  /// Somebody of no customer, who has a password at the resource authorization server.
  public Person guest(String userName) {
    return personOf(World.GUESTS, userName, userName + "@home.example");
  }

  /// A person, made if there is none yet.
  public Person personOf(String organisation, String userName, String email, String... groups) {
    var known = directory.findByUserName(organisation, userName);
    return known.orElseGet(() -> {
      var person =
          new NewPerson(organisation, userName, Optional.of(email), userName, Set.of(groups));
      if (!(directory.create(person) instanceof Linking.Created(var created))) {
        throw new AssertionError("not created: " + userName);
      }
      passwords.set(created.id(), new Secret(World.passwordOf(userName)));
      return created;
    });
  }

  /// Waits until this node knows everything that is committed now.
  public void awaitChanges() {
    database.changes().awaitCurrent(Duration.ofSeconds(10));
  }

  /// Enforces what the role library, as it is now, does not give somebody any more, as after a
  /// publication.
  public void policyTakesFrom(PersonId person) {
    var loss = new Losses.Loss(Set.of(person), Set.of(), List.of(), Set.of());
    new PolicyKill(revocation, clock).on(loss, "a publication");
  }

  /// Puts a person into groups, and no pipeline hears of it.
  public void putGroups(Person person, String... groups) {
    var _ =
        database.write(connection -> {
          var changed =
              directory.putGroups(connection, person.id(), Set.of(groups), Optional.empty());
          var _ = directory.announce(connection, Set.of(person.id()));
          return changed;
        });
    directory.refresh(List.of(person.id()));
  }

  /// Says that somebody is in these groups, in the way that [GroupChanges] has for it.
  public Optional<Reaction> saidGroups(Person person, Optional<Instant> at, String... groups) {
    var said =
        new GroupChanges.Statement(
            Source.of(Source.Kind.SIGN_IN, "test"), Set.of(groups), at, "a test");
    return new GroupChanges(database, directory, revocation, clock).say(person, said, "test");
  }

  /// Says that something has happened to a person.
  public Reaction happened(Person person, Happening what) {
    return revocation.report(
        Source.of(Source.Kind.ADMIN), new Subject.Person(person.id()), what, "a test", "test");
  }

  /// Reads the clients of the resource authorization server again, as every second.
  public void pollClients() {
    // A change counts when it is found unchanged.
    var _ = rasClients.poll();
    var _ = rasClients.poll();
  }

  /// Registers clients at the broker in place of those of the folder that it was started with.
  public void registers(Path folder, String clients) {
    World.write(folder, "broker-clients.yaml", clients);
    // A change counts when it is found unchanged.
    var _ = brokerClients.registry().poll();
    var _ = brokerClients.registry().poll();
  }

  /// How a part of the broker's process asks for ID-JAGs.
  public InnerExchange innerExchange() {
    return broker.innerExchange();
  }

  /// Looks at what people consented to, as every minute.
  public int reconcileConsents() {
    return ras.ordinaryFlow().orElseThrow().reconcile("test");
  }

  /// Has the resource authorization server take the broker for one of another installation, whose
  /// subjects can be anybody.
  public Pair withBrokerElsewhere() {
    return with(true);
  }

  /// Has the resource authorization server know again whose broker it is.
  public Pair withBrokerHere() {
    return with(false);
  }

  private Pair with(boolean elsewhere) {
    brokerIsElsewhere = elsewhere;
    return this;
  }

  private PairwiseNames pairwise() {
    return new PairwiseNames(
        InstallationSecret.of(database, masterKey(setup.shared()), PairwiseNames.SALT, clock));
  }

  /// Everything that was recorded of one request, as JSON text.
  public String audit(String correlationId) {
    var records = records(correlationId);
    var text = new StringBuilder();
    for (var record : records) {
      text.append(record.event().type())
          .append(' ')
          .append(record.event().outcome().value())
          .append(' ')
          .append(record.event().evidence().toJson())
          .append('\n');
    }
    return text.toString();
  }

  public List<AuditRecord> records(String correlationId) {
    return new AuditLog(database).query(AuditQuery.newest(20).ofRequest(correlationId));
  }

  /// A key that nobody has published.
  public static SigningKey strangersKey() {
    return SigningKey.generate(SigningAlgorithm.ES256);
  }

  @Override
  public void close() {
    http.close();
    ras.close();
    database.close();
  }
}
