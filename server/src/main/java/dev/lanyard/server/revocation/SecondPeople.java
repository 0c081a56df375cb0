package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.directory.OwnPeople.Second;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Unites the second people of earlier releases with their first ones: what the second one has is
/// dead, and the broker means the first one by the subject from now on (decision 143). Clients get
/// new tokens silently.
final class SecondPeople {
  private final Database database;
  private final Directory directory;
  private final Revocation revocation;
  private final InstantSource clock;

  SecondPeople(Database database, Directory directory, Revocation revocation, InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.revocation = revocation;
    this.clock = clock;
  }

  /// Unites all that there are; of several nodes at once one does so with each.
  ///
  /// @return whom this node has united
  List<Second> unite(String correlationId) {
    var united = new ArrayList<Second>();
    for (var second : database.read(directory.own()::all)) {
      var accepted = database.write(connection -> united(connection, second, correlationId));
      if (accepted.isPresent()) {
        accepted.get().enforce();
        directory.refresh(List.of(second.first(), second.second()));
        united.add(second);
      }
    }
    return united;
  }

  /// Whether a grant of our own broker is a second person's: by whoever signed in, or where the
  /// server was not told so, by whom the broker means.
  boolean isOneOf(LiveGrant live, OwnBroker own) {
    var person = live.grant().person();
    return live.issuer().equals(own.issuer())
        && live.signIn()
            .map(LiveGrant.SignIn::person)
            .or(() -> directory.own().first(own, new PersonId(person)).map(PersonId::value))
            .filter(first -> !first.equals(person))
            .isPresent();
  }

  private Optional<Accepted> united(Connection connection, Second second, String correlationId)
      throws SQLException {
    if (!directory.own().unite(connection, second)) {
      return Optional.empty();
    }
    // Somebody whom others know as well goes on with what they have from them.
    var what =
        directory.own().isNobodyElses(connection, second)
            ? Happening.DISABLED
            : Happening.TOKENS_REVOKED;
    var signal =
        new Signal(
            Source.of(Source.Kind.RECONCILIATION),
            OpaqueToken.identifier(),
            new Subject.Person(second.second()),
            what,
            clock.instant(),
            "the same person as " + second.first() + ", whom the broker means",
            correlationId);
    var accepted = revocation.accept(connection, List.of(signal));
    var _ = directory.announce(connection, Set.of(second.first(), second.second()));
    return Optional.of(accepted);
  }
}
