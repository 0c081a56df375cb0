package dev.lanyard.server.directory;

import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which groups of one source are in which others, in transactions of the caller's. Whoever is in
/// an inner group is in all outer ones. Thread-safe.
///
/// Changes of groups and of who is in them are in line, one behind the other ([#takeTurn]): else
/// one could add somebody to an inner group while another takes the inner one out of the outer, and
/// neither would know of the other's people.
public final class GroupNesting {
  private final Source source;

  GroupNesting(Source source) {
    this.source = source;
  }

  /// Makes every other transaction that changes groups of this source wait. To be called before any
  /// row of a group is taken.
  public void takeTurn(Connection connection) throws SQLException {
    new Statements(connection)
        .update(
            """
            INSERT INTO provisioned_turn (source, organisation) VALUES (?, ?)
            ON CONFLICT (source, organisation) DO UPDATE SET source = excluded.source
            """,
            source.name(),
            source.organisation());
  }

  /// Which of these are groups of this source.
  public Set<String> known(Connection connection, Collection<String> ids) throws SQLException {
    return new HashSet<>(
        new Statements(connection)
            .among(
                "SELECT id FROM provisioned_group WHERE source = ? AND organisation = ? AND id IN",
                ids,
                rows -> rows.getString(1),
                source.name(),
                source.organisation()));
  }

  /// Whether a group would be in itself if these were in it.
  public boolean wouldBeCircle(Connection connection, String group, Collection<String> inner)
      throws SQLException {
    return within(connection, inner).contains(group);
  }

  /// These groups and all that are in them, however deep.
  private static Set<String> within(Connection connection, Collection<String> groups)
      throws SQLException {
    var statements = new Statements(connection);
    var within = new HashSet<String>();
    for (var group : groups) {
      within.addAll(
          statements.list(
              """
              WITH RECURSIVE inner_group(id) AS (
                SELECT id FROM provisioned_group WHERE id = ?
                UNION
                SELECT provisioned_nested.member_group
                FROM inner_group
                JOIN provisioned_nested ON provisioned_nested.group_id = inner_group.id
              )
              SELECT id FROM inner_group
              """,
              rows -> rows.getString(1),
              group));
    }
    return within;
  }

  /// Everybody who is in one of these groups, however deep.
  public Set<PersonId> people(Connection connection, Collection<String> groups)
      throws SQLException {
    return new HashSet<>(
        new Statements(connection)
            .among(
                "SELECT DISTINCT person FROM provisioned_member WHERE group_id IN",
                within(connection, groups),
                rows -> new PersonId(rows.getString(1))));
  }

  /// The groups that are in a group itself.
  public List<String> inner(Connection connection, String group) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT member_group FROM provisioned_nested WHERE group_id = ? ORDER BY member_group",
            rows -> rows.getString(1),
            group);
  }

  /// Puts groups of this source into another.
  ///
  /// @return those that were not in it before
  public Set<String> add(Connection connection, String group, Collection<String> inner)
      throws SQLException {
    var insert =
        """
        INSERT INTO provisioned_nested (group_id, member_group) VALUES (?, ?)
        ON CONFLICT DO NOTHING
        """;
    return changed(connection, insert, group, inner);
  }

  /// Takes groups out of another.
  ///
  /// @return those that were in it before
  public Set<String> remove(Connection connection, String group, Collection<String> inner)
      throws SQLException {
    var delete = "DELETE FROM provisioned_nested WHERE group_id = ? AND member_group = ?";
    return changed(connection, delete, group, inner);
  }

  private static Set<String> changed(
      Connection connection, String sql, String group, Collection<String> inner)
      throws SQLException {
    var statements = new Statements(connection);
    var changed = new HashSet<String>();
    for (var one : inner) {
      if (statements.update(sql, group, one) > 0) {
        changed.add(one);
      }
    }
    return changed;
  }

  /// Takes a group out of all others, and all others out of it.
  static void forget(Statements statements, String group) throws SQLException {
    statements.update("DELETE FROM provisioned_nested WHERE group_id = ?", group);
    statements.update("DELETE FROM provisioned_nested WHERE member_group = ?", group);
  }
}
