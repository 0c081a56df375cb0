package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What has killed what people have at servers of others: asked whenever it is used, and again once
/// something new of it is durable, because that takes time (decision 17). Thread-safe.
final class Deaths {
  private static final Duration CATCH_UP = Duration.ofSeconds(10);

  private final Database database;
  private final Directory directory;
  private final DenySet denied;
  private final InstantSource clock;
  private final UnaryOperator<Origins> further;

  Deaths(Database database, Directory directory, DenySet denied, InstantSource clock) {
    this(database, directory, denied, clock, UnaryOperator.identity());
  }

  private Deaths(
      Database database,
      Directory directory,
      DenySet denied,
      InstantSource clock,
      UnaryOperator<Origins> further) {
    this.database = database;
    this.directory = directory;
    this.denied = denied;
    this.clock = clock;
    this.further = further;
  }

  /// What has killed what people have by Enterprise-Managed Authorization: it dies with the
  /// connector of its resource too, and with the gateway as a client of the broker.
  ///
  /// @param resource what it is for
  /// @param self what the gateway is at the broker, if it is anything there
  Deaths managed(ResourceIndicator resource, Optional<GatewaySelf> self) {
    return new Deaths(
        database,
        directory,
        denied,
        clock,
        origins -> {
          var known = origins.resources(List.of(resource));
          return self.map(one -> known.client(one.broker(), one.client())).orElse(known);
        });
  }

  /// The date of what somebody sets out to get now: no denial of the past kills it.
  Instant dated(Person person) {
    var origins =
        Origins.signIn(person.id().value(), clock.instant()).organisation(person.organisation());
    return denied.issuable(further.apply(origins), clock.instant());
  }

  /// Whether nothing has killed a grant since it was given, as far as this node knows.
  boolean isAlive(UpstreamGrant grant) {
    return isAlive(grant.person(), grant.grantedAt(), grant.basis().session());
  }

  /// The same by what is known without opening it.
  boolean isAlive(String person, Instant grantedAt, Optional<String> session) {
    return isAlive(person, Origins.accessToken(person, grantedAt).session(session));
  }

  /// Whether what somebody set out to get may be kept: asked when it is durable, and of a node that
  /// knows everything that was committed before.
  ///
  /// @param since when they set out
  boolean mayStay(String person, Instant since, Optional<String> session) {
    database.changes().awaitCurrent(CATCH_UP);
    return isAlive(person, Origins.signIn(person, since).session(session));
  }

  private boolean isAlive(String person, Origins origins) {
    var all = further.apply(origins);
    return directory
        .person(new PersonId(person))
        .filter(Person::active)
        .filter(one -> denied.denial(all.organisation(one.organisation())).isEmpty())
        .isPresent();
  }
}
