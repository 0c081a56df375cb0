package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The end of somebody who is switched off and whom no source keeps: everything of theirs is dead
/// for good, and the directory has nothing of them but the id. Whoever a source keeps goes when it
/// deletes them. Thread-safe.
public final class Departure {
  private final Directory directory;
  private final Revocation revocation;
  private final InstantSource clock;

  public Departure(Directory directory, Revocation revocation, InstantSource clock) {
    this.directory = directory;
    this.revocation = revocation;
    this.clock = clock;
  }

  /// What became of it.
  public sealed interface Verdict {
    /// Puts in force on this node what was committed. To be called after the commit.
    default void enforce() {
      if (this instanceof Gone(var accepted)) {
        accepted.enforce();
      }
    }

    /// They are gone.
    record Gone(Accepted accepted) implements Verdict {}

    /// They stay in the directory, because this source keeps them.
    record Kept(String source) implements Verdict {}
  }

  /// Whether somebody is switched off, and not gone yet, in a transaction of the caller's.
  public boolean mayGo(Connection connection, PersonId id) throws SQLException {
    return directory.inactive(connection, List.of(id)).equals(Set.of(id));
  }

  /// Lets somebody go who may, in a transaction of the caller's.
  ///
  /// @param correlationId of what causes it
  public Verdict go(Connection connection, PersonId id, Source by, String correlationId)
      throws SQLException {
    Optional<String> keeper = directory.keeper(connection, id);
    if (keeper.isPresent()) {
      return new Verdict.Kept(keeper.get());
    }
    var signal =
        new Signal(
            by,
            OpaqueToken.identifier(),
            new Subject.Person(id),
            Happening.DELETED,
            clock.instant(),
            "erased",
            correlationId);
    // First the kill: whoever is told of it is told by the names that they still have.
    var accepted = revocation.accept(connection, List.of(signal));
    var _ = directory.erase(connection, id);
    return new Verdict.Gone(accepted);
  }
}
