package dev.lanyard.server.credentials;

import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Incident;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Ends grants in the transaction of the kill: of a person when everything that was issued for them
/// is dead, of an organisation, and of everybody.
///
/// The end of a single session ends what was obtained in it, and no consent: that is no part of a
/// session. What a person has lost by policy or groups alone is found by [Sweep].
final class EndedByKill implements Downstream {
  private final GrantTable grants;

  EndedByKill(GrantTable grants) {
    this.grants = grants;
  }

  /// Ten thousand people may be killed at once: one statement for all whom one cause has killed.
  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var people = new LinkedHashMap<Ending, List<String>>();
    for (var incident : incidents) {
      // The tokens of the callers die with it, and so does what is under way with them.
      var ending = Ending.quiet("killed", incident.signal().correlationId(), incident.at());
      if (killsThePerson(incident)) {
        people
            .computeIfAbsent(ending, _ -> new ArrayList<>())
            .add(incident.person().orElseThrow().id().value());
      }
      for (var denied : incident.denied()) {
        switch (denied.kind()) {
          case ORGANISATION -> grants.endOfOrganisation(connection, denied.value(), ending);
          case SESSION -> grants.endOfSession(connection, denied.value(), ending);
          case ALL -> grants.endAll(connection, ending);
          default -> {
            // About a part of what somebody has, or about what is not kept here.
          }
        }
      }
    }
    for (var together : people.entrySet()) {
      grants.endOfPeople(connection, together.getValue(), together.getKey());
    }
  }

  private static boolean killsThePerson(Incident incident) {
    return incident.person().isPresent()
        && incident.signal().what().effects().contains(Effect.DENY_ALL)
        && incident.denied().stream().noneMatch(one -> one.kind() == Denied.Kind.SESSION);
  }
}
