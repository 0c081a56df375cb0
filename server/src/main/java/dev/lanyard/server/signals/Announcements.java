package dev.lanyard.server.signals;

import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.signals.outbound.CallAnnouncements;
import dev.lanyard.server.signals.outbound.LogoutAnnouncements;
import dev.lanyard.server.signals.outbound.PersonIncident;
import dev.lanyard.server.signals.transmitter.EventAnnouncements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Writes down, in the transaction of kills, who outside must hear of them: receivers of our
/// streams, clients with a back-channel logout, those whom we call for a revocation (DPR-5, BCL-5).
/// Of many who are killed at once together, since others wait for the end of that transaction.
///
/// **What comes round does not go round again:** see
/// [dev.lanyard.server.signals.outbound.LoopPrevention].
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
    letters.addAll(LogoutAnnouncements.put(connection, ours));
    letters.addAll(calls.put(connection, ours));
    outbox.appendAll(connection, letters);
    events.put(connection, ours);
  }
}
