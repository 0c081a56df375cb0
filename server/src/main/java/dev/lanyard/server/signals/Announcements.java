package dev.lanyard.server.signals;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.sessions.SessionClients;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Writes down, in the transaction of kills, who outside must hear of them: receivers of our
/// streams, clients with a back-channel logout, those whom we call for a revocation (DPR-5, BCL-5).
/// Of many who are killed at once together, since others wait for the end of that transaction.
///
/// **What comes round does not go round again:** see [Told].
final class Announcements implements Downstream {
  private final String organisation;
  private final CallAnnouncements calls;
  private final EventAnnouncements events;
  private final Outbox outbox;

  Announcements(
      String organisation, CallAnnouncements calls, EventAnnouncements events, Outbox outbox) {
    this.organisation = organisation;
    this.calls = calls;
    this.events = events;
    this.outbox = outbox;
  }

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var ours =
        incidents.stream()
            .flatMap(incident -> PersonIncident.of(incident, organisation).stream())
            .toList();
    if (ours.isEmpty()) {
      return;
    }
    var letters = new ArrayList<Delivery>();
    letters.addAll(logouts(connection, ours));
    letters.addAll(calls.put(connection, ours));
    outbox.appendAll(connection, letters);
    events.put(connection, ours);
  }

  private static List<Delivery> logouts(Connection connection, List<PersonIncident> incidents)
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
