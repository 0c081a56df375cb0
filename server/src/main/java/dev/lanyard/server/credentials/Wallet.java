package dev.lanyard.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.flight.SingleFlight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The access tokens of people at the servers of others: looked up for each call, renewed ahead of
/// their end, by one node at a time. Whoever finds a token that has run out waits a moment for the
/// call that renews it, here or on another node. Thread-safe.
///
/// **Does not check** whether the person may use the connector, or lives: whoever asks has judged
/// both for this very call.
final class Wallet {
  /// Longer than any renewal takes.
  private static final Duration LEASE = Duration.ofSeconds(30);

  /// A server that refuses a token so soon after it gave it would refuse the next as well.
  private static final Duration TOO_YOUNG = Duration.ofMinutes(1);

  /// So long a call waits for another node that renews what has run out: a renewal is one request.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Database database;
  private final GrantTable grants;
  private final ForeignServers servers;
  private final Deaths deaths;
  private final InstantSource clock;
  private final SingleFlight<String, Presented> flights = new SingleFlight<>();

  /// Renewals that were waited for in vain, by the lease under which they are.
  private final Cache<Awaited, Instant> inVain = Caffeine.newBuilder().maximumSize(20_000).build();

  Wallet(
      Database database,
      GrantTable grants,
      ForeignServers servers,
      Deaths deaths,
      InstantSource clock) {
    this.database = database;
    this.grants = grants;
    this.servers = servers;
    this.deaths = deaths;
    this.clock = clock;
  }

  /// @param hint tells the person what to do when there is nothing
  Presented of(String connector, Vendor vendor, Person person, String hint, String correlationId) {
    var found = found(connector, vendor, person.id().value());
    if (found.isEmpty()) {
      return new Presented.Missing(hint);
    }
    var grant = found.get();
    return grant.isFresh(clock.instant())
        ? bearer(grant)
        : renewed(grant, vendor, hint, correlationId);
  }

  private Optional<UpstreamGrant> found(String connector, Vendor vendor, String person) {
    return database
        .read(connection -> grants.live(connection, person, connector))
        // Of another server, or of what we were there before: the sweep ends it.
        .filter(grant -> grant.issuer().equals(vendor.issuer()))
        .filter(grant -> grant.client().equals(vendor.client()))
        // A kill and a consent in the same instant may have missed each other.
        .filter(deaths::isAlive);
  }

  static Presented bearer(UpstreamGrant grant) {
    return bearer(grant, grant.tokens());
  }

  private static Presented bearer(UpstreamGrant grant, Tokens tokens) {
    var value = new Secret("Bearer " + tokens.access().reveal());
    return new Presented.With("Authorization", value, Optional.of(grant.id()));
  }

  private Presented renewed(UpstreamGrant grant, Vendor vendor, String hint, String correlationId) {
    var now = clock.instant();
    var refresh = grant.tokens().refresh();
    if (refresh.isEmpty()) {
      if (grant.isGood(now)) {
        return bearer(grant);
      }
      end(grant, Ending.quiet("expired", correlationId, now));
      return new Presented.Missing(hint);
    }
    if (grant.isGood(now)) {
      return isOurs(grant, now)
          ? asked(grant, refresh.get(), vendor, hint, correlationId)
          : bearer(grant);
    }
    return flights.of(
        grant.id(),
        () ->
            isOurs(grant, now)
                ? asked(grant, refresh.get(), vendor, hint, correlationId)
                : awaited(grant, vendor, hint));
  }

  private boolean isOurs(UpstreamGrant grant, Instant now) {
    return database.write(
        connection -> grants.lease(connection, grant, database.lease(connection, now, LEASE)));
  }

  /// A renewal of one token.
  private record Awaited(String grant, long revision) {}

  /// Somebody else renews it, has just done so, or has died over it. Of a server that does not
  /// answer nobody waits for the end of the lease, and each node waits once.
  private Presented awaited(UpstreamGrant grant, Vendor vendor, String hint) {
    var renewal = new Awaited(grant.id(), grant.revision());
    var given = inVain.getIfPresent(renewal);
    boolean waits = given == null || !clock.instant().isBefore(given);
    long until = System.nanoTime() + (waits ? PATIENCE.toNanos() : 0);
    do {
      var now = found(grant.connector(), vendor, grant.person());
      if (now.isEmpty()) {
        return new Presented.Missing(hint);
      }
      if (now.get().isGood(clock.instant())) {
        return bearer(now.get());
      }
    } while (System.nanoTime() < until && rested());
    if (waits) {
      inVain.put(renewal, clock.instant().plus(LEASE));
    }
    return new Presented.Unavailable("the token is being renewed at this moment");
  }

  /// @return whether nobody wants this thread to end
  private static boolean rested() {
    try {
      Thread.sleep(LOOK_EVERY);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Renews what is ours to renew.
  private Presented asked(
      UpstreamGrant grant, Secret refresh, Vendor vendor, String hint, String correlationId) {
    var now = clock.instant();
    return switch (servers.at(vendor.issuer()).renew(vendor, refresh)) {
      case ForeignServer.Answer.Granted(var tokens) -> {
        var fresh = Tokens.of(tokens, Optional.of(refresh), vendor.secret());
        var expiresAt = tokens.expiresIn().map(life -> clock.instant().plus(life));
        var unwanted = Tokens.unwanted(tokens, grant.scopes());
        if (unwanted.isPresent()) {
          refused(grant, grant.with(fresh, expiresAt, now), unwanted.get(), correlationId);
          yield new Presented.Missing(hint);
        }
        yield keep(grant, fresh, expiresAt, correlationId)
            ? bearer(grant, fresh)
            : new Presented.Missing(hint);
      }
      case ForeignServer.Answer.Refused(var error) -> {
        record(grant, Outcome.REFUSED, error, correlationId);
        end(grant, new Ending("refused by its server: " + error, correlationId, clock.instant()));
        yield new Presented.Missing(hint);
      }
      case ForeignServer.Answer.Unavailable(var why) -> {
        record(grant, Outcome.FAULT, why, correlationId);
        // The lease stays: until it is over nobody asks a server again that does not answer.
        inVain.put(new Awaited(grant.id(), grant.revision()), now.plus(LEASE));
        yield grant.isGood(clock.instant()) ? bearer(grant) : new Presented.Unavailable(why);
      }
    };
  }

  /// A kill may have come while the server was asked: then what it gave is revoked as well.
  private boolean keep(
      UpstreamGrant grant, Tokens fresh, Optional<Instant> expiresAt, String correlationId) {
    var now = clock.instant();
    return database.write(connection -> {
      if (grants.renewed(connection, grant, grant.with(fresh, expiresAt, now))) {
        AuditLog.append(connection, event(grant, Outcome.SUCCESS, "renewed", correlationId));
        return true;
      }
      grants.strayed(
          connection,
          grant.with(fresh, expiresAt, now).renamed(),
          new Ending("ended while it was renewed", correlationId, now));
      return false;
    });
  }

  /// What was given is not used, and it ends with all that came of the grant.
  private void refused(UpstreamGrant grant, UpstreamGrant given, String why, String correlationId) {
    var ending = new Ending("unwanted: " + why, correlationId, clock.instant());
    database.write(connection -> {
      AuditLog.append(connection, event(grant, Outcome.REFUSED, why, correlationId));
      grants.strayed(connection, given.renamed(), ending);
      return grants.endOne(connection, grant.id(), ending);
    });
  }

  private void end(UpstreamGrant grant, Ending ending) {
    database.write(connection -> grants.endOne(connection, grant.id(), ending));
  }

  private void record(UpstreamGrant grant, Outcome outcome, String detail, String correlationId) {
    new AuditLog(database).append(event(grant, outcome, detail, correlationId));
  }

  private AuditEvent event(
      UpstreamGrant grant, Outcome outcome, String detail, String correlationId) {
    var evidence =
        JsonObject.builder()
            .put("grant", grant.id())
            .put("connector", grant.connector())
            .put("issuer", grant.issuer().value())
            .put("detail", detail)
            .build();
    return AuditEvent.of("upstream.renew", outcome, clock.instant(), correlationId, evidence)
        .withPerson(grant.person());
  }

  /// The MCP server has refused the token: it is renewed before the next call, unless it is so
  /// young that a new one would be refused as well.
  void refused(String connector, Person person) {
    var now = clock.instant();
    database.write(connection -> {
      var grant = grants.live(connection, person.id().value(), connector);
      if (grant.filter(one -> one.renewedAt().plus(TOO_YOUNG).isBefore(now)).isPresent()) {
        grants.distrust(connection, grant.get(), now);
      }
      return connector;
    });
  }
}
