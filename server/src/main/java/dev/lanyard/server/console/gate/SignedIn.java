package dev.lanyard.server.console.gate;

import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.LiveGrants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells where a person is signed in: at the broker, on whose session their applications live, and
/// at the console.
public final class SignedIn {
  private final LiveGrants live;
  private final ConsoleSessions sessions;
  private final Liveness liveness;

  /// @param liveness tells whether a sign-in still counts: a kill does not touch the rows of the
  ///   console
  public SignedIn(Database database, Liveness liveness) {
    this.live = new LiveGrants(database);
    this.sessions = new ConsoleSessions(database);
    this.liveness = liveness;
  }

  /// @param where in words
  /// @param here whether it is the session of this page, or the one that carries it
  public record Place(String id, String where, String since, String until, boolean here) {}

  /// @param own the session of this page, if the person is its visitor
  public List<Place> of(Person person, Optional<ConsoleSession> own, Instant now) {
    var places = new ArrayList<Place>();
    for (var session : live.sessionsOf(person.id().value(), now)) {
      places.add(
          new Place(
              session.id(),
              "Identity broker"
                  + session.upstream().map(name -> ", signed in with " + name).orElse(""),
              session.begunAt().toString(),
              session.endsAt().toString(),
              own.filter(one -> one.brokerSession().equals(session.id())).isPresent()));
    }
    for (var session : sessions.of(person.id().value(), now)) {
      if (liveness.death(session.origins()).isPresent()) {
        continue;
      }
      places.add(
          new Place(
              session.id(),
              "Console",
              session.createdAt().toString(),
              session.expiresAt().toString(),
              own.filter(one -> one.id().equals(session.id())).isPresent()));
    }
    return List.copyOf(places);
  }

  /// Whether a session is one of this person's at the broker.
  public boolean isAtBroker(Person person, String id, Instant now) {
    return live.sessionsOf(person.id().value(), now).stream().anyMatch(one -> one.id().equals(id));
  }
}
