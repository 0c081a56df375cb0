package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What was issued to somebody who is off, by a node that had not heard of the kill yet or whose
/// clock is ahead: it is dated after the kill, so the denial of the person does not touch it. A
/// server that asks whether the person is active refuses it, a resource server that only knows
/// denials would not.
///
/// To be looked for when every node has said that it knows of the kill: from then on there can be
/// no more of them.
public final class Stragglers {
  private final Database database;
  private final Directory directory;
  private final LiveGrants grants;
  private final Revocation revocation;
  private final InstantSource clock;

  /// Looks in this record.
  public Stragglers(
      Database database, Directory directory, Revocation revocation, InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.grants = new LiveGrants(database);
    this.revocation = revocation;
    this.clock = clock;
  }

  /// Denies every grant of these people that lives although they are off; of whoever is back,
  /// nothing.
  ///
  /// @return how many there were
  public int deny(Collection<PersonId> people, String correlationId) {
    var off = off(people);
    if (off.isEmpty()) {
      return 0;
    }
    var signals =
        grants.of(off, clock.instant()).stream()
            .filter(this::lives)
            .map(live -> signal(live, correlationId))
            .toList();
    if (!signals.isEmpty()) {
      revocation.acceptAll(signals);
    }
    return signals.size();
  }

  /// As the record has it: this node's memory may be a moment behind.
  private List<String> off(Collection<PersonId> people) {
    var inactive = database.read(connection -> directory.inactive(connection, people));
    return people.stream()
        .filter(person -> inactive.contains(person) || isDeleted(person))
        .map(PersonId::value)
        .toList();
  }

  private boolean isDeleted(PersonId person) {
    return directory.person(person).map(Person::standing).equals(Optional.of(Standing.DELETED));
  }

  private boolean lives(LiveGrant live) {
    return revocation.denied().denial(Reconciliation.origins(live)).isEmpty();
  }

  private Signal signal(LiveGrant live, String correlationId) {
    return new Signal(
        Source.of(Source.Kind.RECONCILIATION),
        OpaqueToken.identifier(),
        new Subject.Grant(live.grant().id()),
        Happening.TOKENS_REVOKED,
        clock.instant(),
        "issued while the kill was on its way",
        correlationId);
  }
}
