package dev.lanyard.server.credentials;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.credentials.Connecting.Visitor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.ServerMetadata;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The upstream credentials of all connectors. Thread-safe.
public final class Credentials {
  private final CredentialsConfig config;
  private final Parts parts;
  private final ForeignServers servers;
  private final GrantTable grants;
  private final Wallet wallet;
  private final ManagedAccess managed;
  private final Deaths deaths;
  private final EndedGrants ended;
  private final Instant startedAt;
  private final Optional<GatewaySelf> self;
  private final Optional<String> page;

  /// What it stands on.
  ///
  /// @param denied what is dead, kept up to date by the change feed
  /// @param masterKey seals the tokens; opened when it is first needed
  /// @param entitlement whom the library may give a connector
  /// @param egress the only way out
  public record Parts(
      Database database,
      Directory directory,
      DenySet denied,
      Outbox outbox,
      Supplier<MasterKey> masterKey,
      Entitlement entitlement,
      EgressClient egress,
      InstantSource clock) {}

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return ErrandTable.expiring();
  }

  /// @param broker where people sign in and connect their accounts; empty if that is not known here
  /// @param client what the gateway is at the broker; empty if it is nothing there
  /// @param idJags the broker, asked by the gateway for whoever calls
  public Credentials(
      CredentialsConfig config,
      Optional<Issuer> broker,
      Optional<ClientId> client,
      IdJagSource idJags,
      Parts parts) {
    this.config = config;
    this.parts = parts;
    this.servers = new ForeignServers(parts.egress(), parts.clock());
    this.grants = new GrantTable(parts.masterKey(), parts.outbox(), parts.database().changes());
    this.ended = EndedGrants.following(parts.database());
    this.deaths = new Deaths(parts.database(), parts.directory(), parts.denied(), parts.clock());
    this.wallet = new Wallet(parts.database(), grants, servers, deaths, parts.clock());
    this.self = broker.flatMap(issuer -> client.map(id -> new GatewaySelf(issuer, id)));
    this.managed =
        new ManagedAccess(
            parts.database(),
            grants,
            new Redeeming(idJags, servers),
            way -> deaths.managed(way.resource(), self),
            parts.clock());
    this.startedAt = parts.clock().instant();
    this.page = broker.map(issuer -> Paths.at(issuer, Paths.CONNECTIONS).toString());
  }

  /// What ends grants in the transaction of a kill, also in processes that serve nothing.
  public static Downstream downstream(Database database, Outbox outbox) {
    return new EndedByKill(withoutTokens(database, outbox));
  }

  private static GrantTable withoutTokens(Database database, Outbox outbox) {
    return new GrantTable(
        () -> {
          throw new IllegalStateException("a kill opens no token");
        },
        outbox,
        database.changes());
  }

  /// What finds grants that a kill has missed, also in processes that serve nothing.
  public static Reconciliation.Elsewhere missed(
      Database database, Directory directory, DenySet denied, Outbox outbox, InstantSource clock) {
    return new MissedGrants(
        database,
        directory,
        withoutTokens(database, outbox),
        new Deaths(database, directory, denied, clock),
        clock);
  }

  /// Where tokens are sealed.
  public static SealedColumn sealed() {
    return GrantTable.sealed();
  }

  /// The broker of this installation in another process, as the gateway asks it over HTTP.
  public static IdJagSource overHttp(
      Issuer broker, GatewayClient client, EgressClient egress, InstantSource clock) {
    return new BrokerOverHttp(new ForeignServers(egress, clock).at(broker), client);
  }

  /// What to show to a connector's server for a person. **Does not check** whether the person may
  /// use the connector: that was judged for this very call.
  public Presented of(String connector, ForWhom who) {
    var way = config.of(connector);
    if (way.isEmpty()) {
      return new Presented.Nothing();
    }
    return switch (way.get()) {
      case Way.Fixed(var header, var value) -> new Presented.With(header, value);
      case Way.Consented(var vendor, var _) ->
          ofPerson(
              who, person -> wallet.of(connector, vendor, person, hint(), who.correlationId()));
      case Way.Managed one -> ofPerson(who, person -> managed.of(connector, one, person, who));
    };
  }

  private static Presented ofPerson(ForWhom who, Function<Person, Presented> theirs) {
    return who.person()
        .map(theirs)
        .orElseGet(() ->
            new Presented.Missing("Only people can have an account there, and this is none."));
  }

  private String hint() {
    return "You have not connected your account there yet, or not any more. Connect it on this page,"
        + " and try again: "
        + page.orElse("the page of your connections");
  }

  /// The server has refused what was shown for this person.
  public void refused(String connector, ForWhom who) {
    if (who.person().isEmpty()) {
      return;
    }
    if (config.vendor(connector).isPresent()) {
      wallet.refused(connector, who.person().get());
    } else {
      config
          .managed(connector)
          .ifPresent(one -> managed.refused(connector, one, who.person().get(), who));
    }
  }

  /// Tells of what was taken back, at whatever node, so that what has shown it is cut off.
  ///
  /// @param listener gets the names of grants, as they were presented; must not wait
  public void onEnd(Consumer<Set<String>> listener) {
    ended.onEnd(listener);
  }

  /// Whether what was presented under this name has been taken back meanwhile; asked a moment after
  /// it was presented.
  public boolean hasEnded(String grant) {
    return ended.has(grant);
  }

  /// An account at a vendor that somebody has connected.
  ///
  /// @param issuer the vendor's authorization server
  public record Account(PersonId person, String connector, String issuer, Instant grantedAt) {}

  /// Whose accounts are connected where.
  ///
  /// @param person of this one only
  public List<Account> accounts(Optional<PersonId> person) {
    return parts.database().read(grants::allLive).stream()
        .filter(one -> !one.isManaged())
        .map(one ->
            new Account(new PersonId(one.person()), one.connector(), one.issuer(), one.grantedAt()))
        .filter(account -> person.isEmpty() || person.get().equals(account.person()))
        .toList();
  }

  /// Ends what a person has connected: here for every call from now on, and there by a message.
  /// What is under way with it is cut off, at every node.
  ///
  /// @param connector only what they have for this one
  /// @return how many
  public int end(PersonId person, Optional<String> connector, String correlationId) {
    return parts.database().write(connection -> end(connection, person, connector, correlationId));
  }

  /// The same in the caller's transaction.
  public int end(
      Connection connection, PersonId person, Optional<String> connector, String correlationId)
      throws SQLException {
    var ending = new Ending("ended by an administrator", correlationId, parts.clock().instant());
    return connector.isPresent()
        ? grants.endOf(connection, person.value(), connector.get(), ending)
        : grants.endOf(connection, person.value(), ending);
  }

  /// Who revokes grants where they came from.
  public Map<String, Courier> couriers() {
    return Map.of(
        GrantRevocation.KIND, new GrantRevocation(parts.database(), grants, servers, config));
  }

  /// Ends what has lost its use; to be called from time to time.
  ///
  /// @return the ids of the grants that have ended
  public List<String> sweep(String correlationId) {
    return new Sweep(config, parts, self, grants, deaths, startedAt).run(correlationId);
  }

  /// Somebody who is signed in at the broker.
  ///
  /// @param session theirs
  public record SignedIn(Person person, String session) {}

  /// The pages on which people connect their accounts; none if no connector needs one.
  ///
  /// @param broker below whose path they are
  /// @param visitors who is signed in with a browser
  /// @param signIn leads others to the sign-in and back to the page
  public List<Route> routes(
      Issuer broker,
      Function<Request, Optional<SignedIn>> visitors,
      Function<Request, Response> signIn) {
    if (config.ways().values().stream().noneMatch(Way.Consented.class::isInstance)) {
      return List.of();
    }
    var connecting =
        new Connecting(
            config,
            connector -> Paths.at(broker, ConnectionsEndpoint.callback(connector)),
            parts.database(),
            grants,
            servers,
            deaths,
            parts.clock());
    var endpoint =
        new ConnectionsEndpoint(
            config,
            Paths.at(broker, Paths.CONNECTIONS),
            connecting,
            new ConnectionsEndpoint.Held(parts.database(), grants),
            parts.entitlement(),
            new ConnectionsEndpoint.Entry(
                request ->
                    visitors.apply(request).map(one -> new Visitor(one.person(), one.session())),
                signIn));
    var path = ServerMetadata.path(broker);
    return endpoint.routes().stream().map(route -> route.under(path)).toList();
  }
}
