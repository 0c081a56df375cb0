package dev.lanyard.server.revocation;

import static java.util.Objects.requireNonNull;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Standings.Standing;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a batch of signals has come to, to be written.
///
/// @param standings those that are others now
/// @param sessionsOfPeople whose sessions end
/// @param sessions which end by themselves
/// @param denials what is denied, with the reason
record Settled(
    Map<PersonId, Standing> standings,
    People people,
    SessionEnds sessionsOfPeople,
    Set<String> sessions,
    Map<Denied, DenyTable.Entry> denials,
    Told told) {
  Settled {
    standings = Map.copyOf(standings);
    sessions = Set.copyOf(sessions);
    denials = Map.copyOf(denials);
  }

  /// What becomes of people.
  ///
  /// @param off who is switched off
  /// @param on who is switched on
  /// @param withoutAddress whose e-mail address means nobody any more
  /// @param reevaluated who keeps what policy gives them now
  /// @param lookedAtAgain whom every node has to read anew
  record People(
      Set<PersonId> off,
      Set<PersonId> on,
      Set<PersonId> withoutAddress,
      Set<PersonId> reevaluated,
      Set<PersonId> lookedAtAgain) {
    People {
      off = Set.copyOf(off);
      on = Set.copyOf(on);
      withoutAddress = Set.copyOf(withoutAddress);
      reevaluated = Set.copyOf(reevaluated);
      lookedAtAgain = Set.copyOf(lookedAtAgain);
    }
  }

  /// What others hear.
  record Told(List<AuditEvent> events, List<Incident> incidents, List<Alarm> alarms) {
    Told {
      events = List.copyOf(events);
      incidents = List.copyOf(incidents);
      alarms = List.copyOf(alarms);
    }
  }

  /// The denials, and those of sessions for the reason for which their people are denied.
  ///
  /// @param byName sessions with the denial of the person that each completes
  Collection<DenyTable.Entry> denials(Map<Denied, Denied> byName, Instant now) {
    var all = new LinkedHashMap<>(denials);
    byName.forEach((session, person) ->
        all.merge(
            session, requireNonNull(denials.get(person)).of(session, now), DenyTable.Entry::and));
    return all.values();
  }
}
