package dev.lanyard.server.directory;

import dev.lanyard.server.database.Appended;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The people of one source, in transactions of the caller's. Other sources' people do not exist
/// here. Thread-safe.
///
/// **Nobody is switched on or off here:** that is for `revocation`, in the same transaction. Only
/// who is created begins as the source says.
public final class ProvisionedPeople {
  private static final String SELECT =
      """
      SELECT person.id, person.user_name, person.display_name, person.email,
        provisioned_person.external_id, provisioned_person.active, provisioned_person.attributes,
        provisioned_person.version, provisioned_person.created_at, provisioned_person.modified_at
      FROM provisioned_person
      JOIN person ON person.id = provisioned_person.person
      WHERE provisioned_person.source = ? AND person.organisation = ?
      """;

  private static final String ORDER =
      " ORDER BY provisioned_person.created_at, provisioned_person.person LIMIT ?";

  private final Source source;
  private final Announcer announcer;
  private final InstantSource clock;
  private final SecureRandom random;

  ProvisionedPeople(Source source, Announcer announcer, InstantSource clock, SecureRandom random) {
    this.source = source;
    this.announcer = announcer;
    this.clock = clock;
    this.random = random;
  }

  /// What people are looked up by.
  public sealed interface Key {
    record Id(String id) implements Key {}

    /// In whatever case.
    record UserName(String userName) implements Key {}

    record ExternalId(String externalId) implements Key {}

    /// Any address of theirs, as [Directory#findByEmail] compares.
    record Email(String email) implements Key {}
  }

  /// Creates a person, unless the user name is taken in the organisation, by whomever.
  public Optional<PersonId> insert(Connection connection, Profile profile, boolean active)
      throws SQLException {
    var id = PersonId.random(random);
    var person =
        new NewPerson(
            source.organisation(),
            profile.userName(),
            profile.email(),
            profile.displayName(),
            Set.of());
    if (!new PersonTables(connection).insert(id, person, true, active, clock.instant())) {
      return Optional.empty();
    }
    own(connection, id, profile, active);
    return Optional.of(id);
  }

  /// Makes a person that no source keeps one of this source's. Whoever is deleted stays so.
  ///
  /// @return whether the person is this source's now
  public boolean adopt(Connection connection, PersonId id, Profile profile, boolean active)
      throws SQLException {
    var statements = new Statements(connection);
    var free =
        """
        UPDATE person SET updated_at = ? WHERE id = ? AND organisation = ? AND deleted_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM provisioned_person WHERE person = person.id)
        """;
    var now = clock.instant();
    if (statements.update(free, now, id.value(), source.organisation()) == 0) {
      return false;
    }
    own(connection, id, profile, active);
    return updatePerson(statements, id, profile, now);
  }

  private void own(Connection connection, PersonId id, Profile profile, boolean active)
      throws SQLException {
    var statements = new Statements(connection);
    var now = clock.instant();
    statements.update(
        """
        INSERT INTO provisioned_person
          (person, source, external_id, active, attributes, version, created_at, modified_at)
        VALUES (?, ?, ?, ?, ?, 1, ?, ?)
        """,
        id.value(),
        source.name(),
        profile.externalId(),
        active,
        profile.attributes(),
        now,
        now);
    putEmails(statements, id, profile);
  }

  /// Makes a subject of an issuer mean this person, unless it means somebody else who is there.
  public boolean link(Connection connection, PersonId id, ExternalSubject subject)
      throws SQLException {
    var tables = new PersonTables(connection);
    return tables.links().insert(id, subject, clock.instant())
        || tables.links().inherit(id, subject)
        || tables.links().person(subject).filter(id::equals).isPresent();
  }

  /// Makes a subject mean nobody, if it means this person.
  public void unlink(Connection connection, PersonId id, ExternalSubject subject)
      throws SQLException {
    new PersonTables(connection).links().remove(id, subject);
  }

  /// Whom a subject of an issuer means.
  public Optional<PersonId> linked(Connection connection, ExternalSubject subject)
      throws SQLException {
    return new PersonTables(connection).links().person(subject);
  }

  /// Who has the user name in the organisation, whichever source keeps them.
  public Optional<PersonId> holder(Connection connection, String userName) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT id FROM person WHERE organisation = ? AND user_name_key = ?",
            rows -> new PersonId(rows.getString(1)),
            source.organisation(),
            Keys.userName(userName));
  }

  /// The people, with all other transactions that would change one of them waiting.
  ///
  /// @return those whom this source has
  public Map<PersonId, ProvisionedPerson> lock(Connection connection, Collection<PersonId> people)
      throws SQLException {
    var statements = new Statements(connection);
    var ids = people.stream().map(PersonId::value).distinct().sorted().toList();
    var locked = new HashMap<PersonId, ProvisionedPerson>();
    for (var part : Chunks.of(ids, Statements.MOST_IN_LIST)) {
      // Not the rows of `person`: a kill takes those after others of its own.
      statements.update(
          "UPDATE provisioned_person SET version = version WHERE person IN "
              + Statements.inList(part),
          part.toArray());
      var values = new ArrayList<Object>(List.of(source.name(), source.organisation()));
      values.addAll(part);
      statements
          .list(
              SELECT + " AND person.id IN " + Statements.inList(part),
              ProvisionedPeople::read,
              values.toArray())
          .forEach(person -> locked.put(person.id(), person));
    }
    return locked;
  }

  public List<ProvisionedPerson> find(Connection connection, Key key) throws SQLException {
    var statements = new Statements(connection);
    return switch (key) {
      case Key.Id(var id) -> select(statements, " AND person.id = ?", id);
      case Key.UserName(var name) ->
          select(statements, " AND person.user_name_key = ?", Keys.userName(name));
      case Key.ExternalId(var id) ->
          select(statements, " AND provisioned_person.external_id = ?", id);
      case Key.Email(var email) ->
          select(
              statements,
              " AND person.id IN (SELECT person FROM provisioned_email WHERE email_key = ?)",
              Keys.email(email));
    };
  }

  /// The next people behind a place, or the first.
  public List<ProvisionedPerson> after(Connection connection, Optional<Position> place, int limit)
      throws SQLException {
    var statements = new Statements(connection);
    var from = place.orElse(new Position(Instant.EPOCH, ""));
    return statements.list(
        SELECT
            + " AND (provisioned_person.created_at > ? OR (provisioned_person.created_at = ?"
            + " AND provisioned_person.person > ?))"
            + ORDER,
        ProvisionedPeople::read,
        source.name(),
        source.organisation(),
        from.createdAt(),
        from.createdAt(),
        from.id(),
        limit);
  }

  /// A page by number.
  public List<ProvisionedPerson> page(Connection connection, int skip, int limit)
      throws SQLException {
    return new Statements(connection)
        .list(
            SELECT + ORDER + " OFFSET ?",
            ProvisionedPeople::read,
            source.name(),
            source.organisation(),
            limit,
            skip);
  }

  public int count(Connection connection) throws SQLException {
    return new Statements(connection)
        .first(
            """
            SELECT COUNT(*) FROM provisioned_person
            JOIN person ON person.id = provisioned_person.person
            WHERE provisioned_person.source = ? AND person.organisation = ?
            """,
            rows -> rows.getInt(1),
            source.name(),
            source.organisation())
        .orElse(0);
  }

  private List<ProvisionedPerson> select(Statements statements, String condition, String value)
      throws SQLException {
    return statements.list(
        SELECT + condition + ORDER,
        ProvisionedPeople::read,
        source.name(),
        source.organisation(),
        value,
        Integer.MAX_VALUE);
  }

  /// Makes the source's person what it says now; the caller has locked them.
  ///
  /// @return whether the user name is free; if not, nothing was changed
  public boolean update(Connection connection, PersonId id, Profile profile, boolean active)
      throws SQLException {
    var statements = new Statements(connection);
    var now = clock.instant();
    if (!updatePerson(statements, id, profile, now)) {
      return false;
    }
    statements.update(
        """
        UPDATE provisioned_person
        SET external_id = ?, active = ?, attributes = ?, version = version + 1, modified_at = ?
        WHERE person = ?
        """,
        profile.externalId(),
        active,
        profile.attributes(),
        now,
        id.value());
    putEmails(statements, id, profile);
    return true;
  }

  /// Notes that the source says of people that they are active, or not, and nothing else new; the
  /// caller has locked them.
  public void say(Connection connection, Map<PersonId, Boolean> active) throws SQLException {
    for (var said : List.of(true, false)) {
      var people =
          active.keySet().stream()
              .filter(id -> said.equals(active.get(id)))
              .map(PersonId::value)
              .toList();
      for (var part : Chunks.of(people, Statements.MOST_IN_LIST)) {
        var values = new ArrayList<Object>(List.of(said, clock.instant()));
        values.addAll(part);
        new Statements(connection)
            .update(
                "UPDATE provisioned_person SET active = ?, version = version + 1, modified_at = ?"
                    + " WHERE person IN "
                    + Statements.inList(part),
                values.toArray());
      }
    }
  }

  private boolean updatePerson(Statements statements, PersonId id, Profile profile, Instant now)
      throws SQLException {
    var key = Keys.userName(profile.userName());
    var taken =
        statements.first(
            "SELECT id FROM person WHERE organisation = ? AND user_name_key = ? AND id <> ?",
            rows -> rows.getString(1),
            source.organisation(),
            key,
            id.value());
    if (taken.isEmpty()) {
      new FormerAddresses(statements).noteUnless(id, profile.email(), now);
      new FormerUserNames(statements).note(id, profile.userName(), now);
    }
    return taken.isEmpty()
        && statements.update(
                """
                UPDATE person SET user_name = ?, user_name_key = ?, given_user_name_key = ?,
                  email = ?, email_verified = 1, display_name = ?, updated_at = ?
                WHERE id = ?
                """,
                profile.userName(),
                key,
                key,
                profile.email(),
                profile.displayName(),
                now,
                id.value())
            > 0;
  }

  private static void putEmails(Statements statements, PersonId id, Profile profile)
      throws SQLException {
    statements.update("DELETE FROM provisioned_email WHERE person = ?", id.value());
    for (var key : profile.emails().stream().map(Keys::email).distinct().toList()) {
      statements.update(
          "INSERT INTO provisioned_email (person, email_key) VALUES (?, ?)", id.value(), key);
    }
  }

  /// Notes the groups that people are in now: for those of whom `revocation` tells the nodes,
  /// before their groups have changed.
  public void noteGroups(Connection connection, Collection<PersonId> people) throws SQLException {
    new HistoryTables(connection).noteGroups(people, clock.instant());
  }

  /// Tells every node, this one too, that people have changed.
  ///
  /// @return the change; empty if nobody has changed
  public Optional<Appended> announce(Connection connection, Set<PersonId> people)
      throws SQLException {
    return announcer.announce(connection, people);
  }

  private static ProvisionedPerson read(ResultSet rows) throws SQLException {
    var profile =
        new Profile(
            rows.getString("user_name"),
            Optional.ofNullable(rows.getString("external_id")),
            rows.getString("display_name"),
            Optional.ofNullable(rows.getString("email")),
            Set.of(),
            rows.getString("attributes"));
    return new ProvisionedPerson(
        new PersonId(rows.getString("id")), profile, rows.getLong("active") == 1, revision(rows));
  }

  static Revision revision(ResultSet rows) throws SQLException {
    return new Revision(
        rows.getLong("version"),
        Instant.ofEpochMilli(rows.getLong("created_at")),
        Instant.ofEpochMilli(rows.getLong("modified_at")));
  }
}
