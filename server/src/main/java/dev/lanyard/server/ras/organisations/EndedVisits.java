package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Incident;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Ends the ways into an organisation's page in the transaction of the kill: of the organisation,
/// of an issuer that it has proved, and of everything. Whoever is stopped could enrol another
/// issuer there and come back through it.
///
/// When an organisation or its issuer is stopped, nobody comes back by signing in either: who
/// administers is the operator's to say, by a new code. Of an issuer nothing else ends a visit:
/// whatever the page itself takes away is such a kill. What ends a person is asked when they come.
public final class EndedVisits implements Downstream {
  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    for (var incident : incidents) {
      var what = incident.signal().what();
      if (what != Happening.ENABLED) {
        boolean isStop = what.effects().contains(Effect.SWITCH_OFF);
        for (var denied : incident.denied()) {
          end(new OrganisationTables(connection), denied, isStop, incident);
        }
      }
    }
  }

  private static void end(
      OrganisationTables tables, Denied denied, boolean isStop, Incident incident)
      throws SQLException {
    switch (denied.kind()) {
      case ALL -> tables.endAllVisits();
      case ORGANISATION -> end(tables, denied.value(), isStop, incident);
      case ISSUER -> {
        if (isStop) {
          var holder = tables.holder(new Issuer(denied.value()));
          if (holder.isPresent()) {
            end(tables, holder.get(), true, incident);
          }
        }
      }
      default -> {
        // About a part of what somebody has.
      }
    }
  }

  /// Whoever is coming in waits, or is waited for.
  private static void end(
      OrganisationTables tables, String organisation, boolean isStop, Incident incident)
      throws SQLException {
    if (tables.lock(organisation, incident.at()).isEmpty()) {
      return;
    }
    if (isStop) {
      tables.withdrawAll(organisation);
    } else {
      tables.access().endAll(organisation);
    }
  }
}
