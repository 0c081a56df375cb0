package dev.lanyard.server.revocation;

import dev.lanyard.server.sessions.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Whose sessions end, each up to which beginning. For one thread.
///
/// What is denied of a person goes by dates. Of what happened a while ago it reaches no further
/// than that, and a session that ends by it may have got tokens since: such sessions are denied by
/// name.
final class SessionEnds {
  /// With all that came of the sessions.
  private final Map<String, Instant> everything = new LinkedHashMap<>();

  /// With what stands on them at the broker alone.
  private final Map<String, Instant> signIns = new LinkedHashMap<>();

  void add(String person, Instant begunBy, boolean withAll) {
    (withAll ? everything : signIns)
        .merge(person, begunBy, (one, other) -> one.isAfter(other) ? one : other);
  }

  /// Ends them in the record.
  ///
  /// @return what is to be denied by name, with the denial of the person that it completes
  Map<Denied, Denied> write(Connection connection, SessionStore sessions, Instant now)
      throws SQLException {
    var byName = new LinkedHashMap<Denied, Denied>();
    // First those of whom more is dead.
    byName.putAll(write(connection, sessions, everything, now, Denied::session, Denied::person));
    byName.putAll(write(connection, sessions, signIns, now, Denied::signInOf, Denied::signIn));
    return byName;
  }

  private static Map<Denied, Denied> write(
      Connection connection,
      SessionStore sessions,
      Map<String, Instant> ends,
      Instant now,
      Function<String, Denied> ofSession,
      Function<String, Denied> ofPerson)
      throws SQLException {
    var late = new HashMap<>(ends);
    late.values().removeIf(begunBy -> !begunBy.isBefore(now));
    var inTime = new HashMap<>(ends);
    inTime.keySet().removeAll(late.keySet());
    sessions.endAll(connection, inTime, now);
    var byName = new HashMap<Denied, Denied>();
    sessions
        .endLate(connection, late, now)
        .forEach((session, person) -> byName.put(ofSession.apply(session), ofPerson.apply(person)));
    return byName;
  }
}
