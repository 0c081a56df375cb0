package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Makes people, sessions and grants dead, for every source alike: an administrator, a logout, a
/// client, a leaked code.
///
/// State, denial, change and audit are one transaction. When a method returns, this node enforces
/// it; every other node learns it from the change feed, and stops granting if it cannot hear it.
/// Thread-safe.
public final class Revocation {
  private static final String DENY =
      """
      INSERT INTO deny (kind, value, before, forget_after, reason, created_at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (kind, value) DO UPDATE SET
        before = CASE WHEN excluded.before > deny.before THEN excluded.before ELSE deny.before END,
        forget_after = CASE WHEN excluded.forget_after > deny.forget_after
          THEN excluded.forget_after ELSE deny.forget_after END,
        reason = excluded.reason
      """;

  private static final Duration ENFORCED_WITHIN = Duration.ofSeconds(5);

  private final Database database;
  private final Directory directory;
  private final SessionStore sessions;
  private final DenySet denied;
  private final Duration longestLife;
  private final InstantSource clock;

  /// @param longestLife how long anything that was issued can live: so long a denial is kept
  public Revocation(
      Database database,
      Directory directory,
      SessionStore sessions,
      DenySet denied,
      Duration longestLife,
      InstantSource clock) {
    this.database = database;
    this.directory = directory;
    this.sessions = sessions;
    this.denied = denied;
    this.longestLife = longestLife;
    this.clock = clock;
  }

  /// Why, for the audit record.
  ///
  /// @param reason one sentence
  /// @param correlationId of the request that led to it
  public record Cause(String reason, String correlationId) {}

  /// What is dead on this node.
  public DenySet denied() {
    return denied;
  }

  /// Disables a person: nothing is issued for them any more, and nothing that was issued counts.
  ///
  /// @return when, or empty if there is no such person
  public Optional<Instant> disablePerson(PersonId person, Cause cause) {
    return switchPerson(person, false, cause);
  }

  /// Lets a person in again. Whatever was issued before stays dead.
  ///
  /// @return when, or empty if there is no such person
  public Optional<Instant> enablePerson(PersonId person, Cause cause) {
    return switchPerson(person, true, cause);
  }

  private Optional<Instant> switchPerson(PersonId id, boolean active, Cause cause) {
    var person = directory.person(id);
    if (person.isEmpty()) {
      return Optional.empty();
    }
    var at = clock.instant();
    var entry = entry(Denied.person(id.value()), at);
    var event =
        event(active ? "person.enabled" : "person.disabled", at, cause)
            .withOrganisation(person.get().organisation())
            .withPerson(id.value());
    var change =
        database.write(connection -> {
          sessions.endAll(connection, id.value(), at);
          deny(connection, entry, cause);
          AuditLog.append(connection, event);
          return directory.setActive(connection, id, active);
        });
    denied.apply(entry);
    change.ifPresent(sequence -> database.changes().awaitApplied(sequence, ENFORCED_WITHIN));
    return Optional.of(at);
  }

  /// Ends a session and everything that descends from it.
  public void endSession(String session, Cause cause) {
    var at = clock.instant();
    var entry = entry(Denied.session(session), at);
    database.write(connection -> {
      sessions.end(connection, session, at);
      deny(connection, entry, cause);
      AuditLog.append(connection, event("session.ended", at, cause, session));
      return entry;
    });
    denied.apply(entry);
  }

  /// Revokes a grant: every token that names it is dead.
  public void revokeGrant(String grant, Cause cause) {
    var at = clock.instant();
    var entry = entry(Denied.grant(grant), at);
    database.write(connection -> {
      deny(connection, entry, cause);
      AuditLog.append(connection, event("grant.revoked", at, cause, grant));
      return entry;
    });
    denied.apply(entry);
  }

  private DenySet.Entry entry(Denied what, Instant at) {
    return new DenySet.Entry(what, at, at.plus(longestLife));
  }

  private void deny(Connection connection, DenySet.Entry entry, Cause cause) throws SQLException {
    try (var insert = connection.prepareStatement(DENY)) {
      insert.setString(1, entry.denied().kind().name());
      insert.setString(2, entry.denied().value());
      insert.setLong(3, entry.before().toEpochMilli());
      insert.setLong(4, entry.forgetAfter().toEpochMilli());
      insert.setString(5, cause.reason());
      insert.setLong(6, entry.before().toEpochMilli());
      insert.executeUpdate();
    }
    database.changes().append(connection, DenySet.CHANGE, entry.toJson());
  }

  private static AuditEvent event(String type, Instant at, Cause cause, String what) {
    return event(type, at, cause, JsonObject.builder().put("id", what).build());
  }

  private static AuditEvent event(String type, Instant at, Cause cause) {
    return event(type, at, cause, JsonObject.EMPTY);
  }

  private static AuditEvent event(String type, Instant at, Cause cause, JsonObject more) {
    var evidence = JsonObject.builder().put("reason", cause.reason()).build().with(more);
    return AuditEvent.of(type, Outcome.SUCCESS, at, cause.correlationId(), evidence);
  }
}
