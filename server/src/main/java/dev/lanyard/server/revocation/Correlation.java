package dev.lanyard.server.revocation;

import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.sessions.SessionStore.Found;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Finds out whom or what a signal means (DPR-4). What could mean several means nobody.
final class Correlation {
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

  private final Directory directory;
  private final SessionStore sessions;
  private final ChangeFeed changes;

  Correlation(Directory directory, SessionStore sessions, ChangeFeed changes) {
    this.directory = directory;
    this.sessions = sessions;
    this.changes = changes;
  }

  sealed interface Match {
    record OnePerson(Person person) implements Match {}

    /// @param person whose sessions they are
    record Sessions(Person person, List<String> ids) implements Match {}

    /// Something that is not a person's: for everybody who has to do with it.
    record Thing(Denied what) implements Match {}

    record Nobody() implements Match {}

    record Several(int matches) implements Match {}
  }

  /// Remembers the end of what is not here yet but may be about to come.
  Match of(Connection connection, Signal signal, Instant now) throws SQLException {
    var match = confined(connection, signal);
    if (!EarlyEnds.mayBeEarly(signal, match)) {
      return match;
    }
    EarlyEnds.note(connection, signal.subject(), Settlement.until(signal, now), now);
    // Whoever was just beginning has either done so by now, or will find the note.
    changes.awaitCurrent(connection, KNOWN_WITHIN);
    return confined(connection, signal);
  }

  private Match confined(Connection connection, Signal signal) throws SQLException {
    var match = meant(of(connection, signal.subject()), signal.what());
    var confined = signal.source().organisation();
    return confined.isEmpty() || isWithin(match, confined.get()) ? match : new Match.Nobody();
  }

  /// What policy may look at has changed about whoever has the sessions; it ends none of them.
  private static Match meant(Match match, Happening what) {
    return match instanceof Match.Sessions(var person, _) && what.has(Effect.REEVALUATE)
        ? new Match.OnePerson(person)
        : match;
  }

  private static boolean isWithin(Match match, String organisation) {
    return switch (match) {
      case Match.OnePerson(var person) -> person.organisation().equals(organisation);
      case Match.Sessions(var person, _) -> person.organisation().equals(organisation);
      // Grants and clients are no business of somebody who may speak of an organisation's people.
      case Match.Thing _ -> false;
      case Match.Nobody _, Match.Several _ -> true;
    };
  }

  private Match of(Connection connection, Subject subject) throws SQLException {
    return switch (subject) {
      case Subject.Person(var id) -> person(directory.person(id));
      case Subject.External(var external) -> person(directory.findLinked(external));
      case Subject.Email(var organisation, var email) ->
          holder(directory.findByEmail(organisation, email));
      case Subject.Aliases(var names) -> aliases(connection, names);
      case Subject.UpstreamSession upstream -> upstreamSessions(connection, upstream);
      case Subject.UpstreamSubject(var upstream, var sub) ->
          sessions(sessions.standingOnSubject(connection, upstream, sub));
      case Subject.Session(var id) -> sessions(sessions.find(connection, id).stream().toList());
      case Subject.Grant(var id) -> new Match.Thing(Denied.grant(id));
      case Subject.Token(var id) -> new Match.Thing(Denied.token(id));
      case Subject.Client(var server, var id) -> new Match.Thing(Denied.client(server, id));
      case Subject.Agent(var id) -> new Match.Thing(Denied.person(AgentSubject.of(id)));
      case Subject.Connector(var resource) -> new Match.Thing(Denied.connector(resource));
      case Subject.Provider(var issuer) -> new Match.Thing(Denied.issuer(issuer));
      case Subject.Organisation(var name) -> new Match.Thing(Denied.organisation(name));
      case Subject.Everything() -> new Match.Thing(Denied.all());
    };
  }

  /// Who only claims an address beside whose it is keeps no kill from them.
  private static Match holder(EmailMatch found) {
    return switch (found) {
      case EmailMatch.One(var person) -> new Match.OnePerson(person);
      case EmailMatch.None() -> new Match.Nobody();
      case EmailMatch.Several(var people) -> {
        var verified = people.stream().filter(Person::emailVerified).toList();
        yield verified.size() == 1
            ? new Match.OnePerson(verified.getFirst())
            : new Match.Several(people.size());
      }
    };
  }

  private static Match person(Optional<Person> found) {
    return found.<Match>map(Match.OnePerson::new).orElseGet(Match.Nobody::new);
  }

  private Match aliases(Connection connection, List<Subject> names) throws SQLException {
    var people = new LinkedHashMap<PersonId, Match>();
    for (var name : names) {
      switch (of(connection, name)) {
        case Match.OnePerson one -> people.put(one.person().id(), one);
        case Match.Several several -> {
          return several;
        }
        case Match.Nobody _, Match.Sessions _, Match.Thing _ -> {
          // Not known here by this name.
        }
      }
    }
    return people.size() > 1
        ? new Match.Several(people.size())
        : people.values().stream().findFirst().orElseGet(Match.Nobody::new);
  }

  private Match upstreamSessions(Connection connection, Subject.UpstreamSession subject)
      throws SQLException {
    var standing = sessions.standingOn(connection, subject.upstream(), subject.sid());
    var found = sessions(standing);
    if (subject.who().isEmpty() || !(found instanceof Match.Sessions(var person, _))) {
      return found;
    }
    // A session of one person and the name of another: neither is touched.
    return isCalled(connection, person, standing, subject.who().get())
        ? found
        : new Match.Several(2);
  }

  /// By any name that leads to the person, or by the `sub` of the sign-in itself.
  private boolean isCalled(Connection connection, Person person, List<Found> standing, Subject who)
      throws SQLException {
    if (of(connection, who) instanceof Match.OnePerson(var named)
        && named.id().equals(person.id())) {
      return true;
    }
    return who instanceof Subject.External(var external)
        && standing.stream()
            .allMatch(one -> one.upstreamSubject().equals(Optional.of(external.subject())));
  }

  private Match sessions(List<Found> found) {
    var people = found.stream().map(Found::person).distinct().toList();
    if (people.size() > 1) {
      return new Match.Several(people.size());
    }
    return people.stream()
        .findFirst()
        .flatMap(id -> directory.person(new PersonId(id)))
        .<Match>map(person -> new Match.Sessions(person, found.stream().map(Found::id).toList()))
        .orElseGet(Match.Nobody::new);
  }
}
