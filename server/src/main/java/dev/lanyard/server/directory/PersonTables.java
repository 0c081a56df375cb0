package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Writing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tables `person`, `person_group` and `person_link`, in one transaction of the caller's.
final class PersonTables {
  private static final String PERSON =
      "SELECT id, organisation, user_name, user_name_key, given_user_name_key, email,"
          + " email_verified, display_name, active, deleted_at FROM person";
  private static final String CLAIMED = "SELECT person, group_name FROM person_group";
  private static final String PROVISIONED =
      """
      SELECT provisioned_member.person, provisioned_group.display_name
      FROM provisioned_member
      JOIN provisioned_group ON provisioned_group.id = provisioned_member.group_id\
      """;

  /// What the groups are in that somebody is in, however deep.
  private static final String NESTED =
      """
      WITH RECURSIVE theirs(person, group_id) AS (
        SELECT provisioned_member.person, provisioned_nested.group_id
        FROM provisioned_nested
        JOIN provisioned_member ON provisioned_member.group_id = provisioned_nested.member_group%s
        UNION
        SELECT theirs.person, provisioned_nested.group_id
        FROM theirs JOIN provisioned_nested ON provisioned_nested.member_group = theirs.group_id
      )
      SELECT theirs.person, provisioned_group.display_name
      FROM theirs JOIN provisioned_group ON provisioned_group.id = theirs.group_id
      """;

  private static final String LINKS =
      "SELECT person, organisation, issuer, subject FROM person_link";

  private final Statements statements;
  private final HistoryTables history;

  PersonTables(Connection connection) {
    this.statements = new Statements(connection);
    this.history = new HistoryTables(connection);
  }

  List<Entry> all() throws SQLException {
    return entries("", "", new Object[0]);
  }

  /// Those of the people who are known.
  List<Entry> some(Collection<PersonId> ids) throws SQLException {
    var found = new ArrayList<Entry>();
    for (var part : Chunks.of(List.copyOf(ids), Statements.MOST_IN_LIST)) {
      var values = part.stream().map(PersonId::value).toArray();
      var in = Statements.inList(part);
      found.addAll(entries(" WHERE person IN " + in, " WHERE id IN " + in, values));
    }
    return found;
  }

  /// The groups that each of these people is in, in whatever way; who is in none is left out.
  Map<String, Set<String>> groups(List<PersonId> people) throws SQLException {
    var values = people.stream().map(PersonId::value).toArray();
    var of = " WHERE person IN " + Statements.inList(people);
    var names = new HashMap<String, String>();
    var groups = new HashMap<String, Set<String>>();
    for (var sql : List.of(CLAIMED + of, PROVISIONED + of, NESTED.formatted(of))) {
      names(sql, names, values)
          .forEach((person, theirs) ->
              groups.computeIfAbsent(person, _ -> new HashSet<>()).addAll(theirs));
    }
    return groups;
  }

  private List<Entry> entries(String ofPeople, String people, Object[] values) throws SQLException {
    // One copy of each name, however many people are in the group or the organisation.
    var names = new HashMap<String, String>();
    var claimed = names(CLAIMED + ofPeople, names, values);
    var provisioned = names(PROVISIONED + ofPeople, names, values);
    var nested = names(NESTED.formatted(ofPeople), names, values);
    var links = links(LINKS + ofPeople, names, values);
    return statements.list(
        PERSON + people,
        rows -> {
          var id = rows.getString("id");
          var told = claimed.getOrDefault(id, Set.of());
          var groups = new HashSet<>(told);
          groups.addAll(provisioned.getOrDefault(id, Set.of()));
          groups.addAll(nested.getOrDefault(id, Set.of()));
          return new Entry(person(rows, names, groups), told, links.getOrDefault(id, Set.of()));
        },
        values);
  }

  private Map<String, Set<String>> names(String sql, Map<String, String> names, Object[] values)
      throws SQLException {
    var groups = new HashMap<String, Set<String>>();
    statements.list(
        sql,
        rows -> {
          var name = once(names, rows.getString(2));
          return groups.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(name);
        },
        values);
    return groups;
  }

  private static String once(Map<String, String> names, String name) {
    return names.computeIfAbsent(name, same -> same);
  }

  private Map<String, Set<ExternalSubject>> links(
      String sql, Map<String, String> names, Object[] values) throws SQLException {
    var issuers = new HashMap<String, Issuer>();
    var links = new HashMap<String, Set<ExternalSubject>>();
    statements.list(
        sql,
        rows -> {
          var subject =
              new ExternalSubject(
                  once(names, rows.getString(2)),
                  issuers.computeIfAbsent(rows.getString(3), Issuer::new),
                  rows.getString(4));
          return links.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(subject);
        },
        values);
    return links;
  }

  private static Person person(ResultSet rows, Map<String, String> names, Set<String> groups)
      throws SQLException {
    var userName = rows.getString("user_name");
    return new Person(
        new PersonId(rows.getString("id")),
        once(names, rows.getString("organisation")),
        userName,
        rows.getString("user_name_key").equals(rows.getString("given_user_name_key")),
        // Most people's user name is their address: one copy of both.
        Optional.ofNullable(rows.getString("email"))
            .map(email -> email.equals(userName) ? userName : email),
        rows.getLong("email_verified") == 1,
        rows.getString("display_name"),
        standing(rows),
        groups);
  }

  private static Standing standing(ResultSet rows) throws SQLException {
    if (rows.getObject("deleted_at") != null) {
      return Standing.DELETED;
    }
    return rows.getLong("active") == 1 ? Standing.ACTIVE : Standing.DISABLED;
  }

  /// Whether the person was inserted: not if the user name is taken in the organisation.
  ///
  /// @param given as [Person#userNameGiven()]
  boolean insert(PersonId id, NewPerson person, boolean given, boolean active, Instant now)
      throws SQLException {
    var insert =
        """
        INSERT INTO person (id, organisation, user_name, user_name_key, given_user_name_key, email,
          email_verified, display_name, active, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    int inserted =
        statements.update(
            insert,
            id.value(),
            person.organisation(),
            person.userName(),
            Keys.userName(person.userName()),
            Optional.of(Keys.userName(person.userName())).filter(_ -> given),
            person.email(),
            person.emailVerified(),
            person.displayName(),
            active,
            now,
            now);
    if (inserted == 0) {
      return false;
    }
    insertGroups(id, person.groups());
    history.noteStanding(id, active ? Standing.ACTIVE : Standing.DISABLED, now);
    return true;
  }

  private void insertGroups(PersonId id, Collection<String> groups) throws SQLException {
    for (var group : groups) {
      statements.update(
          "INSERT INTO person_group (person, group_name) VALUES (?, ?)", id.value(), group);
    }
  }

  /// Removes a person who was inserted in the same transaction, so nothing refers to them yet.
  void takeBack(PersonId id) throws SQLException {
    statements.update("DELETE FROM person_group WHERE person = ?", id.value());
    statements.update("DELETE FROM person WHERE id = ?", id.value());
    history.takeBack(id);
  }

  /// Leaves nothing of a person but the id, and the subjects by which issuers mean them.
  ///
  /// @param addresses as [Traces#leave]
  boolean erase(PersonId id, Collection<String> addresses, Instant now) throws SQLException {
    new FormerAddresses(statements).note(List.of(id), now);
    new FormerUserNames(statements).note(id, Traces.nobodys(id), now);
    if (!Traces.leave(statements, id, addresses, now)) {
      return false;
    }
    history.noteStanding(id, Standing.DELETED, now);
    return true;
  }

  /// By which subjects issuers mean people.
  LinkTable links() {
    return new LinkTable(statements);
  }

  /// Whether there is such a person; also makes other transactions that touch the person wait.
  boolean touch(PersonId id, Instant now) throws SQLException {
    return statements.update("UPDATE person SET updated_at = ? WHERE id = ?", now, id.value()) > 0;
  }

  /// Notes that groups were said then, unless something newer was or the person is deleted; also
  /// makes other transactions that touch the person wait.
  boolean noteGroupsSaid(PersonId id, Instant saidAt, Instant newest) throws SQLException {
    return statements.update(
            """
            UPDATE person SET groups_said_at = ?
            WHERE id = ? AND deleted_at IS NULL AND groups_said_at <= ?
            """,
            saidAt,
            id.value(),
            newest)
        > 0;
  }

  /// The groups that no source keeps.
  Set<String> told(PersonId id) throws SQLException {
    return Set.copyOf(
        statements.list(
            "SELECT group_name FROM person_group WHERE person = ?",
            rows -> rows.getString(1),
            id.value()));
  }

  /// Whom a source calls so.
  List<PersonId> byExternalId(String externalId) throws SQLException {
    return statements.list(
        "SELECT person FROM provisioned_person WHERE external_id = ?",
        rows -> new PersonId(rows.getString(1)),
        externalId);
  }

  /// Whether a source keeps the person.
  boolean isProvisioned(PersonId id) throws SQLException {
    return keeper(id).isPresent();
  }

  /// Which source keeps the person.
  Optional<String> keeper(PersonId id) throws SQLException {
    return statements.first(
        "SELECT source FROM provisioned_person WHERE person = ?",
        row -> row.getString(1),
        id.value());
  }

  /// @return whether they were others before
  boolean replaceGroups(PersonId id, Set<String> groups, Instant now) throws SQLException {
    if (groups.equals(told(id))) {
      return false;
    }
    statements.update("UPDATE person SET updated_at = ? WHERE id = ?", now, id.value());
    statements.update("DELETE FROM person_group WHERE person = ?", id.value());
    insertGroups(id, groups);
    return true;
  }

  /// Whoever is deleted is not switched on again.
  static void setActive(Writing writes, Collection<PersonId> ids, boolean active, Instant now)
      throws SQLException {
    // In one order everywhere: two transactions that share people must not wait for each other.
    var inOrder = ids.stream().sorted(Comparator.comparing(PersonId::value)).toList();
    for (var part : Chunks.of(inOrder, Statements.MOST_IN_LIST)) {
      HistoryTables.noteActive(writes, part, active, now);
      var values = new ArrayList<Object>(List.of(active, now));
      part.forEach(id -> values.add(id.value()));
      writes.write(
          "UPDATE person SET active = ?, updated_at = ? WHERE deleted_at IS NULL AND id IN "
              + Statements.inList(part),
          values.toArray());
    }
  }

  /// Who of them is off and can be switched on.
  Set<PersonId> inactive(Collection<PersonId> ids) throws SQLException {
    return new HashSet<>(
        statements.among(
            "SELECT id FROM person WHERE active = 0 AND deleted_at IS NULL AND id IN",
            ids.stream().map(PersonId::value).toList(),
            rows -> new PersonId(rows.getString(1))));
  }

  /// Everybody who is off and can be switched on.
  Set<PersonId> inactive() throws SQLException {
    return Set.copyOf(
        statements.list(
            "SELECT id FROM person WHERE active = 0 AND deleted_at IS NULL",
            rows -> new PersonId(rows.getString(1))));
  }

  void forgetAddresses(Collection<PersonId> ids, Instant now) throws SQLException {
    new FormerAddresses(statements).note(ids, now);
    statements.each(
        "UPDATE person SET email = NULL, updated_at = ? WHERE id = ?",
        ids.stream().map(id -> new Object[] {now, id.value()}).toList());
  }

  /// Whether the person had the former one.
  boolean replaceAddress(PersonId id, String former, String address, Instant now)
      throws SQLException {
    touch(id, now);
    var has =
        statements.first(
            "SELECT email FROM person WHERE id = ? AND deleted_at IS NULL AND email IS NOT NULL",
            row -> row.getString(1),
            id.value());
    if (has.filter(one -> Keys.email(one).equals(Keys.email(former))).isEmpty()) {
      return false;
    }
    new FormerAddresses(statements).noteUnless(id, Optional.of(address), now);
    statements.update(
        "UPDATE person SET email = ?, email_verified = ? WHERE id = ?", address, true, id.value());
    return true;
  }
}
