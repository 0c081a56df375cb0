package dev.lanyard.server.directory;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Tells every node which people have changed; what they are now each reads in the record. And
/// notes their groups for later: every change of them is told, so none is missed.
final class Announcer {
  static final String CHANGE = "person";

  private static final String READ = "ids";
  private static final String OFF = "off";

  /// One change stays well below the size that a reader of JSON takes.
  private static final int MOST_IN_CHANGE = 1000;

  private final ChangeFeed changes;
  private final InstantSource clock;

  Announcer(ChangeFeed changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  /// @return the last change; empty if nobody has changed
  Optional<Appended> announce(Connection connection, Collection<PersonId> people)
      throws SQLException {
    return announce(connection, people, Set.of());
  }

  /// @param people who has to be read again
  /// @param off who is switched off: every node knows it before it has read anything. Nobody reads
  ///   those again who are not among the people
  /// @return the last change; empty if nobody has changed
  Optional<Appended> announce(Connection connection, Collection<PersonId> people, Set<PersonId> off)
      throws SQLException {
    // Who is switched off keeps their groups, and a kill waits for nothing.
    new HistoryTables(connection)
        .noteGroups(
            people.stream().filter(one -> !off.contains(one)).distinct().toList(), clock.instant());
    var last = Optional.<Appended>empty();
    var again = Set.copyOf(people);
    var all = Stream.concat(again.stream(), off.stream()).distinct().toList();
    for (var part : Chunks.of(all, MOST_IN_CHANGE)) {
      var body = JsonObject.builder();
      put(body, READ, part.stream().filter(again::contains));
      put(body, OFF, part.stream().filter(off::contains));
      last = Optional.of(changes.append(connection, CHANGE, body.build()));
    }
    return last;
  }

  private static void put(JsonObject.Builder body, String member, Stream<PersonId> people) {
    var ids = people.map(PersonId::value).toList();
    if (!ids.isEmpty()) {
      body.put(member, ids);
    }
  }

  /// Who has to be read again.
  static Set<PersonId> people(List<Change> changes) {
    var people = new HashSet<PersonId>();
    for (var change : changes) {
      // Changes of an older version name one person.
      people.addAll(named(change, "id"));
      people.addAll(named(change, READ));
    }
    return people;
  }

  /// Who is switched off.
  static Set<PersonId> off(List<Change> changes) {
    var people = new HashSet<PersonId>();
    for (var change : changes) {
      people.addAll(named(change, OFF));
    }
    return people;
  }

  private static List<PersonId> named(Change change, String member) {
    try {
      var body = change.body();
      var ids =
          member.equals("id")
              ? body.string(member).stream().toList()
              : body.strings(member).orElse(List.of());
      return ids.stream().map(PersonId::new).toList();
    } catch (MalformedException e) {
      throw new IllegalStateException("a change of a person cannot be read", e);
    }
  }
}
