package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ProfileChange;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.directory.ToldProfiles;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Takes what a provider says of a person's names and address at a sign-in. What provisioning keeps
/// is not touched.
///
/// The profile, what it costs under policy, and the record of it are one transaction; when a method
/// returns, this node knows the person by the new profile. Of two statements at once, also on two
/// nodes, the one with the later time stays; of one and the same second, the one that came last.
/// Thread-safe.
public final class ProfileChanges {
  private final Database database;
  private final Directory directory;
  private final Revocation revocation;
  private final InstantSource clock;

  public ProfileChanges(
      Database database, Directory directory, Revocation revocation, InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.revocation = revocation;
    this.clock = clock;
  }

  /// What is said.
  ///
  /// @param by in whose name space the person is
  /// @param at when, by the clock of whoever says it
  public record Statement(Source source, Issuer by, ToldProfile profile, Instant at) {}

  private record Done(ProfileChange change, Optional<Accepted> accepted) {}

  /// Makes it so.
  public ProfileChange say(Person person, Statement said, String correlationId) {
    var holders = directory.othersWith(person, said.profile().address());
    var done =
        // Two people may be called the same at once.
        database.writeAfterLooking(connection -> {
          var concerned = new HashSet<>(holders);
          concerned.add(person.id());
          // First of all, in the order of locks of every kill.
          var _ = Standings.lock(connection, concerned);
          var change =
              new ToldProfiles(connection, clock.instant())
                  .put(person, said.by(), said.profile(), said.at(), holders);
          return change.isAny()
              ? done(connection, person, said, change, correlationId)
              : new Done(change, Optional.empty());
        });
    done.accepted().ifPresent(Accepted::enforce);
    // Also if nothing changed: another node may have written the same a moment ago.
    directory.refresh(Set.of(person.id()));
    return done.change();
  }

  private Done done(
      Connection connection,
      Person person,
      Statement said,
      ProfileChange change,
      String correlationId)
      throws SQLException {
    var now = clock.instant();
    var evidence =
        JsonObject.builder()
            .put("changed", change.changed().stream().sorted().toList())
            .put("withheld", change.withheld().stream().sorted().toList())
            .put(
                "address_taken_from",
                change.former().stream().map(PersonId::value).sorted().toList())
            .put("by", said.source().name())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of("person.profile", Outcome.SUCCESS, now, correlationId, evidence)
            .withOrganisation(person.organisation())
            .withPerson(person.id().value()));
    var signals = new ArrayList<Signal>();
    if (change.isOfIdentity()) {
      signals.add(
          signal(said, person.id(), "the provider says another name or address", correlationId));
    }
    for (var former : change.former()) {
      signals.add(signal(said, former, "the address is somebody else's now", correlationId));
    }
    if (signals.isEmpty()) {
      var _ = directory.announce(connection, Set.of(person.id()));
      return new Done(change, Optional.empty());
    }
    return new Done(change, Optional.of(revocation.accept(connection, signals)));
  }

  private Signal signal(Statement said, PersonId person, String reason, String correlationId) {
    return new Signal(
        said.source(),
        OpaqueToken.identifier(),
        new Subject.Person(person),
        Happening.CLAIMS_CHANGED,
        clock.instant(),
        reason,
        correlationId);
  }
}
