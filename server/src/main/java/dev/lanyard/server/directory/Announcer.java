package dev.lanyard.server.directory;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/// Tells every node which people have changed; what they are now each reads in the record.
final class Announcer {
  static final String CHANGE = "person";

  /// One change stays well below the size that a reader of JSON takes.
  private static final int MOST_IN_CHANGE = 1000;

  private final ChangeFeed changes;

  Announcer(ChangeFeed changes) {
    this.changes = changes;
  }

  /// @return the number of the last change; empty if nobody has changed
  OptionalLong announce(Connection connection, Collection<PersonId> people) throws SQLException {
    var ids = people.stream().map(PersonId::value).toList();
    var last = OptionalLong.empty();
    for (var part : Chunks.of(ids, MOST_IN_CHANGE)) {
      var body = JsonObject.builder().put("ids", part).build();
      last = OptionalLong.of(changes.append(connection, CHANGE, body));
    }
    return last;
  }

  static List<PersonId> people(JsonObject change) throws MalformedException {
    // Changes of an older version name one person.
    var one = change.string("id");
    var ids = new ArrayList<PersonId>();
    for (var id : one.isPresent() ? List.of(one.get()) : change.strings("ids").orElse(List.of())) {
      ids.add(new PersonId(id));
    }
    return ids;
  }
}
