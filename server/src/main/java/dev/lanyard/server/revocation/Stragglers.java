package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.LiveGrants;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What was granted while a kill was on its way: by a node that had not heard of it yet or whose
/// clock is ahead, dated after the kill, so that the denial of the person does not touch it; or by
/// groups that the person was losing, recorded after it was looked for what they gave. A server
/// that asks whether the person is active refuses the former, a resource server that only knows
/// denials would not.
///
/// To be looked for when every node has said that it knows of the kill. From then on there can be
/// no more of them: what a node answers was durable when it did not know of the kill, so before it
/// said that it does.
public final class Stragglers {
  private final Database database;
  private final Directory directory;
  private final LiveGrants grants;
  private final Revocation revocation;
  private final Optional<Losers> losers;
  private final InstantSource clock;

  /// Looks in this record.
  ///
  /// @param losers absent where no policy is in force
  public Stragglers(
      Database database,
      Directory directory,
      Revocation revocation,
      Optional<Losers> losers,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.grants = new LiveGrants(database);
    this.revocation = revocation;
    this.losers = losers;
    this.clock = clock;
  }

  /// Of whom what has to be looked for, each with what happened to them.
  ///
  /// @param killed of whom everything was killed
  /// @param reevaluated who has lost groups, or whom policy gives something else now
  public record Sought(Map<PersonId, Loss.Cause> killed, Map<PersonId, Loss.Cause> reevaluated) {
    public Sought {
      killed = Map.copyOf(killed);
      reevaluated = Map.copyOf(reevaluated);
    }
  }

  /// Denies every grant that lives although its person is off, although it was made on an ID-JAG
  /// that the kill has made dead, or although policy does not give it any more. Whoever is back
  /// keeps what they have got since.
  ///
  /// @return how many there were
  public int deny(Sought sought) {
    var now = clock.instant();
    var lost = new ArrayList<Loss>();
    var off = off(sought.killed().keySet());
    for (var live : of(sought.killed().keySet(), now)) {
      if (off.contains(live.grant().person()) || isOnWhatIsDead(live)) {
        lost.add(loss(live, sought.killed()));
      }
    }
    if (losers.isPresent()) {
      for (var live : of(sought.reevaluated().keySet(), now)) {
        if (losers.get().isLost(live, now)) {
          lost.add(loss(live, sought.reevaluated()));
        }
      }
    }
    revocation.take(lost, Source.Kind.RECONCILIATION, "issued while the kill was on its way");
    return lost.size();
  }

  private static Loss loss(LiveGrant live, Map<PersonId, Loss.Cause> causes) {
    var cause = causes.get(new PersonId(live.grant().person()));
    return new Loss(live.grant().id(), Objects.requireNonNull(cause));
  }

  private List<LiveGrant> of(Set<PersonId> people, Instant now) {
    return grants.of(people.stream().map(PersonId::value).toList(), now).stream()
        .filter(this::lives)
        .toList();
  }

  /// As the record has it: this node's memory may be a moment behind.
  private Set<String> off(Collection<PersonId> people) {
    var inactive = database.read(connection -> directory.inactive(connection, people));
    return people.stream()
        .filter(person -> inactive.contains(person) || isDeleted(person))
        .map(PersonId::value)
        .collect(Collectors.toSet());
  }

  private boolean isDeleted(PersonId person) {
    return directory.person(person).map(Person::standing).equals(Optional.of(Standing.DELETED));
  }

  private boolean isOnWhatIsDead(LiveGrant live) {
    return Origins.before(live).flatMap(revocation.denied()::denial).isPresent();
  }

  private boolean lives(LiveGrant live) {
    return revocation.denied().denial(Origins.of(live)).isEmpty();
  }
}
