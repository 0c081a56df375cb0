package dev.lanyard.server.directory;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;

/// Whose user names were before, in one transaction of the caller's. Written whenever somebody
/// loses one, kept for ever: exceptions of the role library and NameIDs of others go by user names.
final class FormerUserNames {
  private final Statements statements;

  FormerUserNames(Connection connection) {
    this(new Statements(connection));
  }

  FormerUserNames(Statements statements) {
    this.statements = statements;
  }

  private record Held(String organisation, String key) {}

  /// Notes the name that somebody has now, because they are about to lose it, unless the next one
  /// is the same.
  void note(PersonId person, String next, Instant now) throws SQLException {
    var held =
        statements.first(
            "SELECT organisation, user_name_key FROM person WHERE id = ? AND deleted_at IS NULL",
            rows -> new Held(rows.getString(1), rows.getString(2)),
            person.value());
    if (held.isPresent() && !held.get().key().equals(Keys.userName(next))) {
      statements.update(
          """
          INSERT INTO former_user_name (organisation, name_hash, person, until)
          VALUES (?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """,
          held.get().organisation(),
          hash(held.get().key()),
          person.value(),
          now);
    }
  }

  /// Whether a name was anybody's who does not have it any more.
  boolean isKnown(String organisation, String userName) throws SQLException {
    return statements.finds(
        "SELECT 1 FROM former_user_name WHERE organisation = ? AND name_hash = ?",
        organisation,
        hash(Keys.userName(userName)));
  }

  /// Whether a name was somebody's other than this person's.
  boolean wasAnothers(String organisation, String userName, PersonId person) throws SQLException {
    return statements.finds(
        """
        SELECT 1 FROM former_user_name
        WHERE organisation = ? AND name_hash = ? AND person <> ?
        """,
        organisation,
        hash(Keys.userName(userName)),
        person.value());
  }

  private static String hash(String key) {
    return HexFormat.of().formatHex(Sha256.of(key));
  }
}
