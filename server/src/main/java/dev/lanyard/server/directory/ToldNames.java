package dev.lanyard.server.directory;

import dev.lanyard.server.database.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// User names that people have on a provider's word alone, in one transaction of the caller's. They
/// count for nothing ([Person#provenUserName()]), so whoever is given one by somebody who may give
/// it gets it, and the holder is called otherwise. **Only after `revocation` has heard of the
/// holder in the same transaction.** Nodes learn of it by [Directory#announce].
public final class ToldNames {
  private static final String MARK = "renamed/";

  private final Connection connection;
  private final Instant now;
  private final SecureRandom random;

  ToldNames(Connection connection, Instant now, SecureRandom random) {
    this.connection = connection;
    this.now = now;
    this.random = random;
  }

  /// Whether somebody is called so because another was given their name.
  public static boolean hasLost(Person person) {
    return !person.userNameGiven() && person.userName().startsWith(MARK);
  }

  /// Who has a name on a provider's word alone; empty if nobody has it, or somebody whose name
  /// counts.
  public Optional<PersonId> holder(String organisation, String userName) throws SQLException {
    var id =
        new Statements(connection)
            .first(
                """
                SELECT id FROM person WHERE organisation = ? AND user_name_key = ?
                  AND NOT EXISTS (SELECT 1 FROM provisioned_person WHERE person = person.id)
                """,
                rows -> new PersonId(rows.getString(1)),
                organisation,
                Keys.userName(userName));
    return id.isPresent()
        ? new PersonTables(connection)
            .some(List.of(id.get())).stream()
                .map(Entry::person)
                .filter(person -> person.provenUserName().isEmpty())
                .map(Person::id)
                .findFirst()
        : Optional.empty();
  }

  /// Takes a name from its holder, who is somebody else afterwards in nothing but the name. Of two
  /// who take one name at once, also on two nodes, one does.
  ///
  /// @return whether they had it on a provider's word alone, still
  public boolean take(PersonId from, String organisation, String userName) throws SQLException {
    // First: whoever would prove the name to be theirs waits.
    var _ = new PersonTables(connection).touch(from, now);
    if (!holder(organisation, userName).equals(Optional.of(from))) {
      return false;
    }
    // A name that nobody can have taken beforehand.
    var next = MARK + PersonId.random(random);
    var statements = new Statements(connection);
    new FormerUserNames(statements).note(from, next, now);
    statements.update(
        """
        UPDATE person SET user_name = ?, user_name_key = ?, given_user_name_key = NULL,
          display_name = CASE WHEN display_name = user_name THEN ? ELSE display_name END
        WHERE id = ?
        """,
        next,
        Keys.userName(next),
        next,
        from.value());
    return true;
  }
}
