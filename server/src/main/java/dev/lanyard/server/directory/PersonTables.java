package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tables `person`, `person_group` and `person_link`, in one transaction of the caller's.
final class PersonTables {
  private static final String PERSON =
      "SELECT id, organisation, user_name, email, display_name, active FROM person";
  private static final String GROUPS = "SELECT person, group_name FROM person_group";
  private static final String LINKS =
      "SELECT person, organisation, issuer, subject FROM person_link";

  private final Connection connection;

  PersonTables(Connection connection) {
    this.connection = connection;
  }

  List<Entry> all() throws SQLException {
    var groups = new HashMap<String, Set<String>>();
    var links = new HashMap<String, Set<ExternalSubject>>();
    try (var statement = connection.prepareStatement(GROUPS)) {
      readGroups(statement, groups);
    }
    try (var statement = connection.prepareStatement(LINKS)) {
      readLinks(statement, links);
    }
    try (var statement = connection.prepareStatement(PERSON)) {
      return readPeople(statement, groups, links);
    }
  }

  Optional<Entry> one(PersonId id) throws SQLException {
    var groups = new HashMap<String, Set<String>>();
    var links = new HashMap<String, Set<ExternalSubject>>();
    try (var statement = prepare(GROUPS + " WHERE person = ?", id.value())) {
      readGroups(statement, groups);
    }
    try (var statement = prepare(LINKS + " WHERE person = ?", id.value())) {
      readLinks(statement, links);
    }
    try (var statement = prepare(PERSON + " WHERE id = ?", id.value())) {
      return readPeople(statement, groups, links).stream().findFirst();
    }
  }

  /// Whether the person was inserted: not if the user name is taken in the organisation.
  boolean insert(PersonId id, NewPerson person, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO person (id, organisation, user_name, user_name_key, email, display_name,
          active, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    try (var statement =
        prepare(
            insert,
            id.value(),
            person.organisation(),
            person.userName(),
            Keys.userName(person.userName()),
            person.email(),
            person.displayName(),
            now.toEpochMilli(),
            now.toEpochMilli())) {
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    insertGroups(id, person.groups());
    return true;
  }

  private void insertGroups(PersonId id, Collection<String> groups) throws SQLException {
    for (var group : groups) {
      update("INSERT INTO person_group (person, group_name) VALUES (?, ?)", id.value(), group);
    }
  }

  /// Removes a person who was inserted in the same transaction, so nothing refers to them yet.
  void takeBack(PersonId id) throws SQLException {
    update("DELETE FROM person_group WHERE person = ?", id.value());
    update("DELETE FROM person WHERE id = ?", id.value());
  }

  /// Whether the subject was linked: not if it was linked before, to whomever.
  boolean insertLink(PersonId id, ExternalSubject subject, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO person_link (organisation, issuer, subject, person, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    return update(
            insert,
            subject.organisation(),
            subject.issuer().value(),
            subject.subject(),
            id.value(),
            now.toEpochMilli())
        > 0;
  }

  Optional<PersonId> linked(ExternalSubject subject) throws SQLException {
    var select =
        "SELECT person FROM person_link WHERE organisation = ? AND issuer = ? AND subject = ?";
    try (var statement =
            prepare(select, subject.organisation(), subject.issuer().value(), subject.subject());
        var rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(new PersonId(rows.getString(1))) : Optional.empty();
    }
  }

  /// Whether there is such a person; also makes other transactions that touch the person wait.
  boolean touch(PersonId id, Instant now) throws SQLException {
    return update("UPDATE person SET updated_at = ? WHERE id = ?", now.toEpochMilli(), id.value())
        > 0;
  }

  void replaceGroups(PersonId id, Set<String> groups) throws SQLException {
    update("DELETE FROM person_group WHERE person = ?", id.value());
    insertGroups(id, groups);
  }

  boolean setActive(PersonId id, boolean active, Instant now) throws SQLException {
    return update(
            "UPDATE person SET active = ?, updated_at = ? WHERE id = ?",
            active ? 1L : 0L,
            now.toEpochMilli(),
            id.value())
        > 0;
  }

  private static void readGroups(PreparedStatement statement, Map<String, Set<String>> groups)
      throws SQLException {
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        groups.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(rows.getString(2));
      }
    }
  }

  private static void readLinks(
      PreparedStatement statement, Map<String, Set<ExternalSubject>> links) throws SQLException {
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        var subject =
            new ExternalSubject(
                rows.getString(2), new Issuer(rows.getString(3)), rows.getString(4));
        links.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(subject);
      }
    }
  }

  private static List<Entry> readPeople(
      PreparedStatement statement,
      Map<String, Set<String>> groups,
      Map<String, Set<ExternalSubject>> links)
      throws SQLException {
    var entries = new ArrayList<Entry>();
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        var id = rows.getString(1);
        var person = person(rows, groups.getOrDefault(id, Set.of()));
        entries.add(new Entry(person, links.getOrDefault(id, Set.of())));
      }
    }
    return entries;
  }

  private static Person person(ResultSet rows, Set<String> groups) throws SQLException {
    return new Person(
        new PersonId(rows.getString("id")),
        rows.getString("organisation"),
        rows.getString("user_name"),
        Optional.ofNullable(rows.getString("email")),
        rows.getString("display_name"),
        rows.getLong("active") == 1,
        groups);
  }

  private int update(String sql, Object... values) throws SQLException {
    try (var statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Optional<?> optional -> statement.setString(i + 1, (String) optional.orElse(null));
        case Long number -> statement.setLong(i + 1, number);
        default -> statement.setString(i + 1, (String) values[i]);
      }
    }
    return statement;
  }
}
