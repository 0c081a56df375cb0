package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.authorization.SectorNames;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.gateway.task.KeptTask;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.organisations.EndedVisits;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Exposure;
import dev.lanyard.server.revocation.Losers;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Stragglers;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.signals.Signals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kill as this configuration has it, for the server and for commands beside it.
public record Enforcement(
    Revocation revocation, Reconciliation reconciliation, Stragglers stragglers) {

  /// @param library answers the library in force; asked only when policy has to judge, because a
  ///   kill must not wait for a broken library
  public static Enforcement of(
      Configuration config,
      Database database,
      Directory directory,
      Supplier<Library> library,
      InstantSource clock) {
    directory.own().of(broker(config, database, clock));
    var grants = new LiveGrants(database);
    var losers =
        config
            .broker()
            .map(broker ->
                new Losers(
                    grants,
                    directory,
                    lazily(() -> new Policy(library)),
                    lazily(() -> new Catalog(library)),
                    WhosePeople.of(broker.config().organisation()),
                    broker.config().issuer()));
    var revocation =
        new Revocation(
            database,
            directory,
            sessions(config, database),
            DenySet.following(database),
            losers,
            longestLife(config),
            clock);
    config
        .broker()
        .map(Served::config)
        .ifPresent(broker ->
            revocation.tells(
                Signals.downstream(
                    BrokerNode.identity(broker),
                    config.signals(),
                    directory,
                    new Outbox(database, new DeliveryAudit(), clock))));
    revocation.tells(
        Credentials.downstream(database, new Outbox(database, new DeliveryAudit(), clock)));
    revocation.tells(new EndedTasks());
    revocation.tells(new EndedVisits());
    FanOut.asksForReceipts(revocation, database, clock);
    var reconciliation = new Reconciliation(database, directory, grants, revocation, losers, clock);
    reconciliation.compares(
        Credentials.missed(
            database,
            directory,
            revocation.denied(),
            new Outbox(database, new DeliveryAudit(), clock),
            clock));
    return new Enforcement(
        revocation, reconciliation, new Stragglers(database, directory, revocation, losers, clock));
  }

  /// The broker of this installation: this process's, or that of another one on the same record.
  private static Supplier<Optional<OwnBroker>> broker(
      Configuration config, Database database, InstantSource clock) {
    var own = config.broker().map(Served::config).map(Enforcement::record);
    if (own.filter(one -> !one.sectors().isEmpty()).isPresent()) {
      // Here, because a kill asks for it in a transaction, and before anybody reads of sectors.
      var _ = InstallationSecret.of(database, config.masterKey().open(), PairwiseNames.SALT, clock);
    }
    var pairwise = lazily(() -> new PairwiseNames(salt(config, database)));
    Supplier<Optional<BrokerRecord>> record =
        own.isPresent() ? () -> own : BrokerRecord.followed(database);
    return () ->
        record
            .get()
            .map(one ->
                new OwnBroker(
                    one.issuer(),
                    one.organisation(),
                    one.tenants(),
                    new SectorNames(pairwise, one.sectors())));
  }

  /// Says whose people the directory keeps, and makes one of those who were two in an earlier
  /// release. To be called before anything is served.
  Reconciliation begun(Configuration config, Database database) {
    config.broker().map(served -> record(served.config())).ifPresent(one -> one.keep(database));
    reconciliation.unite();
    return reconciliation;
  }

  private static Secret salt(Configuration config, Database database) {
    var masterKey = config.masterKey().open();
    return database
        .read(connection -> InstallationSecret.find(connection, masterKey, PairwiseNames.SALT))
        .orElseThrow(() -> new IllegalStateException("the broker has sectors, and no salt"));
  }

  /// What the other processes of this installation must know of its broker.
  private static BrokerRecord record(BrokerConfig broker) {
    var audiences = broker.exchange().audiences();
    return new BrokerRecord(
        broker.issuer(),
        broker.organisation(),
        audiences.stream()
            .flatMap(one -> one.sector().stream())
            .collect(Collectors.toUnmodifiableSet()),
        audiences.stream()
            .flatMap(one -> one.tenants().ours().stream())
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static SessionStore sessions(Configuration config, Database database) {
    return new SessionStore(database, Lanyard.issuer(config));
  }

  /// What is out there, by this configuration.
  public static Exposure exposure(
      Configuration config,
      Database database,
      DenySet denied,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      InstantSource clock) {
    return new Exposure(
        new LiveGrants(database),
        new AuditLog(database),
        denied,
        new Catalog(library),
        known,
        config
            .ras()
            .map(ras ->
                new Exposure.Ours(ras.config().issuer(), resource -> bound(config, resource))),
        config
            .broker()
            .map(broker -> broker.config().lives())
            .orElse(BrokerConfig.Lives.DEFAULT)
            .idJag(),
        clock);
  }

  private static final Held.Bound GATEWAY =
      new Held.Bound(Duration.ZERO, "our gateway stands before it");

  /// How the server of a resource of ours cannot but hear of a kill; empty if it has to follow.
  static Optional<Held.Bound> bound(Configuration config, ResourceIndicator resource) {
    if (config.gateway().stream()
        .flatMap(served -> served.config().allFronts())
        .anyMatch(front -> front.metadata().resource().equals(resource))) {
      return Optional.of(GATEWAY);
    }
    return config.ras().stream()
        .flatMap(ras -> ras.config().resources().stream())
        .filter(one -> one.resource().equals(resource))
        .flatMap(one -> one.tokens().bound().stream())
        .findFirst();
  }

  /// So long something that was issued may live, and a denial has something to kill.
  static Duration longestLife(Configuration config) {
    var lives = new ArrayList<Duration>();
    // Of the gateway, which another process may play.
    lives.add(KeptTask.LONGEST_LIFE);
    config
        .broker()
        .map(Served::config)
        .map(BrokerConfig::lives)
        .ifPresent(broker ->
            Stream.of(broker.idToken(), broker.session(), broker.refreshToken())
                .forEach(lives::add));
    config.ras().map(Served::config).map(RasConfig::accessTokenLife).ifPresent(lives::add);
    config
        .ras()
        .map(Served::config)
        .flatMap(RasConfig::flow)
        .ifPresent(
            flow -> Stream.of(flow.sessionLife(), flow.refreshTokenLife()).forEach(lives::add));
    return lives.stream().max(Duration::compareTo).orElseThrow().plusDays(1);
  }

  /// Made when it is first asked for.
  public static <T> Supplier<T> lazily(Supplier<T> maker) {
    return new Supplier<>() {
      private Optional<T> made = Optional.empty();

      @Override
      public synchronized T get() {
        if (made.isEmpty()) {
          made = Optional.of(maker.get());
        }
        return made.get();
      }
    };
  }
}
