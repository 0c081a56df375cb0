package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.sessions.SessionClients;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Writes down which clients hear of the end of which session, by a back-channel logout (BCL-5).
public final class LogoutAnnouncements {
  private LogoutAnnouncements() {}

  /// Also forgets who was in those sessions: each hears of it once.
  ///
  /// @return the messages that are to be sent
  public static List<Delivery> put(Connection connection, List<PersonIncident> incidents)
      throws SQLException {
    if (!SessionClients.any(connection)) {
      return List.of();
    }
    var bySession = new HashMap<String, PersonIncident>();
    var byPerson = new HashMap<String, PersonIncident>();
    for (var one : incidents) {
      var sessions = one.sessions();
      sessions.forEach(session -> bySession.putIfAbsent(session, one));
      if (sessions.isEmpty() && one.has(Effect.END_SESSIONS)) {
        byPerson.putIfAbsent(one.personId(), one);
      }
    }
    // A client hears once of the end of a session, also if two of them tell of it.
    var parts = new LinkedHashSet<SessionClients.Part>();
    parts.addAll(SessionClients.ofSessions(connection, bySession.keySet()));
    parts.addAll(
        SessionClients.ofPeople(
            connection, byPerson.keySet(), incidents.getFirst().incident().at()));
    var letters = new ArrayList<Delivery>();
    for (var part : parts) {
      var cause =
          Optional.ofNullable(bySession.get(part.session()))
              .orElseGet(() -> Objects.requireNonNull(byPerson.get(part.person())));
      letters.add(logout(part, cause));
    }
    SessionClients.forget(connection, parts);
    return letters;
  }

  private static Delivery logout(SessionClients.Part part, PersonIncident cause) {
    var body =
        JsonObject.builder()
            .put("client", part.client())
            .put("session", part.session())
            .put("person", part.person())
            .build();
    return cause.delivery(LogoutCourier.KIND, part.client(), body);
  }
}
