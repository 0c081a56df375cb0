package dev.lanyard.server.directory;

import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// Who bears a name in an organisation, for names that stand outside the directory: a user name,
/// or, if nobody has that, an e-mail address.
///
/// @param people who have it now
/// @param off whether one of them is off, or nobody has it who had
public record Bearers(List<PersonId> people, boolean off) {
  public Bearers {
    people = List.copyOf(people);
  }

  private record Bearer(PersonId id, boolean active) {
    static Bearer read(ResultSet row) throws SQLException {
      return new Bearer(new PersonId(row.getString(1)), row.getLong(2) == 1);
    }
  }

  /// As the record has it in a transaction of the caller's.
  public static Bearers of(Connection connection, String organisation, String name)
      throws SQLException {
    var statements = new Statements(connection);
    var found =
        statements.list(
            "SELECT id, active FROM person WHERE organisation = ? AND user_name_key = ?",
            Bearer::read,
            organisation,
            Keys.userName(name));
    if (found.isEmpty()) {
      found =
          statements.list(
              "SELECT id, active FROM person WHERE organisation = ? AND LOWER(email) = ?",
              Bearer::read,
              organisation,
              Keys.email(name));
    }
    boolean off =
        found.isEmpty()
            ? new FormerUserNames(statements).isKnown(organisation, name)
                || new FormerAddresses(statements).isKnown(organisation, name)
            : found.stream().anyMatch(one -> !one.active());
    return new Bearers(found.stream().map(Bearer::id).toList(), off);
  }
}
