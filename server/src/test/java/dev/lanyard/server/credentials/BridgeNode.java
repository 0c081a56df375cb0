package dev.lanyard.server.credentials;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A node that keeps grants at a [Tracker].
final class BridgeNode implements AutoCloseable {
  static final Issuer BROKER = new Issuer("https://broker.example");
  static final ClientId GATEWAY = new ClientId("gateway");

  final TestClock clock;
  final Database database;
  final Directory directory;
  final Revocation revocation;
  final Reconciliation reconciliation;
  final Outbox outbox;
  final GrantTable grants;
  final Connecting connecting;
  final Credentials credentials;
  volatile boolean entitled = true;
  volatile boolean entitledThere = true;
  private final CredentialsConfig config;
  private final SessionStore sessions;

  BridgeNode(DatabaseConfig database, Path folder, CredentialsConfig config, TestClock clock) {
    this(database, folder, config, IdJagSource.NONE, clock);
  }

  /// @param broker gives ID-JAGs
  BridgeNode(
      DatabaseConfig database,
      Path folder,
      CredentialsConfig config,
      IdJagSource broker,
      TestClock clock) {
    this.clock = clock;
    this.config = config;
    this.database = Database.open(database, clock);
    this.directory = Directory.open(this.database, clock);
    this.outbox = new Outbox(this.database, (_, _, _) -> {}, clock);
    this.sessions = new SessionStore(this.database, BROKER);
    this.revocation =
        new Revocation(
            this.database,
            directory,
            sessions,
            DenySet.following(this.database),
            Optional.empty(),
            Duration.ofDays(30),
            clock);
    revocation.tells(Credentials.downstream(this.database, outbox));
    this.reconciliation =
        new Reconciliation(
            this.database,
            directory,
            new LiveGrants(this.database),
            revocation,
            Optional.empty(),
            clock);
    reconciliation.compares(
        Credentials.missed(this.database, directory, revocation.denied(), outbox, clock));
    var file = folder.resolve("master.key");
    if (!Files.exists(file)) {
      MasterKey.create(file);
    }
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    this.credentials =
        new Credentials(
            config,
            Optional.of(BROKER),
            Optional.of(GATEWAY),
            broker,
            new Credentials.Parts(
                this.database,
                directory,
                revocation.denied(),
                outbox,
                () -> MasterKey.load(file),
                new Entitlement() {
                  @Override
                  public boolean has(Person person, String connector) {
                    return entitled;
                  }

                  @Override
                  public boolean reaches(
                      Person person, ClientId client, ResourceIndicator resource) {
                    return entitledThere && client.equals(GATEWAY);
                  }
                },
                egress,
                clock));
    this.grants = new GrantTable(() -> MasterKey.load(file), outbox, this.database.changes());
    this.connecting =
        new Connecting(
            config,
            connector -> URI.create(BROKER + "/connections/" + connector + "/callback"),
            this.database,
            grants,
            new ForeignServers(egress, clock),
            new Deaths(this.database, directory, revocation.denied(), clock),
            clock);
  }

  Person person(String name) {
    directory.create(new NewPerson("acme", name, Optional.empty(), name, Set.of("engineering")));
    return directory.findByUserName("acme", name).orElseThrow();
  }

  Person now(Person person) {
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    return directory.person(person.id()).orElseThrow();
  }

  Connecting.Visitor visitor(Person person) {
    return new Connecting.Visitor(person, "session of " + person.userName());
  }

  /// The `state` with which a person is on their way to the tracker.
  String begun(Person person) {
    var vendor = config.vendor("tracker").orElseThrow();
    var way = (ForeignServer.Way.At) connecting.begin(visitor(person), "tracker", vendor);
    return way.url().toString().replaceFirst(".*[?&]state=([^&]+).*", "$1");
  }

  Connecting.Result finished(Person person, String state) {
    return connecting.finish(
        visitor(person),
        new Connecting.Answer(
            "tracker",
            Optional.of(state),
            Optional.of("code-1"),
            Optional.empty(),
            Optional.empty()),
        "request-1");
  }

  void connected(Person person) {
    if (!(finished(person, begun(person)) instanceof Connecting.Result.Connected)) {
      throw new AssertionError("not connected");
    }
  }

  /// Begins a session at the broker.
  void signsIn(Person person, String session) {
    var begun =
        new Session(
            session,
            person.id().value(),
            Optional.empty(),
            AuthenticationContext.UNKNOWN,
            clock.instant(),
            clock.instant().plus(Duration.ofHours(12)));
    var row = sessions.begun(new Secret("cookie of " + session), begun);
    database.write(connection -> {
      row.insert(connection);
      return row;
    });
  }

  /// Ends one session, and nothing else of the person's.
  void end(String session) {
    revocation.report(
        Source.of(Source.Kind.ADMIN, "test"),
        new Subject.Session(session),
        Happening.SESSIONS_REVOKED,
        "a test",
        "end-1");
  }

  void kill(Person person, Happening what) {
    happened(new Subject.Person(person.id()), what);
  }

  /// All of them in one transaction.
  void kill(List<Person> people, Happening what) {
    revocation.acceptAll(
        people.stream()
            .map(person ->
                new Signal(
                    Source.of(Source.Kind.ADMIN, "test"),
                    person.id().value(),
                    new Subject.Person(person.id()),
                    what,
                    clock.instant(),
                    "a test",
                    "kill-all"))
            .toList());
  }

  void happened(Subject subject, Happening what) {
    revocation.report(Source.of(Source.Kind.ADMIN, "test"), subject, what, "a test", "kill-1");
  }

  /// What the call would show.
  Presented shown(Person person) {
    return plain(credentials.of("tracker", who(Optional.of(person))));
  }

  /// Without the name of the grant, which is another one each time.
  static Presented plain(Presented shown) {
    return shown instanceof Presented.With(var header, var value, _)
        ? new Presented.With(header, value)
        : shown;
  }

  /// The name under which it is taken back what the call would show.
  String grant(Person person) {
    return credentials.of("tracker", who(Optional.of(person)))
            instanceof Presented.With(_, _, var grant)
        ? grant.orElseThrow()
        : "none";
  }

  /// Whoever calls, in one session and in the same way each time.
  static ForWhom who(Optional<Person> person) {
    return new ForWhom(
        person,
        new Secret("token of the caller"),
        Scopes.NONE,
        person.map(one -> "session of " + one.userName()),
        AuthenticationContext.UNKNOWN,
        "request-2");
  }

  /// Carries every message that waits, once.
  List<Courier.Result> carried() {
    var courier = credentials.couriers().get(GrantRevocation.KIND);
    var results = new ArrayList<Courier.Result>();
    for (var letter : outbox.waiting()) {
      Delivery delivery = letter.delivery();
      if (delivery.kind().equals(GrantRevocation.KIND)) {
        results.add(courier.carry(new Courier.Parcel(letter.id(), delivery, 1, Optional.empty())));
      }
    }
    return results;
  }

  /// Types in the audit record, with what became of them.
  List<String> events() {
    var events = new ArrayList<String>();
    new AuditLog(database)
        .each(
            Set.of("upstream.consent", "upstream.renew", "upstream.obtain", "upstream.grant-ended"),
            Instant.EPOCH,
            record ->
                events.add(
                    record.event().type()
                        + (record.event().outcome() == Outcome.SUCCESS
                            ? ""
                            : " " + record.event().outcome().value())));
    return events;
  }

  /// How many rows there are, ended or not.
  long rows() {
    return database.read(connection -> {
      try (var statement = connection.prepareStatement("SELECT COUNT(*) FROM upstream_grant");
          var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }

  @Override
  public void close() {
    database.close();
  }
}
