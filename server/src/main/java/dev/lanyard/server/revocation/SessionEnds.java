package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Writing;
import dev.lanyard.server.sessions.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

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
  /// @param writes takes what need not be known at once
  /// @return what is to be denied by name, with the denial of the person that it completes
  Map<Denied, Denied> write(
      Connection connection, Writing writes, SessionStore sessions, Instant now)
      throws SQLException {
    var byName = new LinkedHashMap<Denied, Denied>();
    // First those of whom more is dead.
    late(connection, sessions, everything, now)
        .forEach((session, person) -> byName.put(Denied.session(session), Denied.person(person)));
    late(connection, sessions, signIns, now)
        .forEach((session, person) -> byName.put(Denied.signInOf(session), Denied.signIn(person)));
    sessions.endAll(writes, inTime(everything, now), now);
    sessions.endAll(writes, inTime(signIns, now), now);
    return byName;
  }

  private static Map<String, String> late(
      Connection connection, SessionStore sessions, Map<String, Instant> ends, Instant now)
      throws SQLException {
    var late = new HashMap<>(ends);
    late.values().removeIf(begunBy -> !begunBy.isBefore(now));
    return sessions.endLate(connection, late, now);
  }

  private static Map<String, Instant> inTime(Map<String, Instant> ends, Instant now) {
    var inTime = new HashMap<>(ends);
    inTime.values().removeIf(begunBy -> begunBy.isBefore(now));
    return inTime;
  }
}
