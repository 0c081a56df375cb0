package dev.lanyard.server.credentials;

import dev.lanyard.server.credentials.GrantTable.Held;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Reconciliation.Compared;
import dev.lanyard.server.revocation.ReconciliationReport.Fault;
import dev.lanyard.server.revocation.ReconciliationReport.Finding;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;

/// Finds grants that [EndedByKill] has missed, whatever the reason, and ends them: the part of the
/// reconciliation that is about accounts at servers of others. What has lost its use by policy or
/// configuration is found by [Sweep], and is no fault. Harmless on several nodes.
final class MissedGrants implements Reconciliation.Elsewhere {
  private final Database database;
  private final Directory directory;
  private final GrantTable grants;
  private final Deaths deaths;
  private final InstantSource clock;

  MissedGrants(
      Database database,
      Directory directory,
      GrantTable grants,
      Deaths deaths,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.grants = grants;
    this.deaths = deaths;
    this.clock = clock;
  }

  @Override
  public Compared compare(String correlationId) {
    var all = database.read(grants::allLive);
    var findings = new ArrayList<Finding>();
    for (var held : all) {
      var fault = fault(held);
      // Only what this node has ended: a kill may be doing so just now.
      if (fault.isPresent() && isEnded(held, fault.get(), correlationId)) {
        findings.add(new Finding(fault.get(), held.id(), held.person()));
      }
    }
    return new Compared(all.size(), findings);
  }

  private boolean isEnded(Held held, Fault fault, String correlationId) {
    var ending = new Ending("found alive: " + fault, correlationId, clock.instant());
    return database.write(connection -> grants.endOne(connection, held.id(), ending)) > 0;
  }

  Optional<Fault> fault(Held held) {
    if (directory.person(new PersonId(held.person())).filter(Person::active).isEmpty()) {
      return Optional.of(Fault.ACCOUNT_OF_DISABLED);
    }
    return deaths.isAlive(held.person(), held.grantedAt(), Optional.empty())
        ? Optional.empty()
        : Optional.of(Fault.ACCOUNT_OF_KILLED);
  }
}
