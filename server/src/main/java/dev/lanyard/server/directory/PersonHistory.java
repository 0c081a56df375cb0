package dev.lanyard.server.directory;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What people were at a time: how they stood, and in which groups. As exact as the clocks of the
/// nodes that wrote it. Thread-safe.
public final class PersonHistory {
  private static final String STANDING =
      """
      SELECT person, standing FROM person_standing
      WHERE since = (
        SELECT MAX(since) FROM person_standing latest
        WHERE latest.person = person_standing.person AND latest.since <= ?)
      """;

  private static final String MEMBERSHIP =
      """
      SELECT person, group_name FROM person_membership
      WHERE since <= ? AND (left_at IS NULL OR left_at > ?)
      """;

  /// Those who were there and not active: the cheap question first, since nearly everybody is.
  private static final String OTHERS =
      STANDING
          .replace("SELECT person, standing", "SELECT person")
          .replace("WHERE since = (", "WHERE standing <> 'active' AND since = (");

  private static final String ALL =
      "SELECT COUNT(DISTINCT person) FROM person_standing WHERE since <= ?";

  /// A name that has it would count as two, which gives nobody anything.
  private static final String SEPARATOR = "\u001f";

  private static final String GROUPS =
      """
      SELECT theirs.person, MIN(organisation), string_agg(group_name, ?)
      FROM person_membership theirs JOIN person ON person.id = theirs.person
      WHERE since <= ? AND (left_at IS NULL OR left_at > ?)
      GROUP BY theirs.person
      """;

  private final Database database;

  public PersonHistory(Database database) {
    this.database = database;
  }

  /// Is told of somebody.
  @FunctionalInterface
  public interface Reader {
    void read(String person, String organisation, Collection<String> groups);
  }

  /// What somebody was.
  public record Past(Standing standing, Set<String> groups) {
    public Past {
      groups = Set.copyOf(groups);
    }
  }

  /// Before this nothing is known, because nobody wrote it down; empty if it begins with the
  /// installation.
  public Optional<Instant> begins() {
    return database.read(connection ->
        new Statements(connection)
            .first("SELECT MAX(begins_at) FROM access_history", rows -> rows.getLong(1))
            .filter(millis -> millis > 0)
            .map(Instant::ofEpochMilli));
  }

  /// What somebody was at that instant; empty if they were not there yet.
  public Optional<Past> of(PersonId person, Instant at) {
    return Optional.ofNullable(
        database
            .read(connection -> read(connection, at, List.of(person.value())))
            .get(person.value()));
  }

  /// What some people were at that instant, by id; whoever was not there yet is left out.
  public Map<String, Past> of(Collection<PersonId> people, Instant at) {
    return database.read(connection -> {
      var past = new HashMap<String, Past>();
      var ids = people.stream().map(PersonId::value).toList();
      for (var some : Chunks.of(ids, Statements.MOST_IN_LIST)) {
        past.putAll(read(connection, at, some));
      }
      return past;
    });
  }

  /// Who was in one of these groups at that instant.
  public Set<PersonId> members(Collection<String> groups, Instant at) {
    return database.read(connection ->
        Set.copyOf(
            new Statements(connection)
                .among(
                    MEMBERSHIP + " AND group_name IN",
                    groups,
                    rows -> new PersonId(rows.getString(1)),
                    at,
                    at)));
  }

  /// What everybody was at that instant, by id; whoever was not there yet is left out.
  public Map<String, Past> everybody(Instant at) {
    return database.read(connection -> read(connection, at, List.of()));
  }

  /// Hands on everybody who was active at that instant and in a group, with their organisation and
  /// their groups, each once; for counting very many people, of whom [#everybody] would keep too
  /// much.
  ///
  /// @return how many were active, those without a group among them
  public int eachActive(Instant at, Reader reader) {
    return database.read(connection -> {
      var statements = new Statements(connection);
      var others = new HashSet<>(statements.list(OTHERS, rows -> rows.getString(1), at));
      var _ =
          statements.list(
              GROUPS,
              rows -> {
                var person = rows.getString(1);
                if (!others.contains(person)) {
                  reader.read(
                      person, rows.getString(2), Arrays.asList(rows.getString(3).split(SEPARATOR)));
                }
                return 0;
              },
              SEPARATOR,
              at,
              at);
      int all = statements.first(ALL, rows -> rows.getInt(1), at).orElse(0);
      return all - others.size();
    });
  }

  /// @param people everybody if these are none
  private static Map<String, Past> read(Connection connection, Instant at, List<String> people)
      throws SQLException {
    var statements = new Statements(connection);
    var and = people.isEmpty() ? "" : " AND person IN " + Statements.inList(people);
    var groups = new HashMap<String, Set<String>>();
    statements.list(
        MEMBERSHIP + and,
        rows ->
            groups.computeIfAbsent(rows.getString(1), _ -> new HashSet<>()).add(rows.getString(2)),
        values(people, at, at));
    var past = new HashMap<String, Past>();
    statements.list(
        STANDING + and,
        rows ->
            past.put(
                rows.getString(1),
                new Past(
                    Standing.named(rows.getString(2)),
                    groups.getOrDefault(rows.getString(1), Set.of()))),
        values(people, at));
    return past;
  }

  private static Object[] values(List<String> last, Object... first) {
    return Stream.concat(Arrays.stream(first), last.stream()).toArray();
  }
}
