package dev.lanyard.server.credentials;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What has killed what people have at servers of others: asked whenever it is used, and again once
/// something new of it is durable, because that takes time (decision 17). Thread-safe.
final class Deaths {
  private static final Duration CATCH_UP = Duration.ofSeconds(10);

  private final Database database;
  private final Directory directory;
  private final DenySet denied;
  private final InstantSource clock;

  Deaths(Database database, Directory directory, DenySet denied, InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.denied = denied;
    this.clock = clock;
  }

  /// The date of what somebody sets out to get now: no denial of the past kills it.
  Instant dated(Person person) {
    var origins =
        Origins.signIn(person.id().value(), clock.instant()).organisation(person.organisation());
    return denied.issuable(origins, clock.instant());
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
    return directory
        .person(new PersonId(person))
        .filter(Person::active)
        .filter(one -> denied.denial(origins.organisation(one.organisation())).isEmpty())
        .isPresent();
  }
}
