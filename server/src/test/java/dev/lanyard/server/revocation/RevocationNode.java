package dev.lanyard.server.revocation;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// One node with nothing but the kill.
final class RevocationNode implements AutoCloseable {
  private static final Issuer SERVER = new Issuer("https://broker.example");

  final TestClock clock;
  final Database database;
  final Directory directory;
  final Revocation revocation;
  private final SessionStore sessions;

  RevocationNode(DatabaseConfig config) {
    this(config, new TestClock());
  }

  RevocationNode(DatabaseConfig config, TestClock clock) {
    this.clock = clock;
    this.database = Database.open(config, clock);
    this.directory = Directory.open(database, clock);
    this.sessions = new SessionStore(database, SERVER);
    this.revocation =
        new Revocation(
            database,
            directory,
            sessions,
            DenySet.following(database),
            Optional.empty(),
            Duration.ofDays(30),
            clock);
  }

  Instant now() {
    return clock.instant();
  }

  Person person(String name) {
    return person(name, name + "@acme.example");
  }

  Person person(String name, String email) {
    var person = new NewPerson("acme", name, Optional.of(email), name, Set.of("all"));
    return ((Linking.Created) directory.create(person)).person();
  }

  List<Person> people(int howMany) {
    return IntStream.range(0, howMany).mapToObj(i -> person("person" + i)).toList();
  }

  String session(Person person, String upstream, String sid) {
    return session(person, upstream, sid, now());
  }

  String session(Person person, String upstream, String sid, Instant begun) {
    var session =
        new Session(
            OpaqueToken.identifier(),
            person.id().value(),
            Optional.of(new Session.Upstream(upstream, Optional.of(sid))),
            AuthenticationContext.UNKNOWN,
            begun,
            begun.plusSeconds(3600));
    var row = sessions.begun(OpaqueToken.secret(), session);
    var _ = database.groupCommit().commit(Unit.of(List.of(row)));
    return session.id();
  }

  /// Whether the record says that it has ended.
  boolean isSessionOver(String session) {
    var select = "SELECT 1 FROM session WHERE id = ? AND ended_at IS NOT NULL";
    return database
        .read(connection -> new Statements(connection).first(select, _ -> session, session))
        .isPresent();
  }

  boolean isSessionDead(Person person, String session) {
    var later = now().plusSeconds(60);
    var origins = Origins.signIn(person.id().value(), later).session(Optional.of(session));
    return revocation.denied().denial(origins).isPresent();
  }

  boolean isActive(Person person) {
    return directory.person(person.id()).orElseThrow().active();
  }

  /// Whether an access token of this moment is dead.
  boolean isDead(Person person, Instant issuedAt) {
    return isDead(Origins.accessToken(person.id().value(), issuedAt));
  }

  boolean isDead(Origins origins) {
    return revocation.denied().denial(origins).isPresent();
  }

  long lastChange() {
    return database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT COALESCE(MAX(seq), 0) FROM change");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }

  /// Whom the changes of people after a number name.
  ///
  /// @param as in which member
  List<String> named(long after, String as) {
    var select = "SELECT body FROM change WHERE kind = 'person' AND seq > ?";
    var bodies =
        database.read(connection ->
            new Statements(connection).list(select, rows -> rows.getString(1), after));
    var named = new ArrayList<String>();
    for (var body : bodies) {
      try {
        JsonObject.parse(body).strings(as).ifPresent(named::addAll);
      } catch (MalformedException e) {
        throw new AssertionError(body, e);
      }
    }
    return named;
  }

  /// Waits until this node knows everything that is committed now.
  void awaitAll() {
    database.changes().awaitApplied(lastChange(), Duration.ofSeconds(10));
  }

  @Override
  public void close() {
    database.close();
  }
}
