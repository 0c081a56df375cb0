package dev.lanyard.server.credentials;

import dev.lanyard.server.credentials.GrantTable.Ending;
import dev.lanyard.server.credentials.GrantTable.Held;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds grants that should not live: of people who are switched off or unknown, of people whom the
/// role library gives the connector no more, and for connectors that need none any more, because
/// they have come to Enterprise-Managed Authorization or are gone. Harmless on several nodes: a
/// grant ends once.
final class Sweep {
  private final CredentialsConfig config;
  private final Database database;
  private final GrantTable grants;
  private final Directory directory;
  private final Entitlement entitlement;
  private final InstantSource clock;

  Sweep(
      CredentialsConfig config,
      Database database,
      GrantTable grants,
      Directory directory,
      Entitlement entitlement,
      InstantSource clock) {
    this.config = config;
    this.database = database;
    this.grants = grants;
    this.directory = directory;
    this.entitlement = entitlement;
    this.clock = clock;
  }

  /// Ends what it finds.
  ///
  /// @return the ids
  List<String> run(String correlationId) {
    var ended = new ArrayList<String>();
    for (var held : database.read(grants::allLive)) {
      var why = why(held);
      if (why.isPresent()) {
        var ending = new Ending(why.get(), correlationId, clock.instant());
        if (database.write(connection -> grants.endOne(connection, held.id(), ending)) > 0) {
          ended.add(held.id());
        }
      }
    }
    return ended;
  }

  private Optional<String> why(Held held) {
    var person = directory.person(new PersonId(held.person()));
    if (person.filter(Person::active).isEmpty()) {
      return Optional.of("found at somebody who is switched off");
    }
    var vendor = config.vendor(held.connector());
    if (vendor.isEmpty()
        || !vendor.get().issuer().value().equals(held.issuer())
        || !vendor.get().client().value().equals(held.client())) {
      return Optional.of("the connector needs no such consent any more");
    }
    return entitlement.has(person.get(), held.connector())
        ? Optional.empty()
        : Optional.of("the role library does not give the connector any more");
  }
}
