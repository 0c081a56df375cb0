package dev.lanyard.server.directory;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes what people are from now on, in the transaction that makes them so.
final class HistoryTables {
  private final Connection connection;
  private final Statements statements;

  HistoryTables(Connection connection) {
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  /// Notes the groups that these people are in now, as this transaction sees them. Whoever tells
  /// nodes of people calls it, so that no way into a group goes around it. Where nothing is
  /// different nothing is written.
  void noteGroups(Collection<PersonId> people, Instant now) throws SQLException {
    for (var part : Chunks.of(List.copyOf(people), Statements.MOST_IN_LIST)) {
      var known = open(part);
      var groups = new PersonTables(connection).groups(part);
      var come = new ArrayList<Object[]>();
      var gone = new ArrayList<Object[]>();
      for (var person : part) {
        var before = known.getOrDefault(person.value(), Set.of());
        var after = groups.getOrDefault(person.value(), Set.of());
        after.stream()
            .filter(group -> !before.contains(group))
            .forEach(group -> come.add(new Object[] {person.value(), group, now}));
        before.stream()
            .filter(group -> !after.contains(group))
            .forEach(group -> gone.add(new Object[] {now, person.value(), group}));
      }
      write(come, gone);
    }
  }

  private void write(List<Object[]> come, List<Object[]> gone) throws SQLException {
    statements.each(
        """
        UPDATE person_membership SET left_at = ?
        WHERE person = ? AND group_name = ? AND left_at IS NULL
        """,
        gone);
    // Who leaves and comes back within a millisecond has not left.
    statements.each(
        """
        INSERT INTO person_membership (person, group_name, since) VALUES (?, ?, ?)
        ON CONFLICT (person, group_name, since) DO UPDATE SET left_at = NULL
        """,
        come);
  }

  private Map<String, Set<String>> open(List<PersonId> people) throws SQLException {
    var known = new HashMap<String, Set<String>>();
    statements.list(
        "SELECT person, group_name FROM person_membership WHERE left_at IS NULL AND person IN "
            + Statements.inList(people),
        rows ->
            known.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(rows.getString(2)),
        people.stream().map(PersonId::value).toArray());
    return known;
  }

  /// Notes how somebody stands from now on.
  void noteStanding(PersonId person, Standing standing, Instant now) throws SQLException {
    statements.update(
        """
        INSERT INTO person_standing (person, since, standing) VALUES (?, ?, ?)
        ON CONFLICT (person, since) DO UPDATE SET standing = excluded.standing
        """,
        person.value(),
        now,
        standing.value());
  }

  /// Notes that those of these people who are there will be active, or not, before they are; of
  /// those who are already nothing is written. One statement, because a kill waits for it.
  static void noteActive(Writing writes, List<PersonId> people, boolean active, Instant now)
      throws SQLException {
    var values = new ArrayList<Object>();
    values.add(now);
    values.add((active ? Standing.ACTIVE : Standing.DISABLED).value());
    values.add(active);
    people.forEach(person -> values.add(person.value()));
    writes.write(
        "INSERT INTO person_standing (person, since, standing) SELECT id, ?, ? FROM person"
            + " WHERE deleted_at IS NULL AND active <> ? AND id IN "
            + Statements.inList(people)
            + " ON CONFLICT (person, since) DO UPDATE SET standing = excluded.standing",
        values.toArray());
  }

  /// Forgets somebody who was inserted in the same transaction.
  void takeBack(PersonId person) throws SQLException {
    statements.update("DELETE FROM person_standing WHERE person = ?", person.value());
  }
}
