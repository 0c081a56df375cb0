package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.scim.Commits.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// User names that a connection gives while somebody else has them on a sign-in provider's word
/// alone. That may be anybody who has chosen the name beforehand: they keep out nobody, and lose
/// the name and nothing else (SEC-9, decision 151).
final class GivenNames {
  private final String organisation;
  private final Directory directory;

  GivenNames(ScimConnection connection, Directory directory) {
    this.organisation = connection.organisation();
    this.directory = directory;
  }

  /// A name that is to be taken from somebody.
  record Taking(PersonId from, String userName) {}

  /// Whether somebody has a name on a provider's word alone.
  boolean isTold(Connection connection, String userName) throws SQLException {
    return directory.toldNames(connection).holder(organisation, userName).isPresent();
  }

  /// In the first step: who is to lose the name; empty if nobody. What says that they are called so
  /// is dead.
  ///
  /// @param to who is to have it; empty for somebody new
  Optional<Taking> begin(Change change, String userName, Optional<PersonId> to)
      throws SQLException {
    var from =
        directory
            .toldNames(change.connection())
            .holder(organisation, userName)
            .filter(holder -> !to.equals(Optional.of(holder)));
    from.ifPresent(holder ->
        change.happens(
            Happening.CLAIMS_CHANGED,
            Set.of(holder),
            "somebody else is given the user name over SCIM"));
    return from.map(holder -> new Taking(holder, userName));
  }

  /// In the second step, before the name is written. If the holder's name counts by now, or another
  /// was faster, nothing happens: the name is taken.
  void end(Change change, Taking taking) throws SQLException {
    if (directory
        .toldNames(change.connection())
        .take(taking.from(), organisation, taking.userName())) {
      change.touched(Set.of(taking.from()));
      change.record("scim.user.name_lost", taking.from(), JsonObject.EMPTY);
    }
  }
}
