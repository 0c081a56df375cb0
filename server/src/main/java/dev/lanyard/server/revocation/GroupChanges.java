package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes what is said of a person's groups by somebody who keeps no directory here: a provider at
/// sign-in, an administrator.
///
/// The groups, what their loss kills and the record of it are one transaction; when a method
/// returns, this node decides by the new groups. Of two statements at once, also on two nodes, the
/// one with the later time stays; of one and the same second, the one that came last. Thread-safe.
public final class GroupChanges {
  private final Database database;
  private final Directory directory;
  private final Revocation revocation;
  private final InstantSource clock;

  public GroupChanges(
      Database database, Directory directory, Revocation revocation, InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.revocation = revocation;
    this.clock = clock;
  }

  /// What is said.
  ///
  /// @param groups all groups that the person is in, apart from provisioned ones
  /// @param at when, by the clock of whoever says it; empty if it counts whatever was said before
  /// @param reason one sentence, for the record
  public record Statement(Source source, Set<String> groups, Optional<Instant> at, String reason) {}

  /// What must be so in the same transaction, before anything is written; whoever judges it may
  /// write what belongs to it once it is.
  public interface Condition {
    boolean isMet(Connection connection) throws SQLException;
  }

  /// What became of a statement.
  public sealed interface Verdict {
    /// @param accepted with the reaction to what the groups gave that are gone
    record Changed(Accepted accepted) implements Verdict {}

    /// The groups are those already, something newer was said, or the person is gone.
    record Same() implements Verdict {}

    /// The condition was not met; nothing was done.
    record Unmet() implements Verdict {}
  }

  /// Makes it so.
  ///
  /// @return what became of it; empty if the groups are those already, if something newer was said,
  ///   or if the person is gone
  public Optional<Reaction> say(Person person, Statement said, String correlationId) {
    return say(person, said, _ -> true, correlationId) instanceof Verdict.Changed(var accepted)
        ? Optional.of(accepted.reactions().getFirst())
        : Optional.empty();
  }

  /// Makes it so if this holds when it is done.
  public Verdict say(Person person, Statement said, Condition condition, String correlationId) {
    var verdict =
        database.write(connection -> judged(connection, person, said, condition, correlationId));
    if (verdict instanceof Verdict.Changed(var accepted)) {
      accepted.enforce();
    } else {
      // Somebody else may have said the same a moment ago, on another node.
      directory.refresh(List.of(person.id()));
    }
    return verdict;
  }

  private Verdict judged(
      Connection connection,
      Person person,
      Statement said,
      Condition condition,
      String correlationId)
      throws SQLException {
    // First of all, in the order of locks of every kill.
    var _ = Standings.lock(connection, Set.of(person.id()));
    if (!condition.isMet(connection)) {
      return new Verdict.Unmet();
    }
    return directory.putGroups(connection, person.id(), said.groups(), said.at())
        ? new Verdict.Changed(accepted(connection, person, said, correlationId))
        : new Verdict.Same();
  }

  private Accepted accepted(
      Connection connection, Person person, Statement said, String correlationId)
      throws SQLException {
    var now = clock.instant();
    var evidence =
        JsonObject.builder()
            .put("groups", said.groups().stream().sorted().toList())
            .put("by", said.source().name())
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of("person.groups", Outcome.SUCCESS, now, correlationId, evidence)
            .withOrganisation(person.organisation())
            .withPerson(person.id().value()));
    return revocation.accept(
        connection,
        List.of(
            new Signal(
                said.source(),
                OpaqueToken.identifier(),
                new Subject.Person(person.id()),
                Happening.GROUPS_CHANGED,
                now,
                said.reason(),
                correlationId)));
  }
}
