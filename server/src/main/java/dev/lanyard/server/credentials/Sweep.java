package dev.lanyard.server.credentials;

import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.GrantTable.Held;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds grants that have lost their use: through a connector or a gateway that is stopped, of
/// people whom the role library gives the connector no more, and for connectors that need none any
/// more, because they have come to Enterprise-Managed Authorization or are gone. What a kill has
/// missed is not for here but for the reconciliation, which says so: see [MissedGrants]. Harmless
/// on several nodes: a grant ends once.
final class Sweep {
  /// So long after a node has begun to use Enterprise-Managed Authorization for a connector,
  /// consents for it stay: other nodes may still go on by them, until they are restarted as well.
  static final Duration MIGRATION = Duration.ofMinutes(10);

  /// So long a grant stays that came after this node's start and that its configuration has no use
  /// for: it is of a node with another one, and while nodes are restarted one after the other, who
  /// is to say which of both is new? No such restart takes so long.
  static final Duration ROLLING = Duration.ofDays(1);

  private final CredentialsConfig config;
  private final Credentials.Parts parts;
  private final Optional<GatewaySelf> self;
  private final GrantTable grants;
  private final Deaths deaths;
  private final MissedGrants missed;
  private final Instant startedAt;

  Sweep(
      CredentialsConfig config,
      Credentials.Parts parts,
      Optional<GatewaySelf> self,
      GrantTable grants,
      Deaths deaths,
      Instant startedAt) {
    this.config = config;
    this.parts = parts;
    this.self = self;
    this.grants = grants;
    this.deaths = deaths;
    this.missed =
        new MissedGrants(parts.database(), parts.directory(), grants, deaths, parts.clock());
    this.startedAt = startedAt;
  }

  /// Ends what it finds.
  ///
  /// @return the ids
  List<String> run(String correlationId) {
    var database = parts.database();
    var now = parts.clock().instant();
    database.write(connection -> {
      grants.finish(connection, correlationId, now);
      return now;
    });
    var ended = new ArrayList<String>();
    for (var held : database.read(grants::allLive)) {
      var why = why(held, now);
      if (why.isPresent()) {
        // Of whom policy or a stop has taken something, the tokens die as well.
        var ending = Ending.quiet(why.get(), correlationId, now);
        if (database.write(connection -> grants.endOne(connection, held.id(), ending)) > 0) {
          ended.add(held.id());
        }
      }
    }
    return ended;
  }

  private Optional<String> why(Held held, Instant now) {
    var person = parts.directory().person(new PersonId(held.person()));
    if (person.isEmpty() || missed.fault(held).isPresent()) {
      return Optional.empty();
    }
    if (!deaths(held).isAlive(held.person(), held.grantedAt(), Optional.empty())) {
      return Optional.of("what it was obtained for or by is stopped");
    }
    if (!isOfUse(held, now)) {
      return Optional.of(
          held.isManaged()
              ? "the connector needs no such access any more"
              : "the connector needs no such consent any more");
    }
    return isEntitled(person.get(), held)
        ? Optional.empty()
        : Optional.of("the role library does not give the connector any more");
  }

  private Deaths deaths(Held held) {
    return Optional.of(held)
        .filter(Held::isManaged)
        .flatMap(one -> config.managed(one.connector()))
        .map(way -> deaths.managed(way.resource(), self))
        .orElse(deaths);
  }

  private boolean isOfUse(Held held, Instant now) {
    var way = config.of(held.connector());
    boolean isMigrating =
        !held.isManaged()
            && way.filter(Way.Managed.class::isInstance).isPresent()
            && now.isBefore(startedAt.plus(MIGRATION));
    boolean isOfAnother =
        held.grantedAt().isAfter(startedAt) && now.isBefore(held.grantedAt().plus(ROLLING));
    return isMigrating
        || isOfAnother
        || vendor(held)
            .filter(vendor -> vendor.issuer().value().equals(held.issuer()))
            .filter(vendor -> vendor.client().value().equals(held.client()))
            .isPresent();
  }

  /// The server by which the connector comes to such grants now.
  private Optional<Vendor> vendor(Held held) {
    return held.isManaged()
        ? config.managed(held.connector()).map(Way.Managed::vendor)
        : config.vendor(held.connector());
  }

  private boolean isEntitled(Person person, Held held) {
    var managed = config.managed(held.connector());
    boolean isReached =
        !held.isManaged()
            || managed.isEmpty()
            || self.filter(one ->
                    parts.entitlement().reaches(person, one.client(), managed.get().resource()))
                .isPresent();
    return isReached && parts.entitlement().has(person, held.connector());
  }
}
