package dev.lanyard.server.signals;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionClients;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.signals.inbound.LogoutProvider;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// An installation as far as signals go: directory, sessions, kill pipeline, outbox and the routes
/// of this package over real HTTP, with a clock that stands still.
final class Station implements AutoCloseable {
  static final String ORGANISATION = "acme";

  final TestClock clock = new TestClock();
  final Database database;
  final Directory directory;
  final Revocation revocation;
  final Outbox outbox;
  final Signals signals;
  final Strangers strangers;
  private final KeyRing keys;
  private final HttpServer http;
  private final Dispatcher dispatcher;
  private final SessionStore sessions;
  private final Platform platform;
  private final SignalsConfig signalsConfig;

  /// @param provider the upstream whose logout tokens are taken, under the name `idp`; and under
  ///   the name `by-oid`, as if another claim than `sub` meant people there
  Station(
      DatabaseConfig config,
      Path folder,
      Provider provider,
      String clients,
      Function<Issuer, SignalsConfig> signalsOf) {
    this(config, folder, provider, clients, signalsOf, 0);
  }

  /// @param port where it listens; 0 for any
  Station(
      DatabaseConfig config,
      Path folder,
      Provider provider,
      String clients,
      Function<Issuer, SignalsConfig> signalsOf,
      int port) {
    this.database = Database.open(config, clock);
    this.directory = Directory.open(database, clock);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.http =
        HttpServer.bind(
            List.of(new Listener("broker", address, Optional.empty())), TestLimits.USUAL);
    this.sessions = new SessionStore(database, issuer());
    this.revocation =
        new Revocation(
            database,
            directory,
            sessions,
            DenySet.following(database),
            Optional.empty(),
            Duration.ofDays(30),
            clock);
    this.outbox = new Outbox(database, (_, _, _) -> {}, clock);
    this.strangers = new Strangers(StrangerLimits.DEFAULT, clock);
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    this.platform =
        new Platform(
            database, egress, ClockSkew.DEFAULT, strangers, new Tally(new Metrics()), clock);
    this.signalsConfig = signalsOf.apply(issuer());
    var identity =
        new Signals.Identity(
            issuer(),
            ORGANISATION,
            "broker",
            Set.of(
                new LogoutProvider(
                    "idp", ORGANISATION, signer(provider), new ClientId("lanyard"), true),
                new LogoutProvider(
                    "by-oid", ORGANISATION, signer(provider), new ClientId("lanyard"), false)));
    revocation.tells(Signals.downstream(identity, signalsConfig, directory, outbox));
    var safe = KeySafe.of(masterKey(folder));
    this.keys =
        KeyRing.open(
            database, safe, clock, "broker", Set.of(Purpose.ID_TOKEN), SigningAlgorithm.ES256);
    this.signals =
        new Signals(
            identity,
            signalsConfig,
            new Signals.Parts(directory, registry(folder, clients), revocation, outbox, safe),
            platform);
    this.dispatcher =
        Dispatcher.start(
            database,
            signals.couriers(),
            (_, _, _) -> {},
            new DeliveryConfig(
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofDays(3),
                1_000,
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                Duration.ofMillis(20)),
            clock);
    var routes = new ArrayList<>(signals.routes().stream().map(strangers::bounded).toList());
    routes.add(Route.get("/jwks", Access.PUBLIC, request -> keys.jwks().handle(request)));
    http.serve(Map.of("broker", routes));
  }

  /// What another node of this installation listens with.
  SecurityEvents node() {
    return new SecurityEvents(issuer(), signalsConfig.sources(), directory, revocation, platform);
  }

  /// A secret of this installation.
  Secret secret(String name) {
    return keys.secret(name);
  }

  static Signer signer(Provider provider) {
    return new Signer(
        provider.issuer(), Optional.of(provider.keys()), Set.of(SigningAlgorithm.ES256));
  }

  private static MasterKey masterKey(Path folder) {
    var file = folder.resolve("master.key");
    if (!Files.exists(file)) {
      MasterKey.create(file);
    }
    return MasterKey.load(file);
  }

  private static ClientRegistry registry(Path folder, String clients) {
    try {
      return ClientRegistry.open(Files.writeString(folder.resolve("clients.yaml"), clients));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.port("broker"));
  }

  URI at(String path) {
    return URI.create(issuer() + path);
  }

  /// A person whom a provider knows as `<name>-sub`.
  Person person(String name, Provider provider) {
    var person =
        new NewPerson(
            ORGANISATION, name, Optional.of(name + "@acme.example"), name, Set.of("engineering"));
    var subject = new ExternalSubject(ORGANISATION, provider.issuer(), name + "-sub");
    if (!(directory.createLinked(person, subject) instanceof Linking.Created(var created))) {
      throw new AssertionError("not created: " + name);
    }
    return created;
  }

  /// A session that stands on one at the provider, with a client in it.
  ///
  /// @return its id
  String session(Person person, String upstreamSession) {
    return session(person, new Session.Upstream("idp", Optional.of(upstreamSession)));
  }

  String session(Person person, Session.Upstream upstream) {
    var now = clock.instant();
    var session =
        new Session(
            OpaqueToken.identifier(),
            person.id().value(),
            Optional.of(upstream),
            new AuthenticationContext(Optional.of(now), Optional.empty(), List.of()),
            now,
            now.plus(Duration.ofHours(8)));
    database.write(connection -> {
      sessions.begun(OpaqueToken.secret(), session).insert(connection);
      SessionClients.joined(session, new ClientId("desk")).insert(connection);
      return session;
    });
    return session.id();
  }

  boolean isActive(Person person) {
    return directory.person(person.id()).orElseThrow().active();
  }

  boolean isEnded(String session) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement("SELECT ended_at IS NOT NULL FROM session WHERE id = ?")) {
        query.setString(1, session);
        try (var rows = query.executeQuery()) {
          rows.next();
          return rows.getBoolean(1);
        }
      }
    });
  }

  Answer push(String source, String token) {
    return Http.post(at("/signals/events/" + source), "application/secevent+jwt", token, Map.of());
  }

  /// The newest records, newest first.
  List<AuditRecord> audit() {
    return new AuditLog(database).query(AuditQuery.newest(20)).reversed();
  }

  String newestEvent() {
    return audit().getFirst().event().type();
  }

  List<String> alarms() {
    return new Alarms(database)
        .standing().stream().map(standing -> standing.alarm().kind()).toList();
  }

  /// The sources about whose silence an alarm stands.
  List<String> silent() {
    return new Alarms(database)
        .standing().stream()
            .map(Alarms.Standing::alarm)
            .filter(one -> one.kind().equals("signals-silent"))
            .map(Alarm::subject)
            .toList();
  }

  @Override
  public void close() {
    signals.close();
    dispatcher.close();
    http.close();
    database.close();
  }
}
