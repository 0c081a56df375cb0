package dev.lanyard.server.directory;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The groups of one source with their members, in transactions of the caller's. Apart from what is
/// claimed at sign-in; to policy a person is in the groups of both. Thread-safe.
///
/// Whoever changes members tells every node by [ProvisionedPeople#announce].
public final class ProvisionedGroups {
  private static final String SELECT =
      """
      SELECT id, display_name, external_id, version, created_at, modified_at
      FROM provisioned_group WHERE source = ? AND organisation = ?
      """;

  private static final String ORDER = " ORDER BY created_at, id LIMIT ?";

  /// Depth says no more than whether it is the person or a group that is in it: else a path for
  /// each depth would be found.
  private static final String MEMBERSHIPS =
      """
      WITH RECURSIVE theirs(person, group_id, depth) AS (
        SELECT person, group_id, 0 FROM provisioned_member WHERE person IN %s
        UNION
        SELECT theirs.person, provisioned_nested.group_id, 1
        FROM theirs JOIN provisioned_nested ON provisioned_nested.member_group = theirs.group_id
      ), nearest AS (
        SELECT person, group_id, MIN(depth) AS depth FROM theirs GROUP BY person, group_id
      )
      SELECT nearest.person, nearest.depth, provisioned_group.* FROM nearest
      JOIN provisioned_group ON provisioned_group.id = nearest.group_id
      WHERE source = ? AND organisation = ?
      ORDER BY provisioned_group.created_at, provisioned_group.id
      """;

  private final Source source;
  private final InstantSource clock;
  private final SecureRandom random;

  ProvisionedGroups(Source source, InstantSource clock, SecureRandom random) {
    this.source = source;
    this.clock = clock;
    this.random = random;
  }

  /// What groups are looked up by.
  public sealed interface Key {
    record Id(String id) implements Key {}

    /// In whatever case.
    record DisplayName(String name) implements Key {}

    record ExternalId(String externalId) implements Key {}

    /// Those that a person or a group is in itself.
    record Member(String id) implements Key {}
  }

  /// Which of them are in which others.
  public GroupNesting nesting() {
    return new GroupNesting(source);
  }

  /// Creates a group, unless the source has one of this name.
  public Optional<String> insert(
      Connection connection, String displayName, Optional<String> externalId) throws SQLException {
    var id = PersonId.random(random).value();
    var now = clock.instant();
    int inserted =
        new Statements(connection)
            .update(
                """
                INSERT INTO provisioned_group (id, organisation, source, display_name,
                  display_name_key, external_id, version, created_at, modified_at)
                VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                id,
                source.organisation(),
                source.name(),
                displayName,
                Keys.userName(displayName),
                externalId,
                now,
                now);
    return inserted > 0 ? Optional.of(id) : Optional.empty();
  }

  /// The group, with all other transactions that would change it waiting.
  public Optional<ProvisionedGroup> lock(Connection connection, String id) throws SQLException {
    var lock = "UPDATE provisioned_group SET version = version WHERE id = ? AND source = ?";
    return new Statements(connection).update(lock, id, source.name()) > 0
        ? find(connection, new Key.Id(id)).stream().findFirst()
        : Optional.empty();
  }

  public List<ProvisionedGroup> find(Connection connection, Key key) throws SQLException {
    var statements = new Statements(connection);
    return switch (key) {
      case Key.Id(var id) -> select(statements, " AND id = ?", id);
      case Key.DisplayName(var name) ->
          select(statements, " AND display_name_key = ?", Keys.userName(name));
      case Key.ExternalId(var id) -> select(statements, " AND external_id = ?", id);
      case Key.Member(var member) ->
          select(
              statements,
              """
               AND id IN (
                SELECT group_id FROM provisioned_member WHERE person = ?
                UNION SELECT group_id FROM provisioned_nested WHERE member_group = ?)
              """,
              member,
              member);
    };
  }

  private List<ProvisionedGroup> select(Statements statements, String condition, String... values)
      throws SQLException {
    var all = new ArrayList<Object>(List.of(source.name(), source.organisation()));
    all.addAll(List.of(values));
    all.add(Integer.MAX_VALUE);
    return statements.list(SELECT + condition + ORDER, ProvisionedGroups::read, all.toArray());
  }

  /// The next groups behind a place, or the first.
  public List<ProvisionedGroup> after(Connection connection, Optional<Position> place, int limit)
      throws SQLException {
    var statements = new Statements(connection);
    var from = place.orElse(new Position(Instant.EPOCH, ""));
    return statements.list(
        SELECT + " AND (created_at > ? OR (created_at = ? AND id > ?))" + ORDER,
        ProvisionedGroups::read,
        source.name(),
        source.organisation(),
        from.createdAt(),
        from.createdAt(),
        from.id(),
        limit);
  }

  /// A page by number.
  public List<ProvisionedGroup> page(Connection connection, int skip, int limit)
      throws SQLException {
    return new Statements(connection)
        .list(
            SELECT + ORDER + " OFFSET ?",
            ProvisionedGroups::read,
            source.name(),
            source.organisation(),
            limit,
            skip);
  }

  public int count(Connection connection) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT COUNT(*) FROM provisioned_group WHERE source = ? AND organisation = ?",
            rows -> rows.getInt(1),
            source.name(),
            source.organisation())
        .orElse(0);
  }

  /// Makes a group's names these; the caller has locked it.
  ///
  /// @return whether the name is free; if not, nothing was changed
  public boolean update(
      Connection connection, String id, String displayName, Optional<String> externalId)
      throws SQLException {
    var statements = new Statements(connection);
    var key = Keys.userName(displayName);
    var taken =
        find(connection, new Key.DisplayName(displayName)).stream()
            .anyMatch(group -> !group.id().equals(id));
    return !taken
        && statements.update(
                """
                UPDATE provisioned_group SET display_name = ?, display_name_key = ?,
                  external_id = ?, version = version + 1, modified_at = ?
                WHERE id = ?
                """,
                displayName,
                key,
                externalId,
                clock.instant(),
                id)
            > 0;
  }

  /// Removes a group with its memberships; its id is never given again.
  public void delete(Connection connection, String id) throws SQLException {
    var statements = new Statements(connection);
    GroupNesting.forget(statements, id);
    statements.update("DELETE FROM provisioned_member WHERE group_id = ?", id);
    statements.update("DELETE FROM provisioned_group WHERE id = ?", id);
  }

  /// Which of these are people of this source.
  public Set<String> known(Connection connection, Collection<String> people) throws SQLException {
    return new HashSet<>(
        new Statements(connection)
            .among(
                """
                SELECT provisioned_person.person FROM provisioned_person
                JOIN person ON person.id = provisioned_person.person
                WHERE provisioned_person.source = ? AND person.organisation = ?
                  AND provisioned_person.person IN
                """,
                people,
                rows -> rows.getString(1),
                source.name(),
                source.organisation()));
  }

  /// Adds people of this source to a group that the caller has locked.
  ///
  /// @return who was not in it before
  public Set<PersonId> add(Connection connection, String group, Collection<String> people)
      throws SQLException {
    var statements = new Statements(connection);
    var added = new HashSet<PersonId>();
    for (var person : people) {
      var insert =
          """
          INSERT INTO provisioned_member (group_id, person) VALUES (?, ?) ON CONFLICT DO NOTHING
          """;
      if (statements.update(insert, group, person) > 0) {
        added.add(new PersonId(person));
      }
    }
    return added;
  }

  /// Takes people out of a group that the caller has locked.
  ///
  /// @return who was in it before
  public Set<PersonId> remove(Connection connection, String group, Collection<String> people)
      throws SQLException {
    var statements = new Statements(connection);
    var removed = new HashSet<PersonId>();
    for (var person : people) {
      var delete = "DELETE FROM provisioned_member WHERE group_id = ? AND person = ?";
      if (statements.update(delete, group, person) > 0) {
        removed.add(new PersonId(person));
      }
    }
    return removed;
  }

  public List<String> members(Connection connection, String group) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT person FROM provisioned_member WHERE group_id = ? ORDER BY person",
            rows -> rows.getString(1),
            group);
  }

  /// A group that somebody is in.
  ///
  /// @param direct whether they are in it themselves, and not in a group that is in it
  public record Membership(ProvisionedGroup group, boolean direct) {}

  /// The groups that each of these people is in, however deep; each once.
  public Map<String, List<Membership>> membershipsOf(
      Connection connection, Collection<String> people) throws SQLException {
    var statements = new Statements(connection);
    var memberships = new HashMap<String, List<Membership>>();
    for (var part : Chunks.of(List.copyOf(people), Statements.MOST_IN_LIST)) {
      var values = new ArrayList<Object>(part);
      values.addAll(List.of(source.name(), source.organisation()));
      statements.list(
          MEMBERSHIPS.formatted(Statements.inList(part)),
          rows ->
              memberships
                  .computeIfAbsent(rows.getString("person"), _ -> new ArrayList<>())
                  .add(new Membership(read(rows), rows.getLong("depth") == 0)),
          values.toArray());
    }
    return memberships;
  }

  private static ProvisionedGroup read(ResultSet rows) throws SQLException {
    return new ProvisionedGroup(
        rows.getString("id"),
        rows.getString("display_name"),
        Optional.ofNullable(rows.getString("external_id")),
        ProvisionedPeople.revision(rows));
  }
}
